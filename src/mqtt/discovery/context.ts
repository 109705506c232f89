import type { DataPoint } from "../../datapoints/datapoint";
import type { DeviceTopics } from "../topics";
import type { Parts } from "../virtual/parts";
import { type Keys, keysOf } from "./entity";

/** What the entities of a device are made from. */
export interface EntityContext {
  readonly topics: DeviceTopics;
  /** Where it stands whether this Node-RED is there. */
  readonly bridgeTopic: string;
  /** What several data points make together; `rest` are those nobody has claimed so far. */
  readonly parts: Parts;
}

/** Where a data point is heard and told, as far as it reports and may be set. */
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

/** The same for one aspect of an entity: `fan_mode_state_topic`, `fan_mode_command_topic`. Nothing for a point there is not. */
export function aspect(
  prefix: string,
  point: DataPoint | undefined,
  context: Pick<EntityContext, "topics">,
): Keys {
  if (!point) return {};
  const { state_topic: state, command_topic: command } = topicsOf(point, context);
  return keysOf({ [`${prefix}_state_topic`]: state, [`${prefix}_command_topic`]: command });
}

/** Where a virtual value is heard and told. */
export function virtualTopics(
  name: string,
  { topics }: Pick<EntityContext, "topics">,
): { readonly state_topic: string; readonly command_topic: string } {
  const topic = topics.virtual(name);
  return { state_topic: topic, command_topic: topics.set(topic) };
}

/** How switches write on and off. Home Assistant compares texts. */
export const ON_OFF: Keys = { payload_on: "true", payload_off: "false" };
