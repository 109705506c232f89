import type { DataPoint } from "../../../datapoints/datapoint";
import type { EntityContext } from "../context";
import { type Entity, keysOf } from "../entity";
import { named } from "../names";
import { EVENT_TYPE } from "../templates";
import { wordsOf } from "../words";

const BUTTON_CODE = /^switch_(?:mode|type_)\d$/;
/** What stands in JSON as it is. */
const PLAIN_WORD = /^[^"\\\p{Cc}]+$/u;

/** Whether a code is that of buttons, though its table may not say that each press counts. */
export function isPress({ code, type, access, event }: DataPoint): boolean {
  return event || (type === "Enum" && access === "ro" && BUTTON_CODE.test(code));
}

/** Presses and the like. What happens has no state, and is never retained. Nothing where it is not known what can happen. */
export function event(point: DataPoint, { topics }: EntityContext): readonly Entity[] {
  const types = point.type === "Boolean" ? ["true", "false"] : wordsOf(point).filter(isPlain);
  if (types.length === 0) return [];
  return [
    {
      ...named(point),
      platform: "event",
      keys: keysOf({
        device_class: BUTTON_CODE.test(point.code) ? "button" : undefined,
        event_types: types,
        state_topic: topics.value(point.dp),
        value_template: EVENT_TYPE,
      }),
    },
  ];
}

function isPlain(word: string): boolean {
  return PLAIN_WORD.test(word);
}
