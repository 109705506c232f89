import type { TestRequest } from "../../contract/test";
import {
  devicesInEditor,
  findDevice,
  labelOfDevice,
  NONE,
  type DeviceNode,
  type DeviceProperties,
} from "../base/red";
import { STORED } from "../base/key-validity";
import { Step } from "../import/history";
import type { EditorDevice } from "./device-rows";

/** A node as the editor holds it, as far as it matters here. */
interface HeldNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  /** Disabled. */
  readonly d?: boolean;
  readonly changed?: boolean;
  readonly valid?: boolean;
  readonly validationErrors?: readonly string[];
  readonly users?: readonly HeldNode[];
}

type HeldDevice = DeviceNode & HeldNode & { credentials?: { readonly localKey?: string } };

/** The editor's flows; their type knows no parameter. */
const flows = RED.nodes as unknown as { workspace(id: string): { readonly disabled?: boolean } | undefined };

/** The `tuya-device` nodes of the editor, deployed or not. */
export function editorDevices(): EditorDevice[] {
  return devicesInEditor().map((node): EditorDevice => {
    const held = node as HeldDevice;
    const flow = flows.workspace(held.z ?? "");
    return {
      id: held.id,
      name: labelOfDevice(held.id),
      deviceId: held.deviceId ?? "",
      cid: held.cid ?? "",
      gateway: held.gateway === NONE ? "" : (held.gateway ?? ""),
      ip: held.ip ?? "",
      version: held.version || "auto",
      users: held.users?.length ?? 0,
      isChanged: held.changed === true,
      isDisabled: held.d === true || flow?.disabled === true,
      problem: held.valid === false ? (held.validationErrors?.[0] ?? "") : "",
    };
  });
}

/** Opens the panel of a device. */
export function editDevice(id: string): void {
  if (findDevice(id)) RED.editor.editConfig("", "tuya-device", id, null as never);
}

/** The settings of a device as they stand in the editor, for a test. A key that is not deployed yet goes along. */
export function testRequestOf(id: string): TestRequest {
  const node = findDevice(id) as HeldDevice | undefined;
  const {
    name = "",
    deviceId = "",
    ip = "",
    port = "",
    version = "auto",
    gateway = "",
    cid = "",
  } = node ?? {};
  const key = node?.credentials?.localKey;
  const isChild = gateway !== "" || cid !== "";
  return {
    id,
    name,
    deviceId,
    ip: isChild ? "" : ip,
    port: isChild ? "" : port,
    version: isChild ? "auto" : version,
    ...(isChild && { kind: "child" as const, gateway, cid }),
    ...(!isChild && key !== undefined && key !== STORED && { localKey: key }),
  };
}

/** Changes settings of these devices: one step to undo. Nothing is deployed. */
export function changeDevices(
  ids: Iterable<string>,
  values: (device: DeviceNode) => Partial<DeviceProperties> | undefined,
): number {
  const step = new Step();
  let count = 0;
  for (const id of ids) {
    const node = findDevice(id) as HeldDevice | undefined;
    const changes = node && values(node);
    if (!node || !changes) continue;
    step.change(node, changes);
    count += 1;
  }
  if (count > 0) step.finish();
  return count;
}

/** Those of these devices that nothing uses, once the others of them are gone: a gateway is used by what is behind it. */
export function unusedAmong(ids: ReadonlySet<string>): string[] {
  const isFree = (node: HeldNode): boolean =>
    (node.users ?? []).every((user) => ids.has(user.id) && isFree(user));
  return Array.from(ids).filter((id) => {
    const node = findDevice(id) as HeldDevice | undefined;
    return node !== undefined && isFree(node);
  });
}

/** Deletes devices: one step to undo. Nothing is deployed. */
export function deleteDevices(ids: readonly string[]): void {
  const step = new Step();
  // What is behind a gateway goes first.
  const children = ids.filter((id) => findDevice(id)?.cid);
  step.remove([...children, ...ids.filter((id) => !children.includes(id))]);
  step.finish();
}

/** Names people have given to a device and to its gateway. */
export function namesIn(id: string): string[] {
  const device = findDevice(id);
  const gateway = findDevice(device?.gateway);
  return [device?.name ?? "", gateway?.name ?? ""].filter((name) => name !== "");
}

/** Shows the nodes that use a device, one after the other. */
export class NodeTour {
  readonly #deviceNodeId: string;
  #at = -1;

  constructor(deviceNodeId: string) {
    this.#deviceNodeId = deviceNodeId;
  }

  get length(): number {
    return this.#nodes.length;
  }

  next(): void {
    const nodes = this.#nodes;
    this.#at = (this.#at + 1) % Math.max(1, nodes.length);
    const node = nodes[this.#at];
    if (node) RED.view.reveal(node.id as never);
  }

  /** Without the sub-devices behind it, which are no nodes of a flow. */
  get #nodes(): readonly HeldNode[] {
    const held = findDevice(this.#deviceNodeId) as HeldDevice | undefined;
    return (held?.users ?? []).filter(({ type }) => type !== "tuya-device");
  }
}
