import type { DataPoint } from "../../datapoints/datapoint";
import { toPeople } from "../../datapoints/scale";
import type { DpValue } from "../../protocol/dps";
import { CHOICE, LEVEL, type Points, SWITCH } from "../virtual/points";
import { aspect, type EntityContext, ON_OFF, topicsOf } from "./context";
import type { Entity, Keys } from "./entity";
import { wordsOf } from "./words";
import { exceptFor, payloadOf, rankOf, valueIfOneOf } from "./templates";

const OWN_SWITCH = /^(?:fan_switch|switch_fan)$/;
const SWITCH_CODE = /^(?:switch(?:_1)?|power)$/;
const SPEED_CODE = /^fan_speed(?:_percent|_enum)?$/;
const OWN_MODE = /^fan_mode$/;

/** Words for speeds, slow to fast. Only words with a certain order become speeds. */
const ORDERS: readonly RegExp[] = [
  /^(?:level_?|gear_?|speed_?)?(\d{1,2})$/i,
  /^(?:sleep|mute|quiet|silent|lowest|min)$/i,
  /^(?:low|slow|weak)$/i,
  /^(?:mid_low|low_mid)$/i,
  /^(?:middle|mid|medium|normal|standard)$/i,
  /^(?:mid_high|high_mid)$/i,
  /^(?:high|fast)$/i,
  /^(?:strong|turbo|max|highest)$/i,
];

/** A fan that can be switched: with a switch of its own, or with a speed. */
export function fans(context: EntityContext): readonly Entity[] {
  const { rest } = context.parts;
  const hasSpeed = rest.find(SPEED_CODE) !== undefined;
  const on = rest.find(OWN_SWITCH, SWITCH) ?? (hasSpeed ? rest.find(SWITCH_CODE, SWITCH) : undefined);
  if (!on) return [];
  rest.take(on);
  const mode = rest.find(OWN_MODE, CHOICE) ?? rest.find(/^mode$/, CHOICE);
  return [
    {
      key: on.dp,
      platform: "fan",
      name: "Fan",
      isMain: true,
      keys: {
        ...topicsOf(on, context),
        ...ON_OFF,
        ...speeds(on, mode, context),
        ...presets(mode, context),
        ...oscillation(context),
        ...direction(context),
      },
    },
  ];
}

/**
 * The speeds: whole numbers from 1, or words with an order. Other words, such as `auto`, are presets. Home Assistant
 * switches a fan off by 0 %, which arrives as the number below the slowest speed. That number is for the switch, the others
 * are for the speed, so each command is a JSON object with the data point it is for.
 */
function speeds(on: DataPoint, mode: DataPoint | undefined, context: EntityContext): Keys {
  const { parts, topics } = context;
  const { rest } = parts;
  const off = setting(on, false);
  const number = rest.find(SPEED_CODE, LEVEL);
  const range = number && rangeOf(number);
  if (range) {
    rest.take(number);
    return {
      ...aspect("percentage", number, context),
      percentage_command_topic: topics.valuesSet,
      percentage_command_template: exceptFor(range.speed_range_min - 1, off, `{"${number.dp}":{{ value }}}`),
      ...range,
    };
  }
  const choice = rest.find(SPEED_CODE, CHOICE);
  const all = choice ? wordsOf(choice).filter((word) => word.toLowerCase() !== "off") : [];
  const words = inOrder(all.filter((word) => rank(word) !== undefined));
  const others = all.filter((word) => rank(word) === undefined);
  if (!choice || !words || (others.length > 0 && mode) || others.some(isNone)) return {};
  rest.take(choice);
  return {
    ...aspect("percentage", choice, context),
    percentage_command_topic: topics.valuesSet,
    percentage_command_template: payloadOf([off, ...words.map((word) => setting(choice, word))]),
    percentage_value_template: rankOf(words),
    speed_range_min: 1,
    speed_range_max: words.length,
    ...(others.length > 0 && {
      preset_modes: others,
      ...aspect("preset_mode", choice, context),
      preset_mode_value_template: valueIfOneOf(others),
    }),
  };
}

/** The payload that sets one data point. */
function setting({ dp }: DataPoint, value: DpValue): string {
  return JSON.stringify({ [dp]: value });
}

function rangeOf(
  speed: DataPoint,
): { readonly speed_range_min: number; readonly speed_range_max: number } | undefined {
  const isPercent = speed.unit?.trim() === "%" || speed.code.endsWith("_percent");
  const { min, max = isPercent ? 100 : undefined } = speed;
  if (max === undefined || (min ?? 0) < 0) return undefined;
  const [least, most] = [Math.max(1, toPeople(min ?? 1, speed)), toPeople(max, speed)];
  const isRange = Number.isInteger(least) && Number.isInteger(most) && least < most;
  return isRange && toPeople(1, speed) === 1 ? { speed_range_min: least, speed_range_max: most } : undefined;
}

/** The words, slow to fast; undefined if two have the same rank, or there are fewer than two. */
function inOrder(words: readonly string[]): readonly string[] | undefined {
  const ranked = words.map((word) => [word, rank(word) ?? 0] as const);
  const isOrder = words.length > 1 && new Set(ranked.map(([, each]) => each)).size === words.length;
  return isOrder ? ranked.sort(([, a], [, b]) => a - b).map(([word]) => word) : undefined;
}

/** The rank of a word. Numbers rank far above all words, because "2" cannot be compared with "low". */
function rank(word: string): number | undefined {
  const at = ORDERS.findIndex((each) => each.test(word));
  if (at < 0) return undefined;
  return at === 0 ? NUMBERED + Number(ORDERS[0]?.exec(word)?.[1]) : at;
}

const NUMBERED = 100;

/** The presets. For Home Assistant `None` means no preset, so a mode with that word becomes a select entity instead. */
function presets(mode: DataPoint | undefined, context: EntityContext): Keys {
  const words = mode ? wordsOf(mode) : [];
  if (words.length === 0 || words.some(isNone)) return {};
  context.parts.rest.take(mode);
  return { preset_modes: words, ...aspect("preset_mode", mode, context) };
}

function isNone(word: string): boolean {
  return /^none$/i.test(word);
}

function oscillation(context: EntityContext): Keys {
  const { rest } = context.parts;
  const swing = rest.find(/^(?:switch_horizontal|fan_horizontal)$/, SWITCH);
  rest.take(swing);
  if (!swing) return {};
  return {
    ...aspect("oscillation", swing, context),
    payload_oscillation_on: "true",
    payload_oscillation_off: "false",
  };
}

/** The direction. Home Assistant uses the words forward and reverse, as most fans do. */
function direction(context: EntityContext): Keys {
  const turn = directionOf(context.parts.rest);
  context.parts.rest.take(turn);
  return aspect("direction", turn, context);
}

function directionOf(points: Points): DataPoint | undefined {
  const turn = points.find(/^fan_direction$/, CHOICE);
  return ["forward", "reverse"].every((word) => turn?.values.includes(word)) ? turn : undefined;
}
