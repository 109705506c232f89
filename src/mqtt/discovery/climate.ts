import type { DataPoint } from "../../datapoints/datapoint";
import { toPeople } from "../../datapoints/scale";
import type { Climate } from "../virtual/climates";
import { hasModeChoice, hvacModes } from "../virtual/climate-values";
import { CHOICE, LEVEL, READING } from "../virtual/points";
import { aspect, type EntityContext, virtualTopics } from "./context";
import { type Entity, type Keys, keysOf } from "./entity";
import { humidityLimits, presentHumidity } from "./humidity";
import { haUnit } from "./units";
import { wordsOf } from "./words";

/** Thermostats, radiator valves, air conditioners. */
export function climates(context: EntityContext): readonly Entity[] {
  const { climate } = context.parts;
  if (!climate) return [];
  return [
    {
      key: climate.target.dp,
      platform: "climate",
      name: "Climate",
      isMain: true,
      keys: {
        ...modes(climate, context),
        ...presets(climate, context),
        ...temperature(climate.target, context),
        ...current(climate.target, context),
        ...action(context),
        ...fan(context),
        ...swing(context),
        ...humidity(context),
      },
    },
  ];
}

function modes(climate: Climate, context: EntityContext): Keys {
  const { state_topic: state, command_topic: command } = virtualTopics("hvac_mode", context);
  return keysOf({
    modes: hvacModes(climate),
    mode_state_topic: state,
    mode_command_topic: hasModeChoice(climate) ? command : undefined,
  });
}

function presets({ presets: words }: Climate, context: EntityContext): Keys {
  if (words.size === 0) return {};
  const { state_topic: state, command_topic: command } = virtualTopics("hvac_preset", context);
  return {
    preset_modes: [...words.keys()],
    preset_mode_state_topic: state,
    preset_mode_command_topic: command,
  };
}

function temperature(target: DataPoint, context: EntityContext): Keys {
  const isFahrenheit =
    haUnit(target.unit) === "°F" || (target.unit === undefined && target.code.endsWith("_f"));
  return {
    ...aspect("temperature", target, context),
    temperature_unit: isFahrenheit ? "F" : "C",
    ...temperatureLimits(target, isFahrenheit ? USUAL_F : USUAL_C),
    temp_step: stepOf(target),
    precision: target.scale > 0 || target.divisor !== undefined ? 0.1 : 1,
  };
}

/** The limits Home Assistant uses if none are given. */
const USUAL_C = { min: 7, max: 35 };
const USUAL_F = { min: 45, max: 95 };

/** If a table has only one limit, the other one is as far away as in the usual limits. */
function temperatureLimits(target: DataPoint, usual: typeof USUAL_C): Keys {
  if (target.min === undefined && target.max === undefined) return {};
  const span = usual.max - usual.min;
  const min = target.min === undefined ? undefined : toPeople(target.min, target);
  const max = target.max === undefined ? undefined : toPeople(target.max, target);
  const least = min ?? Math.min(usual.min, (max ?? usual.max) - span);
  const most = max ?? Math.max(usual.max, least + span);
  return least < most ? { min_temp: least, max_temp: most } : {};
}

/** The step of a temperature. Devices that count in tenths mostly accept halves, but their tables seldom say so. */
function stepOf(target: DataPoint): number {
  const { step } = target;
  const least = toPeople(1, target);
  const own = step !== undefined && step > 0 ? toPeople(step, target) : undefined;
  return own ?? (least < HALF ? HALF : least);
}

const HALF = 0.5;

function current({ code }: DataPoint, context: EntityContext): Keys {
  const { rest } = context.parts;
  const isFahrenheit = code.endsWith("_f");
  const point =
    rest.find(isFahrenheit ? /^temp_current_f$/ : /^temp_current(?:_c)?$/, READING) ??
    rest.find(/^(?:upper_temp|temp_current)(?:_[cf])?$/, READING);
  rest.take(point);
  return point ? { current_temperature_topic: context.topics.value(point.dp) } : {};
}

function action({ parts: { rest }, topics }: EntityContext): Keys {
  const valve = rest.find(/^valve_state$/, { types: ["Enum"] });
  if (!valve || !["open", "close"].every((word) => valve.values.includes(word))) return {};
  rest.take(valve);
  return {
    action_topic: topics.value(valve.dp),
    action_template: "{{ 'heating' if value == 'open' else 'idle' }}",
  };
}

function fan(context: EntityContext): Keys {
  const { rest } = context.parts;
  const speed = rest.find(/^(?:fan_speed_enum|windspeed|fan_speed)$/, CHOICE);
  const words = speed ? wordsOf(speed) : [];
  if (words.length === 0) return {};
  rest.take(speed);
  return { fan_modes: words, ...aspect("fan_mode", speed, context) };
}

/** The swing modes: up and down, or the only direction there is; left and right as well if there are both. */
function swing(context: EntityContext): Keys {
  const { rest } = context.parts;
  const find = (code: RegExp) =>
    rest.free.find(
      (point) =>
        code.test(point.code) &&
        point.access !== "ro" &&
        (point.type === "Boolean" || (point.type === "Enum" && point.values.length > 0)),
    );
  const vertical = find(/^(?:shake|swing|switch_vertical)$/);
  const horizontal = find(/^switch_horizontal$/);
  rest.take(vertical, horizontal);
  const first = vertical ?? horizontal;
  return {
    ...swingKeys("swing", first, context),
    ...(first !== horizontal && swingKeys("swing_horizontal", horizontal, context)),
  };
}

function swingKeys(name: string, point: DataPoint | undefined, context: EntityContext): Keys {
  if (!point) return {};
  const isWord = point.type === "Enum";
  return {
    ...aspect(`${name}_mode`, point, context),
    [`${name}_modes`]: isWord ? wordsOf(point) : ["on", "off"],
    ...(!isWord && {
      [`${name}_mode_state_template`]: "{{ 'on' if value == 'true' else 'off' }}",
    }),
  };
}

function humidity(context: EntityContext): Keys {
  const { rest } = context.parts;
  const target = rest.find(/^humidity_set$/, LEVEL);
  const known = target && humidityLimits(target);
  if (known) rest.take(target);
  return {
    ...(known && { ...aspect("target_humidity", target, context), ...known }),
    ...presentHumidity(context),
  };
}
