import { BRIDGE } from "./levels";

/** What a topic that arrived asks for. `level` is the D in it, `name` the C. */
export type MqttRequest =
  /** One value. */
  | { readonly kind: "value"; readonly level: string; readonly name: string }
  /** An object with several, for one frame. */
  | { readonly kind: "values"; readonly level: string }
  | { readonly kind: "operation"; readonly level: string }
  /** The device is to be asked for its values. */
  | { readonly kind: "query"; readonly level: string }
  /** The connection to the broker is there: everything is to be published again if the payload is `online`. */
  | { readonly kind: "birth" }
  /** `publish`: everything again; `query`: all devices are to be asked. */
  | { readonly kind: "bridge" };

const BIRTH = "online";

/**
 * What a topic below the base asks for. Undefined for all others: those this side writes itself, and those of others. A base
 * may have several levels.
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

/** Several Node-REDs of one base have each a topic of its own for their state: `B/bridge/attic`. */
function ofBridge(rest: readonly string[]): MqttRequest | undefined {
  if (rest.length !== 2 || rest[1] !== "set") return undefined;
  return { kind: rest[0] === "operation" ? "bridge" : "birth" };
}

/**
 * Whether a message says that somebody is there now: the birth message of the broker node, or one that others write outside of
 * the base, such as Home Assistant. Below the base `status` is a data point.
 *
 * @param bridges those of the base: each has its birth message behind its topic
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
