import { CHOICE, LEVEL, SWITCH } from "../virtual/points";
import { aspect, type EntityContext, ON_OFF, topicsOf } from "./context";
import type { Entity, Keys } from "./entity";
import { wordsOf } from "./words";
import { humidityLimits, presentHumidity } from "./humidity";

/** Devices that keep a humidity. A device that only makes mist, without a target humidity, is a switch. */
export function humidifiers(context: EntityContext): readonly Entity[] {
  const { rest } = context.parts;
  const drier = rest.find(/^dehumidify_set_value$/, LEVEL);
  const target = drier ?? rest.find(/^humidity_set$/, LEVEL);
  const on = rest.find(/^(?:switch(?:_1)?|power|switch_spray)$/, SWITCH);
  const limits = target && humidityLimits(target);
  if (!limits || !on) return [];
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
        ...limits,
        ...presentHumidity(context),
        ...modes(context),
      },
    },
  ];
}

function modes(context: EntityContext): Keys {
  const { rest } = context.parts;
  const mode = rest.find(/^(?:mode|work_mode)$/, CHOICE);
  const words = mode ? wordsOf(mode) : [];
  if (words.length === 0) return {};
  rest.take(mode);
  return { modes: words, ...aspect("mode", mode, context) };
}
