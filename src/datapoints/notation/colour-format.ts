import { type Colour, colourOfPercent, type Rgb } from "./colour";
import type { DataPoint } from "../datapoint";
import type { DpValue } from "../../protocol/dps";
import { parseObject } from "./json-text";

/**
 * How a lamp writes colours, with hue from 0 to 360 in all of them:
 *
 *     rgb-hsv   rrggbb hhhh ss vv    14 hex digits, s and v to 255
 *     hsv       hhhh ssss vvvv       12 hex digits, s and v to 1000
 *     json      {"h":…,"s":…,"v":…}  s and v to 255 or 1000; as a text, or as an object
 */
export type ColourFormat =
  | { readonly kind: "rgb-hsv" | "hsv" }
  | { readonly kind: "json"; readonly steps: number; readonly isText: boolean };

const MAX_HUE = 360;
const STEPS_8_BIT = 255;
const STEPS = 1000;

/** Rounding error of a channel: 85 may have become 84.999999. */
const NOISE = 1e-6;

const COLOUR_CODE = /^colou?r(?:_data)?(?:_v2|_hsv)?(?:_\d)?$/;

/** Whether a data point holds a colour: by its code, and by its type if that is configured. */
export function isColour({ code, type }: DataPoint): boolean {
  return (
    COLOUR_CODE.test(code) && type !== "Boolean" && type !== "Integer" && type !== "Enum" && type !== "Bitmap"
  );
}

/** A colour that a device reported, and how it writes colours. */
export interface DecodedColour {
  readonly colour: Colour;
  readonly format: ColourFormat;
}

/** The colour in a reported value, and its format; undefined if it is no colour. */
export function decodeColour(
  raw: DpValue | undefined,
  dataPoint: DataPoint | undefined,
): DecodedColour | undefined {
  if (typeof raw === "string" && /^(?:[\da-f]{12}|[\da-f]{14})$/i.test(raw)) return decodeHex(raw);
  const isText = typeof raw === "string";
  const fields = (isText ? parseObject(raw) : raw) as Readonly<Record<string, unknown>> | null | undefined;
  if (typeof fields !== "object" || fields === null) return undefined;
  const { h, s, v } = fields;
  if (!isStep(h, MAX_HUE) || !isStep(s, STEPS) || !isStep(v, STEPS)) return undefined;
  const steps = Math.max(s, v) > STEPS_8_BIT ? STEPS : jsonSteps(dataPoint);
  return { colour: colourOfSteps(h, s, v, steps), format: { kind: "json", steps, isText } };
}

/** The format to expect if no colour was reported yet, by the code and the number of the data point. */
export function usualFormat({ dp, code, max }: Pick<DataPoint, "dp" | "code" | "max">): ColourFormat {
  if (max === STEPS_8_BIT) return { kind: "rgb-hsv" };
  const isOld = dp === "5" && max === undefined && !code.includes("_v2");
  return { kind: isOld ? "rgb-hsv" : "hsv" };
}

/** A colour as the device needs it. Steps are rounded down, so that the digits are those of tinytuya. */
export function encodeColour({ h, s, v, rgb }: Colour, format: ColourFormat): DpValue {
  const hue = Math.trunc(h);
  switch (format.kind) {
    case "rgb-hsv": {
      const bytes = [Math.trunc(s * STEPS_8_BIT), Math.trunc(v * STEPS_8_BIT)];
      return [
        ...rgb.map((channel) => hex(Math.trunc(channel + NOISE), 2)),
        hex(hue, 4),
        ...bytes.map((byte) => hex(byte, 2)),
      ].join("");
    }
    case "hsv":
      return [hue, Math.trunc(s * STEPS), Math.trunc(v * STEPS)].map((step) => hex(step, 4)).join("");
    case "json": {
      const fields = { h: hue, s: Math.trunc(s * format.steps), v: Math.trunc(v * format.steps) };
      return format.isText ? JSON.stringify(fields) : fields;
    }
  }
}

function decodeHex(raw: string): DecodedColour | undefined {
  const number = (from: number, to: number) => parseInt(raw.slice(from, to), 16);
  if (raw.length === 12) {
    const [h, s, v] = [number(0, 4), number(4, 8), number(8, 12)];
    if (h > MAX_HUE || s > STEPS || v > STEPS) return undefined;
    return { colour: colourOfSteps(h, s, v, STEPS), format: { kind: "hsv" } };
  }
  const rgb: Rgb = [number(0, 2), number(2, 4), number(4, 6)];
  const h = number(6, 10);
  if (h > MAX_HUE) return undefined;
  const colour = colourOfSteps(h, number(10, 12), number(12, 14), STEPS_8_BIT);
  return { colour: { ...colour, rgb }, format: { kind: "rgb-hsv" } };
}

function colourOfSteps(h: number, s: number, v: number, steps: number): Colour {
  return colourOfPercent(h, (s / steps) * 100, (v / steps) * 100);
}

/** Whether s and v count to 255 or to 1000, if the value does not show it. `colour_data` counts to 255, except on DP 24. */
function jsonSteps(dataPoint: DataPoint | undefined): number {
  if (dataPoint?.max === STEPS_8_BIT || dataPoint?.max === STEPS) return dataPoint.max;
  return dataPoint && dataPoint.dp !== "24" && !dataPoint.code.includes("_v2") ? STEPS_8_BIT : STEPS;
}

function isStep(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}
