import type { NodeAPI } from "node-red";
import { readLocalKey } from "../../../src/local-key";

/** The key that is stored for a `tuya-device` node, by the id of the node; "" if there is none. */
export type StoredKey = (nodeId: string) => string;

/**
 * Reads stored keys, of running nodes and of nodes that will be deployed: the next deploy uses the stored key. For an
 * environment variable it is the value, which only the running node has.
 */
export function storedKeys(RED: NodeAPI): StoredKey {
  return (nodeId) => {
    if (isForeign(RED, nodeId)) return "";
    const stored = storedText(RED, nodeId);
    if (readLocalKey(stored).kind !== "variable") return stored;
    const node = RED.nodes.getNode(nodeId) as { credentials?: { localKey?: unknown } } | null | undefined;
    const value = node?.credentials?.localKey;
    return typeof value === "string" ? value : "";
  };
}

/** The stored credential, unchanged: a key, or the name of a variable. */
export function storedText(RED: NodeAPI, nodeId: string): string {
  const credentials = RED.nodes.getCredentials(nodeId) as { localKey?: unknown } | undefined;
  return typeof credentials?.localKey === "string" ? credentials.localKey : "";
}

/** Whether this is the id of another kind of node, whose credentials must not be read. */
export function isForeign(RED: NodeAPI, nodeId: string): boolean {
  let isOther = false;
  RED.nodes.eachNode(({ id, type }) => {
    if (id === nodeId && type !== "tuya-device") isOther = true;
  });
  return isOther;
}
