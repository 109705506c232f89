import type { ExistingDevice, ImportPlan, PlannedKey } from "../../src/import/plan";
import { findDevice, labelOfDevice, type DeviceNode } from "./red";

/** Credentials as the editor holds them: what was typed, and whether there is one; none at all where it never asked. */
interface StoredCredentials {
  readonly localKey?: string;
  readonly has_localKey?: boolean;
}

type EditorDevice = DeviceNode & {
  credentials?: StoredCredentials | undefined;
  changed?: boolean;
};

/** What `RED.nodes.import` takes; its types describe another one. */
type ImportNodes = (
  nodes: readonly object[],
  options: { readonly generateIds: boolean; readonly markChanged: boolean },
) => unknown;

/** The devices of the editor, deployed or not. */
export function existingDevices(): readonly ExistingDevice[] {
  const devices: ExistingDevice[] = [];
  RED.nodes.eachConfig((config) => {
    const { id, type, deviceId, gateway, cid, credentials } = config as EditorDevice & { type: string };
    if (type !== "tuya-device") return true;
    devices.push({
      nodeId: id,
      name: labelOfDevice(id),
      deviceId: deviceId ?? "",
      gateway: gateway ?? "",
      cid: cid ?? "",
      hasKey: credentials?.has_localKey ?? true,
      ...(credentials?.localKey !== undefined && { localKey: credentials.localKey }),
    });
    return true;
  });
  return devices;
}

/** Creates and updates nodes as planned: all of it is one step to undo. Nothing is deployed. */
export function applyPlan({ create, updateKey }: ImportPlan): void {
  const dirty = RED.nodes.dirty();
  // As a dialog does: with `has_localKey` the panel of the new node knows that there is a key.
  const nodes = create.map(({ node, credentials }) => ({
    ...node,
    datapoints: [...node.datapoints],
    credentials: { ...credentials },
  }));
  (RED.nodes.import as unknown as ImportNodes)(nodes, { generateIds: false, markChanged: true });
  for (const { id, credentials } of nodes) {
    const node = findDevice(id) as EditorDevice | undefined;
    if (node) node.credentials = { ...credentials, has_localKey: "localKey" in credentials };
  }
  const updates = updateKey.flatMap((key) => updateEvent(key, dirty) ?? []);
  const added = { t: "add", nodes: nodes.map(({ id }) => id), dirty };
  RED.history.push({ t: "multi", events: [added, ...updates], dirty } as never);
  RED.nodes.dirty(true);
  RED.view.redraw(true);
}

/** Gives a node another key. The event takes it back: Node-RED's own way fails once the node has been deployed. */
function updateEvent({ nodeId, localKey }: PlannedKey, dirty: boolean): object | undefined {
  const node = findDevice(nodeId) as EditorDevice | undefined;
  if (!node) return undefined;
  const { changed = false } = node;
  let other = node.credentials;
  const event = {
    t: "edit",
    node,
    changes: {},
    changed,
    dirty,
    callback: () => {
      const present = node.credentials;
      node.credentials = other;
      other = present;
    },
  };
  if (localKey !== "") node.credentials = { ...node.credentials, localKey, has_localKey: true };
  node.changed = true;
  RED.events.emit("nodes:change", node);
  return event;
}
