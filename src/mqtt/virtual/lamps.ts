import type { DataPoint } from "../../datapoints/datapoint";
import { DataPointMap } from "../../datapoints/datapoint-map";
import { modeWord } from "../../datapoints/friendly/lamp";
import { isColour } from "../../datapoints/notation/colour-format";
import type { Points, Wanted } from "./points";

/** How Home Assistant calls the lights a lamp can give. */
export type ColorMode = "onoff" | "brightness" | "color_temp" | "hs";

/** A lamp of a device, which may have several. */
export interface Lamp {
  /** Of its virtual value: `lamp`, `lamp_2`. */
  readonly name: string;
  /** Which of the lamps of the device it is, from 1. */
  readonly number: number;
  readonly switch: DataPoint;
  /** Word for the kind of light, which others than white and colour may be among. */
  readonly mode: DataPoint | undefined;
  readonly brightness: DataPoint | undefined;
  readonly temperature: DataPoint | undefined;
  readonly colour: DataPoint | undefined;
  /** Only its own data points, under the codes a lamp usually has: what reads friendly words finds them by those. */
  readonly map: DataPointMap;
  readonly colorModes: readonly ColorMode[];
}

/** Codes of a lamp, and of the second, third … one. */
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
/** Of lamps in other things: a fan, a strip that is switched as a whole. */
const LIGHT_SWITCH = /^light$/;
const PLAIN_SWITCH = /^(?:power|switch(?:_\d)?)$/;
const MOST_LAMPS = 9;

/** The codes say enough: a lamp is one, though nobody said of which types its data points are. */
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

/** The lamps of a device. Takes their data points; there is none without a switch. */
export function takeLamps(points: Points): readonly Lamp[] {
  const numbers = Array.from({ length: MOST_LAMPS }, (_, index) => index + 1);
  return numbers.flatMap((number) => {
    const lamp = lampOf(number, points);
    if (!lamp) return [];
    points.take(lamp.switch, lamp.brightness, lamp.temperature, lamp.colour);
    // The word for the mode says more than which light it is: it is offered by itself as well, where it knows others.
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
  // A colour temperature always comes with a brightness in Home Assistant.
  const temperature = isLit ? findLevel(codes.temperature, points) : undefined;
  const word = isLit ? points.find(codes.mode, { types: ["Enum", "String"], isTwoWay: true }) : undefined;
  const mode = (modeWord(word, "white") ?? modeWord(word, "colour")) ? word : undefined;
  const parts = {
    switch: on,
    mode,
    brightness,
    temperature: brightness && temperature,
    // Without a word for the mode nobody can tell which of two lights shines: then it is the white one.
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

/** A level in as many steps as a percentage needs, about. */
function findLevel(code: RegExp, points: Points): DataPoint | undefined {
  const point = points.find(code, LEVEL);
  const { min = 0, max = Infinity } = point ?? {};
  return max - min >= LEAST_STEPS ? point : undefined;
}

const LEAST_STEPS = 50;

/** What switches a device as a whole; of several nobody knows which one is dimmed. */
function onlySwitch(points: Points): DataPoint | undefined {
  const [first, ...others] = points.free.filter(({ code }) => PLAIN_SWITCH.test(code));
  return others.length === 0 && first && points.find(PLAIN_SWITCH, SWITCH) === first ? first : undefined;
}

type Parts = Pick<Lamp, "switch" | "mode" | "brightness" | "temperature" | "colour">;

function mapOf({ switch: on, mode, brightness, temperature, colour }: Parts): DataPointMap {
  const called = (code: string, point: DataPoint | undefined) =>
    point === undefined ? [] : [{ ...point, code }];
  // Of the first lamp, and of colours, the code itself tells how far a level counts and how a colour is written.
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
