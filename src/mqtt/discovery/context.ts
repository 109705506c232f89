import type { DataPoint } from "../../datapoints/datapoint";
import type { DeviceTopics } from "../topics";
import type { Parts } from "../virtual/parts";
import { type Keys, keysOf } from "./entity";

/** What the entities of a device are made from. */
export interface EntityContext {
  readonly topics: DeviceTopics;
  /** The topic with the state of this Node-RED. */
  readonly bridgeTopic: string;
  /** The parts of the device; `rest` are the data points that belong to no entity yet. */
  readonly parts: Parts;
}

/** The state topic and the command topic of a data point, if it is reported and may be set. */
export function topicsOf(
  { dp, access }: DataPoint,
  { topics }: Pick<EntityContext, "topics">,
): { readonly state_topic?: string; readonly command_topic?: string } {
  const topic = topics.value(dp);
  return {
    ...(access !== "wr" && { state_topic: topic }),
    ...(access !== "ro" && { command_topic: topics.set(topic) }),
  };
}

/**
 * The same for one aspect of an entity that has several, with the aspect before the names of the keys:
 * `fan_mode_state_topic`, `fan_mode_command_topic`. Empty if `point` is undefined.
 */
export function aspect(
  name: string,
  point: DataPoint | undefined,
  context: Pick<EntityContext, "topics">,
): Keys {
  if (!point) return {};
  const { state_topic: state, command_topic: command } = topicsOf(point, context);
  return keysOf({ [`${name}_state_topic`]: state, [`${name}_command_topic`]: command });
}

/** The state topic and the command topic of a virtual value. */
export function virtualTopics(
  name: string,
  { topics }: Pick<EntityContext, "topics">,
): { readonly state_topic: string; readonly command_topic: string } {
  const topic = topics.virtual(name);
  return { state_topic: topic, command_topic: topics.set(topic) };
}

/** The payloads of switches. Home Assistant compares texts. */
export const ON_OFF: Keys = { payload_on: "true", payload_off: "false" };
