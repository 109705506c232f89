import type { Node, NodeAPI } from "node-red";

/** The key that is stored for a deployed `tuya-device` node, by the node's id; "" where there is none. */
export type StoredKey = (nodeId: string) => string;

export function storedKeys(RED: NodeAPI): StoredKey {
  return (nodeId) => {
    const node = RED.nodes.getNode(nodeId) as Partial<Node<{ localKey?: unknown }>> | null | undefined;
    const key = node?.type === "tuya-device" ? node.credentials?.localKey : undefined;
    return typeof key === "string" ? key : "";
  };
}
