import type { Random } from "../random";
import type { Dps } from "../../protocol/dps";

/** A data point that is on or off. */
export const SWITCH = { kind: "bool" } as const;
/** A number that is only reported. */
export const METER = { kind: "value", readOnly: true } as const;
/** Bits of faults, only reported. */
export const FAULT = { kind: "bitmap", readOnly: true } as const;

/** The value of a number; 0 where there is none. */
export function numberOf(dps: Dps, dp: string): number {
  const value = dps[dp];
  return typeof value === "number" ? value : 0;
}

/** A value that wanders by up to `stride` a step and stays between two limits. */
export function wander(
  value: number,
  stride: number,
  [min, max]: readonly [number, number],
  random: Random,
): number {
  return Math.round(Math.min(max, Math.max(min, value + (random() * 2 - 1) * stride)));
}
