import type { Coerced, Conversion } from "./conversion";
import { asReported, reportedDecimals, reportedNumber } from "./reported-type";
import type { DataPoint } from "../datapoint";
import { readNumber } from "../notation/number";
import { toDevice, toPeople } from "../scale";
import type { DpValue } from "../../protocol/dps";

/**
 * A number with a scale, limits in device units, and a direction. If the device reports it as a text, it is sent as a
 * text.
 */
export const INTEGER: Conversion = {
  decode(raw, dataPoint) {
    const number = reportedNumber(raw);
    return number === undefined ? raw : toPeople(turn(number, dataPoint), dataPoint);
  },
  encode: (value, dataPoint, known) => asReported(encodeInteger(value, dataPoint, known), known),
};

/**
 * A number in device units, within the limits of the data point. It is whole unless the device itself has reported
 * decimals.
 */
export function encodeInteger(value: unknown, dataPoint: DataPoint, known: DpValue | undefined): Coerced {
  const { min, max } = dataPoint;
  const expects = `a number${describeRange(dataPoint)}`;
  const parsed = readNumber(value);
  if (parsed === undefined) return { expects };
  const decimals = 10 ** reportedDecimals(known);
  // Adding 0 turns -0 into 0.
  const number = turn(Math.round(toDevice(parsed, dataPoint) * decimals) / decimals + 0, dataPoint);
  if (!(Math.abs(number) <= Number.MAX_SAFE_INTEGER)) return { expects };
  const fits = (min === undefined || number >= min) && (max === undefined || number <= max);
  return fits ? { value: number } : { expects, converted: number };
}

/** For an inverted data point: the value counted from the other end of the range, which is 0 to 100 if it is not known. */
function turn(raw: number, { invert, min = 0, max = 100 }: DataPoint): number {
  return invert ? min + max - raw : raw;
}

function describeRange(dataPoint: DataPoint): string {
  const { min, max, unit } = dataPoint;
  const show = (limit: number) => `${toPeople(limit, dataPoint)}`;
  const suffix = unit === undefined ? "" : ` ${unit}`;
  if (min !== undefined && max !== undefined) return ` from ${show(min)} to ${show(max)}${suffix}`;
  if (min !== undefined) return ` of at least ${show(min)}${suffix}`;
  return max === undefined ? "" : ` of at most ${show(max)}${suffix}`;
}
