import type { Coerced, Conversion } from "./conversion";
import type { DataPoint } from "../datapoint";
import { readNumber } from "../notation/number";

/** A number with a scale, limits in device units, and a direction. */
export const INTEGER: Conversion = {
  decode(raw, dataPoint) {
    if (typeof raw !== "number") return raw;
    // A whole number divided by an exact power of ten is the nearest double to the decimal: no 230.10000000000002.
    return turn(raw, dataPoint) / 10 ** dataPoint.scale;
  },
  encode: (value, dataPoint) => encodeInteger(value, dataPoint),
};

/** A whole number in device units, within the limits of the data point. */
export function encodeInteger(value: unknown, dataPoint: DataPoint): Coerced {
  const { min, max, scale } = dataPoint;
  const expects = `a number${describeRange(dataPoint)}`;
  const parsed = readNumber(value);
  if (parsed === undefined) return { expects };
  // Adding 0 turns -0 into 0.
  const integer = turn(Math.round(toDeviceUnits(parsed, scale)) + 0, dataPoint);
  if (!Number.isSafeInteger(integer)) return { expects };
  const fits = (min === undefined || integer >= min) && (max === undefined || integer <= max);
  return fits ? { value: integer } : { expects, converted: integer };
}

/** The same value counted from the other end of the range, where the device does so. Percent where no range is known. */
function turn(raw: number, { invert, min = 0, max = 100 }: DataPoint): number {
  return invert ? min + max - raw : raw;
}

/** People's units to device units, without the noise of binary fractions: 1.005 with scale 2 is 100.5. */
function toDeviceUnits(value: number, scale: number): number {
  const text = String(value);
  return text.includes("e") ? value * 10 ** scale : Number(`${text}e${scale}`);
}

function describeRange({ min, max, scale, unit }: DataPoint): string {
  const show = (limit: number) => `${limit / 10 ** scale}`;
  const suffix = unit === undefined ? "" : ` ${unit}`;
  if (min !== undefined && max !== undefined) return ` from ${show(min)} to ${show(max)}${suffix}`;
  if (min !== undefined) return ` of at least ${show(min)}${suffix}`;
  return max === undefined ? "" : ` of at most ${show(max)}${suffix}`;
}
