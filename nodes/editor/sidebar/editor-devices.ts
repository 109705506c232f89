import type { TestRequest } from "../../contract/test";
import {
  devicesInEditor,
  findDevice,
  labelOfDevice,
  gatewayOf,
  isDisabled,
  isSubDevice,
  type DeviceNode,
  type DeviceProperties,
} from "../base/red";
import { undeployedKey } from "../base/credentials";
import { Step } from "../import/history";
import type { EditorDevice } from "./device-rows";

/** The parts of a node in the editor that are needed here. */
interface HeldNode {
  readonly id: string;
  readonly type: string;
  readonly changed?: boolean;
  readonly valid?: boolean;
  readonly validationErrors?: readonly string[];
  readonly users?: readonly HeldNode[];
}

type HeldDevice = DeviceNode & HeldNode;

/** The `tuya-device` nodes of the editor, deployed or not. */
export function editorDevices(): EditorDevice[] {
  return devicesInEditor().map((node): EditorDevice => {
    const held = node as HeldDevice;
    return {
      id: held.id,
      name: labelOfDevice(held.id),
      deviceId: held.deviceId ?? "",
      cid: held.cid ?? "",
      gateway: gatewayOf(held),
      ip: held.ip ?? "",
      version: held.version || "auto",
      users: usersOf(held).length,
      isChanged: held.changed === true,
      isDisabled: isDisabled(held),
      problem: held.valid === false ? (held.validationErrors?.[0] ?? "") : "",
    };
  });
}

/** The nodes that use a device or, if it is a gateway, one of its sub-devices; each once. */
function usersOf({ users = [] }: HeldNode): readonly HeldNode[] {
  const isDevice = ({ type }: HeldNode): boolean => type === "tuya-device";
  const behind = users.filter(isDevice).flatMap((child) => child.users ?? []);
  return Array.from(new Set([...users, ...behind])).filter((user) => !isDevice(user));
}

/** Opens the form of a device. */
export function editDevice(id: string): void {
  if (findDevice(id)) RED.editor.editConfig("", "tuya-device", id, null as never);
}

/** The settings of a device in the editor, for a test; also a key that is not deployed yet. */
export function testRequestOf(id: string): TestRequest {
  const node = findDevice(id) as HeldDevice | undefined;
  const { name = "", deviceId = "", ip = "", port = "", version = "auto", cid = "" } = node ?? {};
  const localKey = node && undeployedKey(node);
  const isChild = node !== undefined && isSubDevice(node);
  return {
    id,
    name,
    deviceId,
    ip: isChild ? "" : ip,
    port: isChild ? "" : port,
    version: isChild ? "auto" : version,
    ...(isChild && { kind: "child" as const, gateway: gatewayOf(node), cid }),
    ...(!isChild && localKey !== undefined && { localKey }),
  };
}

/** Changes settings of these devices, as one step to undo. Nothing is deployed. */
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

/** The unused devices among these. A gateway counts as unused if all its sub-devices are unused and among these. */
export function unusedAmong(ids: ReadonlySet<string>): string[] {
  return Array.from(ids).filter((id) => {
    const node = findDevice(id) as HeldDevice | undefined;
    return node && usersOf(node).length === 0 && (node.users ?? []).every((child) => ids.has(child.id));
  });
}

/** Deletes devices, as one step to undo. Nothing is deployed. */
export function deleteDevices(ids: readonly string[]): void {
  const step = new Step();
  // Sub-devices are deleted before their gateway.
  const children = ids.filter((id) => findDevice(id)?.cid);
  step.remove([...children, ...ids.filter((id) => !children.includes(id))]);
  step.finish();
}

/** The names of a device and its gateway. */
export function namesIn(id: string): string[] {
  const device = findDevice(id);
  const gateway = findDevice(device?.gateway);
  return [device?.name ?? "", gateway?.name ?? ""].filter((name) => name !== "");
}

/** Shows the nodes that use a device or a sub-device behind it, the next one with each call. */
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

  get #nodes(): readonly HeldNode[] {
    const held = findDevice(this.#deviceNodeId) as HeldDevice | undefined;
    return held ? usersOf(held) : [];
  }
}
