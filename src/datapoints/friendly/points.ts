import type { Dps } from "../../protocol/dps";
import { firstSwitch, MAIN_SWITCH_CODE } from "../first-switch";
import { climateOf } from "./climate";
import { coverOf } from "./cover";
import { lampOf } from "./lamp";
import type { PointTable } from "./point-table";

/**
 * Friendly names with a value that can be read and set, in the order in which people look for them: those that the editor
 * lists and MQTT publishes. `FRIENDLY_NAMES` has those in addition that a message may only set.
 */
export const FRIENDLY_WORDS = [
  "on",
  "brightness",
  "colour",
  "temperature",
  "kelvin",
  "position",
  "target",
  "mode",
  "speed",
] as const;

/** One of `FRIENDLY_WORDS`. */
export type FriendlyWord = (typeof FRIENDLY_WORDS)[number];

/**
 * Friendly names that only stand for a data point whose code differs between manufacturers: their values are those of the
 * data point.
 */
export const PLAIN_WORDS = ["target", "mode", "speed"] as const satisfies readonly FriendlyWord[];

/** Reads a friendly name in any of its spellings; undefined for another text. It says nothing about a device. */
export function friendlyWordOf(name: string): FriendlyWord | undefined {
  const word = name === "color" ? "colour" : name;
  return FRIENDLY_WORDS.find((each) => each === word);
}

/** A friendly name of a device. */
export interface FriendlyPoint {
  readonly word: FriendlyWord;
  /** The main data point it sets. */
  readonly dp: string;
  /** All data points that its value is computed from. */
  readonly dps: readonly string[];
  readonly unit: string | undefined;
  /** Display name. */
  readonly label: string;
}

const LABELS: Readonly<Record<FriendlyWord, string>> = {
  on: "On",
  brightness: "Brightness",
  colour: "Colour",
  temperature: "Colour temperature",
  kelvin: "Colour temperature",
  position: "Position",
  target: "Target temperature",
  mode: "Mode",
  speed: "Speed",
};

/** Codes of switches that are the main one if the device has no other: those of lamps and fans. */
const PART_SWITCH_CODE = /^(?:light|fan_switch|switch_fan)$/;
/** Numbers under which devices without codes usually have their switch. */
const ON_DPS: readonly string[] = ["1", "20"];

/**
 * The friendly names of a device, by its table and, if that says nothing, by its reported values. If a code of the device
 * has the same spelling, it has priority and the friendly name is left out. Runs in a browser, too.
 */
export function friendlyPoints(table: PointTable, values: Dps = {}): readonly FriendlyPoint[] {
  const codes = new Set(table.dataPoints.map(({ code }) => code));
  return friendlyMeanings(table, values).filter(({ word }) => !codes.has(word));
}

/** The same, but with friendly names that are also codes of the device: for places where only friendly names are meant. */
export function friendlyMeanings(table: PointTable, values: Dps = {}): readonly FriendlyPoint[] {
  const lamp = lampOf(table, values);
  const cover = coverOf(table, values);
  const climate = climateOf(table);
  const unitOf = (dp: string | undefined) => table.dataPoints.find((each) => each.dp === dp)?.unit;
  const light = [lamp.switch, lamp.mode];
  const point = (
    word: FriendlyWord,
    dp: string | undefined,
    unit?: string,
    others: readonly (string | undefined)[] = [],
  ): FriendlyPoint[] =>
    dp === undefined ? [] : [{ word, dp, dps: distinct([...others, dp]), unit, label: LABELS[word] }];
  return [
    ...point("on", mainSwitch(table, values)),
    ...point("brightness", lamp.brightness ?? lamp.colour, "%", [...light, lamp.colour]),
    ...point("colour", lamp.colour, undefined, light),
    ...point("temperature", lamp.temperature, "%", light),
    ...point("kelvin", lamp.temperature, "K", light),
    ...point("position", cover.position, "%", [cover.reached]),
    ...point("target", climate.target, unitOf(climate.target)),
    ...point("mode", climate.mode),
    ...point("speed", climate.speed, unitOf(climate.speed)),
  ];
}

/** The data point of "on"; undefined if it is not certain. */
function mainSwitch({ dataPoints }: PointTable, values: Dps): string | undefined {
  const dp = firstSwitch(dataPoints, values);
  if (dp === undefined) return undefined;
  const code = dataPoints.find((each) => each.dp === dp)?.code ?? "";
  const isMain =
    code === "" ? ON_DPS.includes(dp) : MAIN_SWITCH_CODE.test(code) || PART_SWITCH_CODE.test(code);
  return isMain ? dp : undefined;
}

function distinct(dps: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(dps.filter((dp) => dp !== undefined))];
}
