import type { Dps } from "../../protocol/dps";
import { firstSwitch } from "../first-switch";
import { climateOf } from "./climate";
import { coverOf } from "./cover";
import { lampOf } from "./lamp";
import type { PointTable } from "./point-table";

/** Friendly names for what a device both shows and takes, in the order in which people look for them. */
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

export type FriendlyWord = (typeof FRIENDLY_WORDS)[number];

/** The friendly name a text is, in one spelling; undefined where it is none. Whether a device has it is another question. */
export function friendlyWordOf(name: string): FriendlyWord | undefined {
  const word = name === "color" ? "colour" : name;
  return FRIENDLY_WORDS.find((each) => each === word);
}

/** A friendly name of a device. */
export interface FriendlyPoint {
  readonly word: FriendlyWord;
  /** The data point it sets, first of all. */
  readonly dp: string;
  /** All data points its value follows from. */
  readonly dps: readonly string[];
  readonly unit: string | undefined;
  /** What people call it. */
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

/** Codes of what switches a device as a whole: a child lock does not. */
const ON_CODE = /^(?:power|(?:switch|switch_led|led_switch)(?:_1)?|light|fan_switch|switch_fan)$/;
/** Where a device without names has its switch, if it has one. */
const ON_DPS: readonly string[] = ["1", "20"];

/**
 * The friendly names a device has, by its table and, where that says nothing, by the values it reports. A code of the
 * device that is written the same comes first: it is no friendly name then. Runs in a browser, too.
 */
export function friendlyPoints(table: PointTable, values: Dps = {}): readonly FriendlyPoint[] {
  const codes = new Set(table.dataPoints.map(({ code }) => code));
  return friendlyMeanings(table, values).filter(({ word }) => !codes.has(word));
}

/** The same, whatever the device's own codes are: what the words mean where they are certainly meant. */
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

/** What "on" is about, where that is beyond doubt. */
function mainSwitch({ dataPoints }: PointTable, values: Dps): string | undefined {
  const dp = firstSwitch(dataPoints, values);
  if (dp === undefined) return undefined;
  const code = dataPoints.find((each) => each.dp === dp)?.code ?? "";
  return ON_CODE.test(code) || (code === "" && ON_DPS.includes(dp)) ? dp : undefined;
}

function distinct(dps: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(dps.filter((dp) => dp !== undefined))];
}
