import { readNumber } from "./number";

/**
 * A colour without a device: hue in degrees from 0 to 360, saturation and value from 0 to 1, and the same as RGB from 0 to
 * 255, fractions included.
 */
export interface Colour {
  readonly h: number;
  readonly s: number;
  readonly v: number;
  readonly rgb: Rgb;
}

/** Red, green and blue, from 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A colour as messages show it: hue in degrees, saturation and value in percent, and `#rrggbb`. */
export interface ShownColour {
  readonly h: number;
  readonly s: number;
  readonly v: number;
  readonly hex: string;
}

/** What `readColour` accepts, as the end of a sentence "… takes". */
export const COLOUR_EXPECTS = 'a colour such as "#ff8800", "red", {r, g, b}, {h, s, v} or {h, s, l}';

/**
 * A colour in a message: `#rrggbb`, `#rgb`, a name or `rgb(…)`; `{r, g, b}`; `{h, s, v}` or `{h, s, l}` in degrees and
 * percent, or as colour pickers give it; `{hex}`. Undefined for anything else.
 */
export function readColour(value: unknown): Colour | undefined {
  if (typeof value === "string") return readText(value);
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const hsv = readPercent(fields, ["h", "s", "v"]);
  if (hsv) return withHex(colourOfPercent(...hsv), fields["hex"]);
  const hsl = readPercent(fields, ["h", "s", "l"]);
  if (hsl) return colourOfPercent(...hslToHsv(...hsl));
  const rgb = readFields(fields, ["r", "g", "b"], [255, 255, 255]);
  if (rgb) return colourOfRgb([Math.round(rgb[0]), Math.round(rgb[1]), Math.round(rgb[2])]);
  return typeof fields["hex"] === "string" ? readText(fields["hex"]) : undefined;
}

/** A colour given in degrees and percent. */
export function colourOfPercent(h: number, s: number, v: number): Colour {
  return { h, s: fractionOf(s), v: fractionOf(v), rgb: hsvToRgb(h, s / 100, v / 100) };
}

/**
 * A colour as messages show it. Saturation and value have one decimal, enough to compute the device's steps from them
 * again.
 */
export function showColour({ h, s, v, rgb }: Colour): ShownColour {
  // Rounded up, because all steps towards the device round down: 127 of 255 is shown as 49.9 %, as 49.8 % would become
  // 126. Adding 0 turns -0 into 0.
  const percent = (fraction: number) => (Math.ceil(fraction * 1000 - NOISE) + 0) / 10;
  return { h: Math.trunc(h), s: percent(s), v: percent(v), hex: formatHex(rgb) };
}

/** Larger than rounding errors of binary fractions, smaller than any step. */
const NOISE = 1e-6;
const NUDGE = 1e-12;

/**
 * Percent as a fraction, increased so little that multiplying and rounding down gives the right step: 57.4 % of 1000 are
 * 574 steps, not 573.9999. Colours from RGB are not increased: their steps are to be those of tinytuya.
 */
function fractionOf(percent: number): number {
  return Math.min(1, percent / 100 + NUDGE);
}

/** Computes as Python's colorsys, in the same order, so that the digits are those of tinytuya. */
export function colourOfRgb(rgb: Rgb): Colour {
  const [r, g, b] = [rgb[0] / 255, rgb[1] / 255, rgb[2] / 255];
  const max = Math.max(r, g, b);
  const range = max - Math.min(r, g, b);
  if (range === 0) return { h: 0, s: 0, v: max, rgb };
  const [rc, gc, bc] = [(max - r) / range, (max - g) / range, (max - b) / range];
  const sixths = r === max ? bc - gc : g === max ? 2 + rc - bc : 4 + gc - rc;
  const turns = sixths / 6;
  return { h: (turns < 0 ? turns + 1 : turns) * 360, s: range / max, v: max, rgb };
}

function hsvToRgb(h: number, s: number, v: number): Rgb {
  const channel = (offset: number) => {
    const k = (offset + h / 60) % 6;
    return (v - v * s * Math.max(0, Math.min(k, 4 - k, 1))) * 255;
  };
  return [channel(5), channel(3), channel(1)];
}

function hslToHsv(h: number, s: number, l: number): [number, number, number] {
  const v = l + (s * Math.min(l, 100 - l)) / 100;
  return [h, v === 0 ? 0 : 200 * (1 - l / v), v];
}

function readText(text: string): Colour | undefined {
  const word = text.trim().toLowerCase();
  const digits = /^#?([\da-f]{6})$|^#([\da-f]{6})[\da-f]{2}$|^#([\da-f]{3})$/.exec(
    COLOUR_NAMES.get(word) ?? word,
  );
  const hex = digits?.[1] ?? digits?.[2] ?? digits?.[3]?.replace(/./g, "$&$&");
  if (hex === undefined) return readFunction(word);
  const channel = (at: number) => parseInt(hex.slice(at, at + 2), 16);
  return colourOfRgb([channel(0), channel(2), channel(4)]);
}

/** Reads `rgb(255, 136, 0)`, `hsl(32, 100%, 50%)` and `hsv(32, 100%, 100%)`. How opaque a colour is means nothing to a lamp. */
function readFunction(word: string): Colour | undefined {
  const [, names = "", list = ""] = /^(rgb|hsl|hsv)a?\(([^()]*)\)$/.exec(word) ?? [];
  const parts = list.split(",").map((part) => (names === "rgb" ? part : part.replace(/%\s*$/, "")));
  if (parts.length !== 3 && parts.length !== 4) return undefined;
  return readColour(Object.fromEntries(Array.from(names, (name, index) => [name, parts[index]])));
}

/** A colour shown as `{h, s, v, hex}` gets its RGB from `hex`, if the two differ only by rounding. */
function withHex(colour: Colour, hex: unknown): Colour {
  const shown = typeof hex === "string" ? readText(hex) : undefined;
  const isSame = shown?.rgb.every(
    (channel, index) => Math.abs(channel - (colour.rgb[index] ?? 0)) <= ROUNDING,
  );
  return shown && isSame ? { ...colour, rgb: shown.rgb } : colour;
}

/**
 * The most that RGB and HSV of one colour may differ by, in steps of 255: devices round hue to a degree, the others to a
 * byte.
 */
const ROUNDING = 8;

function formatHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Hue in degrees and two shares in percent. Beside an alpha they count to 1: so colour pickers give them, Node-RED's
 * dashboard for example (tinycolor).
 */
function readPercent(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
): [number, number, number] | undefined {
  const isOfPicker = readNumber(fields["a"]) !== undefined;
  const shares = isOfPicker ? readFields(fields, names, [360, 1, 1]) : undefined;
  return shares ? [shares[0], shares[1] * 100, shares[2] * 100] : readFields(fields, names, [360, 100, 100]);
}

/** Three numbers, each between 0 and its maximum; undefined if one is missing, no number, or out of range. */
function readFields(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
  most: readonly number[],
): [number, number, number] | undefined {
  const numbers = names.map((name) => readNumber(fields[name]));
  const fits = numbers.every(
    (number, index) => number !== undefined && number >= 0 && number <= (most[index] ?? 0),
  );
  const [a, b, c] = numbers;
  return fits && a !== undefined && b !== undefined && c !== undefined ? [a, b, c] : undefined;
}

/** Names of colours in CSS: the basic ones, their other spellings, and those often used for lamps. */
const COLOUR_NAMES: ReadonlyMap<string, string> = new Map([
  ["black", "#000000"],
  ["silver", "#c0c0c0"],
  ["gray", "#808080"],
  ["grey", "#808080"],
  ["white", "#ffffff"],
  ["maroon", "#800000"],
  ["red", "#ff0000"],
  ["purple", "#800080"],
  ["fuchsia", "#ff00ff"],
  ["magenta", "#ff00ff"],
  ["green", "#008000"],
  ["lime", "#00ff00"],
  ["olive", "#808000"],
  ["yellow", "#ffff00"],
  ["navy", "#000080"],
  ["blue", "#0000ff"],
  ["teal", "#008080"],
  ["aqua", "#00ffff"],
  ["cyan", "#00ffff"],
  ["orange", "#ffa500"],
  ["pink", "#ffc0cb"],
  ["violet", "#ee82ee"],
  ["indigo", "#4b0082"],
  ["gold", "#ffd700"],
  ["turquoise", "#40e0d0"],
  ["coral", "#ff7f50"],
  ["salmon", "#fa8072"],
  ["crimson", "#dc143c"],
]);
