import type { DataPoint } from "../../datapoints/datapoint";
import { CHOICE, LEVEL, type Points, SWITCH } from "./points";

/** The modes of a climate device in Home Assistant's words, without `off`. */
export type HvacMode = "heat_cool" | "cool" | "heat" | "dry" | "fan_only";

/** A thermostat, a radiator valve, an air conditioner. */
export interface Climate {
  /** The temperature it keeps. */
  readonly target: DataPoint;
  readonly switch: DataPoint | undefined;
  /** A choice of modes and presets. */
  readonly mode: DataPoint | undefined;
  /** The device's word for each mode. Empty if none of its words is a mode of Home Assistant. */
  readonly words: ReadonlyMap<HvacMode, string>;
  /** Its word for off, if it has one. */
  readonly offWord: string | undefined;
  /** Its other words (presets), each with the mode it is in then. */
  readonly presets: ReadonlyMap<string, HvacMode>;
  /** All modes but off, at least one. */
  readonly modes: readonly HvacMode[];
}

/** Home Assistant's own integration of Tuya's platform reads the words so. */
const HVAC_MODES: ReadonlyMap<string, HvacMode> = new Map([
  ["manual", "heat_cool"],
  ["auto", "heat_cool"],
  ["cold", "cool"],
  ["cool", "cool"],
  ["freeze", "cool"],
  ["heat", "heat"],
  ["hot", "heat"],
  ["heating", "heat"],
  ["wet", "dry"],
  ["dry", "dry"],
  ["wind", "fan_only"],
  ["fan", "fan_only"],
]);
const OFF_WORD = "off";
/** If several words mean the same mode, this one is used: in it the device keeps the temperature that was set. */
const PLAINEST = "manual";
/** Home Assistant's word for no preset. */
const NO_PRESET = /^none$/i;

const TARGET_CODE = /^(?:temp_set|set_temp|target_temp|temp_target)(?:_c)?$/;
/** In Fahrenheit: used only if there is no other one. */
const TARGET_CODE_F = /^(?:temp_set|set_temp|target_temp|temp_target)_f$/;
const CURRENT_CODE = /^(?:temp_current|upper_temp)(?:_[cf])?$/;
const SWITCH_CODE = /^(?:power|switch(?:_1)?)$/;
const MODE_CODE = /^(?:mode|hvac_mode|system_mode|work_mode)$/;
/** Codes that only air conditioners have. */
const FAN_CODE = /^(?:windspeed|fan_speed_enum)$/;

/** Finds a climate device in the data points, and takes those that set it; undefined if there is none. */
export function takeClimate(points: Points): Climate | undefined {
  const target = points.find(TARGET_CODE, LEVEL) ?? points.find(TARGET_CODE_F, LEVEL);
  if (!target) return undefined;
  const on = points.find(SWITCH_CODE, SWITCH);
  const choice = points.find(MODE_CODE, CHOICE);
  const mode = choice && choice.values.length > 0 ? choice : undefined;
  // A temperature that can be set is not enough: many devices have one.
  if (!on && !mode && !points.find(CURRENT_CODE)) return undefined;
  points.take(target, on, mode);
  return { target, switch: on, mode, ...readWords(mode?.values ?? [], points) };
}

type Words = Pick<Climate, "words" | "offWord" | "presets" | "modes">;

function readWords(all: readonly string[], points: Points): Words {
  const words = new Map<HvacMode, string>();
  const members = all.filter((word) => !NO_PRESET.test(word));
  const offWord = members.find((word) => word.toLowerCase() === OFF_WORD);
  const inOrder = [...members].sort((a, b) => Number(isPlainest(b)) - Number(isPlainest(a)));
  for (const word of inOrder) {
    const mode = HVAC_MODES.get(word.toLowerCase());
    if (mode !== undefined && !words.has(mode)) words.set(mode, word);
  }
  const usual: HvacMode = points.find(FAN_CODE) ? "cool" : "heat";
  const modes = words.size > 0 ? [...words.keys()] : [usual];
  const main = modes.includes("heat_cool") ? "heat_cool" : (modes[0] ?? usual);
  const named = new Set([...words.values(), offWord]);
  const presets = new Map<string, HvacMode>();
  for (const word of members) {
    if (!named.has(word)) presets.set(word, HVAC_MODES.get(word.toLowerCase()) ?? main);
  }
  return { words, offWord, presets, modes };
}

function isPlainest(word: string): boolean {
  return word.toLowerCase() === PLAINEST;
}
