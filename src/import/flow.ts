import { type Fields, isFields } from "./fields";

/** A node as it stands in a flow file. */
export type FlowNode = Fields & { readonly id: string; readonly type: string };

/** The nodes of an exported flow: a list, or the file of a whole Node-RED; undefined where it is neither. */
export function nodesOf(value: unknown): readonly FlowNode[] | undefined {
  const list =
    isFields(value) && Array.isArray(value["flows"]) ? (value["flows"] as readonly unknown[]) : value;
  if (!Array.isArray(list)) return undefined;
  const items = list as readonly unknown[];
  return items.length > 0 && items.every(isNode) && items.some(isUnmistakable) ? items : undefined;
}

function isNode(value: unknown): value is FlowNode {
  return isFields(value) && typeof value["id"] === "string" && typeof value["type"] === "string";
}

/** Device lists have ids and types as well, but are on no tab and have no wires. */
function isUnmistakable(node: FlowNode): boolean {
  return (
    "z" in node ||
    "wires" in node ||
    node.type === "tab" ||
    FOREIGN_TYPES.includes(node.type) ||
    isOwnDevice(node)
  );
}

/** The nodes of other packages that contain devices. */
export const SMART_DEVICE = "tuya-smart-device";
export const SMART_DEVICE_HUB = "tuya-smart-device-generic";
export const LOCAL_DEVICE = "tuya-local-device";
export const TUYA_LOCAL = "tuya-local";

const FOREIGN_TYPES: readonly string[] = [SMART_DEVICE, SMART_DEVICE_HUB, LOCAL_DEVICE, TUYA_LOCAL];

/** Ours; node-red-contrib-tuya-devices has a node of the same type, which has no device id but wires. */
export function isOwnDevice(node: FlowNode): boolean {
  return node.type === "tuya-device" && typeof node["deviceId"] === "string" && !("wires" in node);
}
