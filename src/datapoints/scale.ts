import type { DataPoint } from "./datapoint";

/** How values of a data point are scaled. */
export type Scale = Pick<DataPoint, "scale" | "divisor">;

/** Converts a number from device units to people's units. */
export function toPeople(raw: number, { scale, divisor }: Scale): number {
  if (divisor !== undefined) return withoutNoise(raw / divisor);
  // A whole number divided by an exact power of ten is the nearest double to the decimal: no 230.10000000000002.
  return raw / 10 ** scale;
}

/** Converts a number from people's units to device units, fractions included, without rounding errors. */
export function toDevice(value: number, { scale, divisor }: Scale): number {
  if (divisor !== undefined) return withoutNoise(value * divisor);
  // The decimal point is moved in the text, as people do it: 1.005 with scale 2 is 100.5.
  const [digits = "", exponent = 0] = String(value).split("e");
  return Number(`${digits}e${Number(exponent) + scale}`);
}

/** So many digits of a product or quotient of two numbers are exact: 153 / 2.55 is 60, not 60.00000000000001. */
const EXACT_DIGITS = 15;

function withoutNoise(number: number): number {
  return Number(number.toPrecision(EXACT_DIGITS));
}
