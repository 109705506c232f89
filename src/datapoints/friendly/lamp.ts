import { decodeColour, isColour } from "../notation/colour-format";
import type { DataPoint } from "../datapoint";
import { firstSwitch } from "../first-switch";
import type { PointTable } from "./point-table";
import type { Dps, DpValue } from "../../protocol/dps";

/** The data points of a lamp, by number. */
export interface Lamp {
  readonly switch: string | undefined;
  readonly mode: string | undefined;
  readonly brightness: string | undefined;
  readonly temperature: string | undefined;
  readonly colour: string | undefined;
}

const SWITCH_CODE = /^(?:switch_led|led_switch)(?:_\d)?$/;
/** The switch of a lamp in another device: a fan, for example, has a switch of its own. */
const INNER_SWITCH_CODE = /^light(?:_1)?$/;
const MODE_CODE = /^work_mode$/;
const BRIGHTNESS_CODE = /^bright_value(?:_v2|_1)?$/;
const TEMPERATURE_CODE = /^temp_value(?:_v2|_1)?$/;

/** The data points of lamps without codes, the oldest last: the types B and A of tinytuya. */
const LAYOUTS: readonly Lamp[] = [
  { switch: "20", mode: "21", brightness: "22", temperature: "23", colour: "24" },
  { switch: "1", mode: "2", brightness: "3", temperature: "4", colour: "5" },
];
const WHITE_WORD = /^white/i;
const COLOUR_WORD = /^colou?r/i;
const MODE_WORD = /^(?:white|colour|scene(?:_\d)?|music)$/;

/**
 * Finds the data points of a lamp by the configured codes; for a code that is missing, by the reported values. Each is
 * undefined if it is not found.
 */
export function lampOf({ dataPoints }: PointTable, values: Dps): Lamp {
  const layout = layoutOf(dataPoints, values);
  const byCode = (code: RegExp) => dataPoints.find((dataPoint) => code.test(dataPoint.code))?.dp;
  const innerSwitch = dataPoints.find(
    ({ dp, code, type, access }) =>
      INNER_SWITCH_CODE.test(code) &&
      access !== "ro" &&
      (type ? type === "Boolean" : typeof values[dp] === "boolean"),
  )?.dp;
  return {
    switch: byCode(SWITCH_CODE) ?? innerSwitch ?? layout?.switch ?? firstSwitch(dataPoints, values),
    mode: byCode(MODE_CODE) ?? layout?.mode,
    brightness: byCode(BRIGHTNESS_CODE) ?? layout?.brightness,
    temperature: byCode(TEMPERATURE_CODE) ?? layout?.temperature,
    colour: dataPoints.find(isColour)?.dp ?? layout?.colour,
  };
}

/** A lamp's own word for white or coloured light; undefined if it has none. */
export function modeWord(mode: DataPoint | undefined, light: "white" | "colour"): string | undefined {
  const members = mode?.values ?? [];
  if (members.length === 0) return light;
  return members.find((member) => (light === "white" ? WHITE_WORD : COLOUR_WORD).test(member));
}

/** The kind of light a lamp gives: see `lightOf`. */
export type Light = "white" | "colour" | "either";

/**
 * The kind of light a lamp gives, or would give if it were on. "either": it has no mode; undefined: its mode is not
 * known, or another one (a scene, or music).
 */
export function lightOf(lamp: Lamp, values: Dps): Light | undefined {
  return lightOfMode(
    lamp,
    lamp.mode !== undefined && Object.hasOwn(values, lamp.mode) ? values[lamp.mode] : undefined,
  );
}

/** The same by the value of the mode. */
export function lightOfMode({ mode }: Lamp, word: DpValue | undefined): Light | undefined {
  if (mode === undefined) return "either";
  if (typeof word !== "string") return undefined;
  if (WHITE_WORD.test(word)) return "white";
  return COLOUR_WORD.test(word) ? "colour" : undefined;
}

/** The data points of a layout whose values fit. It is a lamp if the switch and the mode fit. */
function layoutOf(dataPoints: readonly DataPoint[], values: Dps): Partial<Lamp> | undefined {
  const named = new Set(dataPoints.filter(({ code }) => code !== "").map(({ dp }) => dp));
  const free = (dp: string | undefined) => dp !== undefined && !named.has(dp);
  const value = (dp: string | undefined) =>
    dp !== undefined && free(dp) && Object.hasOwn(values, dp) ? values[dp] : undefined;
  const layout = LAYOUTS.find((lamp) => {
    const mode = value(lamp.mode);
    return typeof value(lamp.switch) === "boolean" && typeof mode === "string" && MODE_WORD.test(mode);
  });
  if (!layout) return undefined;
  const level = (dp: string | undefined) => (typeof value(dp) === "number" ? dp : undefined);
  return {
    switch: layout.switch,
    mode: layout.mode,
    brightness: level(layout.brightness),
    temperature: level(layout.temperature),
    colour: decodeColour(value(layout.colour), undefined) ? layout.colour : undefined,
  };
}
