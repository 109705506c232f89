import type { DataPoint } from "./datapoint";

/** How values of a data point are scaled. */
export type Scale = Pick<DataPoint, "scale" | "divisor">;

/** A number in device units, as people say it. */
export function toPeople(raw: number, { scale, divisor }: Scale): number {
  // A whole number divided by an exact power of ten is the nearest double to the decimal: no 230.10000000000002.
  return raw / (divisor ?? 10 ** scale);
}

/** A number of people's in device units, fractions included, without the noise of binary fractions. */
export function toDevice(value: number, { scale, divisor }: Scale): number {
  if (divisor !== undefined) return Number((value * divisor).toPrecision(NOISE_FREE_DIGITS));
  // 1.005 with scale 2 is 100.5.
  const text = String(value);
  return text.includes("e") ? value * 10 ** scale : Number(`${text}e${scale}`);
}

/** Digits of a product of two doubles that noise does not reach. */
const NOISE_FREE_DIGITS = 15;
