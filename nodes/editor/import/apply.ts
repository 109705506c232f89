import type { ExistingDevice, ImportPlan } from "../../../src/import/plan";
import { addDeviceFlow } from "./device-flow";
import { Step } from "./history";
import { addNodes } from "./editor-flow";
import type { DeviceWithCredentials } from "../base/credentials";
import { devicesInEditor, findDevice, labelOfDevice } from "../base/red";

/** A `tuya-device` whose credentials a step of the history can change. */
type ChangeableDevice = DeviceWithCredentials & { readonly type: string };

/**
 * The devices of the editor, deployed or not, for planning an import.
 *
 * @param keyless ids of nodes that the server says have no key; other nodes whose credentials the editor has not asked for
 * count as having one
 */
export function existingDevices(keyless: ReadonlySet<string>): readonly ExistingDevice[] {
  return devicesInEditor().map((device) => {
    const { id, deviceId, gateway, cid, credentials } = device as DeviceWithCredentials;
    return {
      nodeId: id,
      name: labelOfDevice(id),
      deviceId: deviceId ?? "",
      gateway: gateway ?? "",
      cid: cid ?? "",
      hasKey: credentials ? credentials.has_localKey === true || !!credentials.localKey : !keyless.has(id),
      ...(credentials?.localKey !== undefined && { localKey: credentials.localKey }),
    };
  });
}

/**
 * Creates and updates nodes as planned, as one step to undo. Nothing is deployed.
 *
 * @param inFlow ids of `tuya-device` nodes (new ones or not) for which a flow is made, too
 * @returns the id of the first tab with that flow; undefined if none is made
 */
export function applyPlan({ create, updateKey }: ImportPlan, inFlow: readonly string[]): string | undefined {
  const step = new Step();
  addNodes(create.map(({ node }) => structuredClone(node)));
  for (const { node, credentials } of create) setCredentials(node.id, credentials.localKey);
  step.added(create.map(({ node }) => node.id));
  // A key that stays on the server is stored there.
  for (const { nodeId, localKey } of updateKey) if (localKey !== "") changeKey(nodeId, localKey, step);
  const tab = inFlow.length === 0 ? undefined : addDeviceFlow(inFlow, step);
  step.finish();
  return tab;
}

/** Changes the key of the `tuya-device` with this node id, as a part of the step. Does nothing if there is no such node. */
export function changeKey(nodeId: string, localKey: string, step: Step): void {
  const node = findDevice(nodeId) as ChangeableDevice | undefined;
  if (node) step.change(node, { credentials: { ...node.credentials, localKey, has_localKey: true } });
}

/**
 * Sets the key of a new node as its dialog would, so that its form knows whether there is a key; undefined = there is none.
 * That needs no undoing, because undoing removes the node.
 */
export function setCredentials(nodeId: string, localKey: string | undefined): void {
  const node = findDevice(nodeId) as ChangeableDevice | undefined;
  if (!node) return;
  node.credentials = localKey === undefined ? { has_localKey: false } : { localKey, has_localKey: true };
}
