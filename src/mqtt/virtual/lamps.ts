import type { DataPoint } from "../../datapoints/datapoint";
import { DataPointMap } from "../../datapoints/datapoint-map";
import { modeWord } from "../../datapoints/friendly/lamp";
import { isColour } from "../../datapoints/notation/colour-format";
import type { Points, Wanted } from "./points";

/** Home Assistant's names for kinds of light. */
export type ColorMode = "onoff" | "brightness" | "color_temp" | "hs";

/** One lamp of a device. */
export interface Lamp {
  /** The name of its virtual value: `lamp`, `lamp_2`. */
  readonly name: string;
  /** Which of the lamps of the device it is, from 1. */
  readonly number: number;
  readonly switch: DataPoint;
  /** The mode. Its words may include others than white and colour. */
  readonly mode: DataPoint | undefined;
  /** The brightness of white light. */
  readonly brightness: DataPoint | undefined;
  /** The colour temperature of white light. */
  readonly temperature: DataPoint | undefined;
  /** The colour, which contains the brightness of coloured light. */
  readonly colour: DataPoint | undefined;
  /** Only its own data points, with the usual codes of lamps, by which friendly names find them. */
  readonly map: DataPointMap;
  /** The kinds of light it can give, at least one. */
  readonly colorModes: readonly ColorMode[];
}

/** Codes of the data points of one lamp. */
interface Codes {
  readonly switch: RegExp;
  readonly mode: RegExp;
  readonly brightness: RegExp;
  readonly temperature: RegExp;
  readonly colour: RegExp;
}

const FIRST: Codes = {
  switch: /^(?:switch_led|led_switch)(?:_1)?$/,
  mode: /^work_mode$/,
  brightness: /^bright_value(?:_v2|_1)?$/,
  temperature: /^temp_value(?:_v2|_1)?$/,
  colour: /^(?!.*_[2-9]$)/,
};
/** The switch of a lamp in another device: a fan, or a strip with a main switch. */
const LIGHT_SWITCH = /^light$/;
const PLAIN_SWITCH = /^(?:power|switch(?:_\d)?)$/;
const MOST_LAMPS = 9;

/** The code is enough: the type may be missing. */
const SWITCH: Wanted = { types: ["Boolean", undefined], isTwoWay: true };
const LEVEL: Wanted = { types: ["Integer", undefined], isTwoWay: true, isRange: true };

function codesOf(number: number): Codes {
  if (number === 1) return FIRST;
  const code = (start: string) => new RegExp(`^${start}_${number}$`);
  return {
    switch: code("(?:switch_led|led_switch)"),
    mode: code("work_mode"),
    brightness: code("bright_value"),
    temperature: code("temp_value"),
    colour: code("\\w+"),
  };
}

/** Finds the lamps of a device and takes their data points. A lamp must have a switch. */
export function takeLamps(points: Points): readonly Lamp[] {
  const numbers = Array.from({ length: MOST_LAMPS }, (_, index) => index + 1);
  return numbers.flatMap((number) => {
    const lamp = lampOf(number, points);
    if (!lamp) return [];
    points.take(lamp.switch, lamp.brightness, lamp.temperature, lamp.colour);
    // A mode with other words than white and colour is offered as an entity of its own, too.
    if (!hasOtherModes(lamp.mode)) points.take(lamp.mode);
    return [lamp];
  });
}

function lampOf(number: number, points: Points): Lamp | undefined {
  const codes = codesOf(number);
  const colour = points.free.find(
    (point) =>
      isColour(point) && codes.colour.test(point.code) && point.access !== "ro" && point.access !== "wr",
  );
  const brightness = findLevel(codes.brightness, points);
  const isLit = brightness !== undefined || colour !== undefined;
  const on =
    points.find(codes.switch, SWITCH) ??
    (number === 1 ? points.find(LIGHT_SWITCH, SWITCH) : undefined) ??
    (number === 1 && isLit ? onlySwitch(points) : undefined);
  if (!on) return undefined;
  // In Home Assistant a lamp with a colour temperature must have a brightness.
  const temperature = isLit ? findLevel(codes.temperature, points) : undefined;
  const word = isLit ? points.find(codes.mode, { types: ["Enum", "String"], isTwoWay: true }) : undefined;
  const mode = (modeWord(word, "white") ?? modeWord(word, "colour")) ? word : undefined;
  const parts = {
    switch: on,
    mode,
    brightness,
    temperature: brightness && temperature,
    // Without a mode it is not known which of two lights is on: then only white is used.
    colour: mode || !brightness ? colour : undefined,
  };
  return {
    name: number === 1 ? "lamp" : `lamp_${number}`,
    number,
    ...parts,
    map: mapOf(parts),
    colorModes: colorModesOf(parts),
  };
}

/** A level with enough steps for a percentage. */
function findLevel(code: RegExp, points: Points): DataPoint | undefined {
  const point = points.find(code, LEVEL);
  const { min = 0, max = Infinity } = point ?? {};
  return max - min >= LEAST_STEPS ? point : undefined;
}

const LEAST_STEPS = 50;

/** The only switch of the device. With several it is not known which one belongs to the light. */
function onlySwitch(points: Points): DataPoint | undefined {
  const [first, ...others] = points.free.filter(({ code }) => PLAIN_SWITCH.test(code));
  return others.length === 0 && first && points.find(PLAIN_SWITCH, SWITCH) === first ? first : undefined;
}

type Parts = Pick<Lamp, "switch" | "mode" | "brightness" | "temperature" | "colour">;

function mapOf({ switch: on, mode, brightness, temperature, colour }: Parts): DataPointMap {
  const called = (code: string, point: DataPoint | undefined) =>
    point === undefined ? [] : [{ ...point, code }];
  // The first lamp, and colours, keep their own codes: these tell the range of a level, and the format of a colour.
  const own = (code: string, point: DataPoint | undefined) =>
    called(point && /_[2-9]$/.test(point.code) ? code : (point?.code ?? code), point);
  return new DataPointMap([
    ...called("switch_led", { ...on, type: "Boolean" }),
    ...called("work_mode", mode),
    ...own("bright_value_1", brightness),
    ...own("temp_value_1", temperature),
    ...(colour === undefined ? [] : [colour]),
  ]);
}

function colorModesOf({ brightness, temperature, colour }: Parts): readonly ColorMode[] {
  if (colour && temperature) return ["color_temp", "hs"];
  if (colour) return ["hs"];
  if (temperature) return ["color_temp"];
  return [brightness ? "brightness" : "onoff"];
}

function hasOtherModes(mode: DataPoint | undefined): boolean {
  return mode?.values.some((word) => !/^(?:white|colou?r)/i.test(word)) ?? false;
}
