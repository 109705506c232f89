import type { DataPoint } from "./datapoint";

/** How values of a data point are scaled. */
export type Scale = Pick<DataPoint, "scale" | "divisor">;

/** Converts a number from device units to people's units. */
export function toPeople(raw: number, { scale, divisor }: Scale): number {
  // A whole number divided by an exact power of ten is the nearest double to the decimal: no 230.10000000000002.
  return raw / (divisor ?? 10 ** scale);
}

/** Converts a number from people's units to device units, fractions included, without rounding errors. */
export function toDevice(value: number, { scale, divisor }: Scale): number {
  if (divisor !== undefined) return Number((value * divisor).toPrecision(NOISE_FREE_DIGITS));
  // 1.005 with scale 2 is 100.5.
  const text = String(value);
  return text.includes("e") ? value * 10 ** scale : Number(`${text}e${scale}`);
}

/** How many digits of a product of two numbers are exact. */
const NOISE_FREE_DIGITS = 15;
