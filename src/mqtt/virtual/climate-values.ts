import { DataPointMap } from "../../datapoints/datapoint-map";
import { badInput } from "../../errors";
import type { Dps } from "../../protocol/dps";
import type { VirtualValue } from "../types";
import type { Climate, HvacMode } from "./climates";
import { readWord } from "./read-word";

const OFF = "off";
const NONE = "none";

/** The virtual values of a climate device for Home Assistant: its mode, `off` included, and its preset. */
export function climateValues(climate: Climate): readonly VirtualValue[] {
  const mode = hvacMode(climate);
  return climate.presets.size === 0 ? [mode] : [mode, hvacPreset(climate)];
}

/** Whether its mode can be set: it has several, or can be switched off. */
export function hasModeChoice({ switch: on, offWord, modes }: Climate): boolean {
  return on !== undefined || offWord !== undefined || modes.length > 1;
}

/** All its modes, off first. */
export function hvacModes(climate: Climate): readonly (HvacMode | typeof OFF)[] {
  const { switch: on, offWord, modes } = climate;
  return on !== undefined || offWord !== undefined ? [OFF, ...modes] : modes;
}

/** `hvac_mode`: mode and switch in one. A command sets both in one frame. */
function hvacMode(climate: Climate): VirtualValue {
  const { words, offWord, presets, modes, mode, target, switch: on } = climate;
  const [only] = modes;
  return {
    name: "hvac_mode",
    dps: dpsOf(climate),
    read(values) {
      if (isOff(climate, values)) return OFF;
      if (!mode) return Object.hasOwn(values, (on ?? target).dp) ? only : undefined;
      const word = wordIn(climate, values);
      if (word === undefined) return undefined;
      if (word === offWord) return OFF;
      return modes.find((each) => words.get(each) === word) ?? presets.get(word) ?? only;
    },
    write(payload, values) {
      if (!hasModeChoice(climate)) throw badInput(`hvac_mode is always "${only}" here; nothing was sent.`);
      const wanted = readWord("hvac_mode", hvacModes(climate), payload);
      if (wanted === OFF) return on ? { [on.dp]: false } : mode ? { [mode.dp]: offWord } : {};
      const word = words.get(wanted) ?? (on ? undefined : presetIn(climate, values));
      return {
        ...(on && { [on.dp]: true }),
        ...(mode && word !== undefined && { [mode.dp]: word }),
      };
    },
  };
}

/** `hvac_preset`: the device's words that are no mode of Home Assistant; `none` while its word is a mode. */
function hvacPreset(climate: Climate): VirtualValue {
  const { presets, words, mode } = climate;
  return {
    name: "hvac_preset",
    dps: dpsOf(climate),
    read(values) {
      const word = wordIn(climate, values);
      return word === undefined ? undefined : presets.has(word) ? word : NONE;
    },
    write(payload, values) {
      const present = presets.get(wordIn(climate, values) ?? "");
      const plain = (present && words.get(present)) ?? [...words.values()][0];
      const choices = [...presets.keys(), ...(plain === undefined ? [] : [NONE])];
      const wanted = readWord("hvac_preset", choices, payload);
      return mode ? { [mode.dp]: wanted === NONE ? plain : wanted } : {};
    },
  };
}

/** The device's word for its present preset; if it has none, for its first one. */
function presetIn(climate: Climate, values: Dps): string | undefined {
  const word = wordIn(climate, values);
  return word !== undefined && climate.presets.has(word) ? word : [...climate.presets.keys()][0];
}

/** The data points of the mode. A device without switch and mode has one fixed mode, known with its first report. */
function dpsOf({ switch: on, mode, target }: Climate): readonly string[] {
  const dps = [on?.dp, mode?.dp].filter((dp) => dp !== undefined);
  return dps.length > 0 ? dps : [target.dp];
}

function isOff({ switch: on }: Climate, values: Dps): boolean {
  if (!on || !Object.hasOwn(values, on.dp)) return false;
  return new DataPointMap([{ ...on, type: "Boolean" }]).decode(on.dp, values[on.dp] ?? null) === false;
}

function wordIn({ mode }: Climate, values: Dps): string | undefined {
  const word = mode && Object.hasOwn(values, mode.dp) ? values[mode.dp] : undefined;
  return typeof word === "string" || typeof word === "number" ? String(word) : undefined;
}
