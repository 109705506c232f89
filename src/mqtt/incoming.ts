import { BRIDGE } from "./levels";

/** The request in a topic that arrived: `level` is the level of the device in it, `name` that of the value. */
export type MqttRequest =
  /** Sets one value. */
  | { readonly kind: "value"; readonly level: string; readonly name: string }
  /** Sets several values, from an object, in one frame. */
  | { readonly kind: "values"; readonly level: string }
  /** Tells the device something else: `DeviceOperation`. */
  | { readonly kind: "operation"; readonly level: string }
  /** Queries the device. */
  | { readonly kind: "query"; readonly level: string }
  /** If the payload is `online`, the connection to the broker is back: everything is to be published again. */
  | { readonly kind: "birth" }
  /** If the payload is `publish`, everything is to be published again; if it is `query`, all devices are to be queried. */
  | { readonly kind: "bridge" };

const BIRTH = "online";

/**
 * Reads a topic below the base, which may have several levels. Undefined for topics that take no commands, and for those
 * of other programs.
 */
export function readTopic(topic: string, base: string): MqttRequest | undefined {
  if (!topic.startsWith(`${base}/`)) return undefined;
  const [level = "", ...rest] = topic.slice(base.length + 1).split("/");
  if (level === BRIDGE) return ofBridge(rest);
  const [first, second] = rest;
  if (level === "" || rest.length > 2) return undefined;
  if (rest.length === 1) {
    if (first === "set") return { kind: "values", level };
    return first === "get" ? { kind: "query", level } : undefined;
  }
  if (first === undefined || first === "") return undefined;
  if (second === "get") return { kind: "query", level };
  if (second !== "set") return undefined;
  if (first === "dps") return { kind: "values", level };
  return first === "operation" ? { kind: "operation", level } : { kind: "value", level, name: first };
}

/** Any name counts as that of a state: several Node-REDs with one base each have their own, such as `B/bridge/attic`. */
function ofBridge(rest: readonly string[]): MqttRequest | undefined {
  if (rest.length !== 2 || rest[1] !== "set") return undefined;
  return { kind: rest[0] === "operation" ? "bridge" : "birth" };
}

/**
 * Whether a message is a birth message, which says that a client has connected to the broker: that of our broker node, or
 * one that another program such as Home Assistant writes outside of the base. Below the base, `status` is a data point.
 *
 * @param bridges the state topics of our own tuya-in nodes; the birth message of each has `/set` behind it
 */
export function isBirth(
  topic: string,
  payload: unknown,
  base: string,
  bridges: readonly { readonly bridgeTopic: string }[],
): boolean {
  if (payload !== BIRTH) return false;
  if (bridges.some(({ bridgeTopic }) => topic === `${bridgeTopic}/set`)) return true;
  if (topic.startsWith(`${base}/`)) return readTopic(topic, base)?.kind === "birth";
  return topic.endsWith("/status");
}
