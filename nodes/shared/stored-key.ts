import type { Node, NodeAPI } from "node-red";

/** Gives the stored local key of a deployed `tuya-device`; "" where there is none. */
export function storedKeys(RED: NodeAPI): (nodeId: string) => string {
  return (nodeId) => {
    const node = RED.nodes.getNode(nodeId) as Partial<Node<{ localKey?: unknown }>> | null | undefined;
    const key = node?.type === "tuya-device" ? node.credentials?.localKey : undefined;
    return typeof key === "string" ? key : "";
  };
}
