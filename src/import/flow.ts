import { type Fields, isFields } from "./fields";

/** A node in a flow file: its properties as they are in the file. */
export type FlowNode = Fields & { readonly id: string; readonly type: string };

/** The nodes of an exported flow, which is a list, or the file of a whole Node-RED; undefined for anything else. */
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

/** Whether this is certainly a node. Entries of device lists have ids and types, too, but no tab and no wires. */
function isUnmistakable(node: FlowNode): boolean {
  return (
    "z" in node ||
    "wires" in node ||
    node.type === "tab" ||
    FOREIGN_TYPES.includes(node.type) ||
    isOwnDevice(node)
  );
}

/** Types of nodes of other packages that contain devices. */
export const SMART_DEVICE = "tuya-smart-device";
export const SMART_DEVICE_HUB = "tuya-smart-device-generic";
export const LOCAL_DEVICE = "tuya-local-device";
export const TUYA_LOCAL = "tuya-local";

const FOREIGN_TYPES: readonly string[] = [SMART_DEVICE, SMART_DEVICE_HUB, LOCAL_DEVICE, TUYA_LOCAL];

/**
 * Whether this is our tuya-device. node-red-contrib-tuya-devices has a node of the same type, with wires and without a
 * device id.
 */
export function isOwnDevice(node: FlowNode): boolean {
  return node.type === "tuya-device" && typeof node["deviceId"] === "string" && !("wires" in node);
}
