import type { DataPoint } from "../../../datapoints/datapoint";
import type { EntityContext } from "../context";
import { type Entity, keysOf } from "../entity";
import { named } from "../names";
import { eventType } from "../templates";
import { wordsOf } from "../words";

/** Codes of the keys of scene switches. */
const BUTTON_CODE = /^switch_(?:mode|type_)\d$/;

/** Events such as presses. They have no state and are never retained. Empty if the possible events are not known. */
export function event(point: DataPoint, { topics }: EntityContext): readonly Entity[] {
  const types = point.type === "Boolean" ? ["true", "false"] : wordsOf(point);
  if (types.length === 0) return [];
  return [
    {
      ...named(point),
      platform: "event",
      keys: keysOf({
        device_class: BUTTON_CODE.test(point.code) ? "button" : undefined,
        event_types: types,
        state_topic: topics.value(point.dp),
        value_template: eventType(types),
      }),
    },
  ];
}
