import { CHOICE, LEVEL, READING, SWITCH } from "../virtual/points";
import { humidityLimits } from "./climate";
import { aspect, type EntityContext, ON_OFF, topicsOf } from "./context";
import type { Entity, Keys } from "./entity";

/** Devices that keep a humidity. What only makes mist, without a humidity to keep, is a switch. */
export function humidifiers(context: EntityContext): readonly Entity[] {
  const { rest } = context.parts;
  const drier = rest.find(/^dehumidify_set_value$/, LEVEL);
  const target = drier ?? rest.find(/^humidity_set$/, LEVEL);
  const on = rest.find(/^(?:switch(?:_1)?|power|switch_spray)$/, SWITCH);
  if (!target || !on) return [];
  rest.take(target, on);
  return [
    {
      key: on.dp,
      platform: "humidifier",
      name: drier ? "Dehumidifier" : "Humidifier",
      isMain: true,
      keys: {
        device_class: drier ? "dehumidifier" : "humidifier",
        ...topicsOf(on, context),
        ...ON_OFF,
        ...aspect("target_humidity", target, context),
        ...humidityLimits(target),
        ...present(context),
        ...modes(context),
      },
    },
  ];
}

function present({ parts: { rest }, topics }: EntityContext): Keys {
  const now = rest.find(/^(?:humidity_current|humidity_indoor)$/, READING);
  rest.take(now);
  return now ? { current_humidity_topic: topics.value(now.dp) } : {};
}

function modes(context: EntityContext): Keys {
  const { rest } = context.parts;
  const mode = rest.find(/^(?:mode|work_mode)$/, CHOICE);
  if (!mode || mode.values.length === 0) return {};
  rest.take(mode);
  return { modes: mode.values, ...aspect("mode", mode, context) };
}
