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

/** Opens the form of the `tuya-device` with this node id, if there is one. */
export function editDevice(id: string): void {
  if (findDevice(id)) RED.editor.editConfig("", "tuya-device", id, null as never);
}

/**
 * The settings that the `tuya-device` with this node id has in the editor, for a test; with its key, if that is not deployed
 * yet.
 */
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

/**
 * Changes settings of devices, as one step to undo. Nothing is deployed.
 *
 * @param ids of `tuya-device` nodes, as in all functions here
 * @param values returns the new values for a device; undefined = it stays as it is
 * @returns how many devices were changed
 */
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

/** The names that users gave a device and its gateway. */
export function namesIn(id: string): string[] {
  const device = findDevice(id);
  const gateway = findDevice(device?.gateway);
  return [device?.name ?? "", gateway?.name ?? ""].filter((name) => name !== "");
}

/** A tour of the nodes that use a device or, if it is a gateway, a sub-device behind it. */
export class NodeTour {
  readonly #deviceNodeId: string;
  #at = -1;

  constructor(deviceNodeId: string) {
    this.#deviceNodeId = deviceNodeId;
  }

  /** How many nodes there are now. */
  get length(): number {
    return this.#nodes.length;
  }

  /** Shows the next node in the workspace; after the last one the first again. */
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
