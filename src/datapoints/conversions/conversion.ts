import type { DataPoint } from "../datapoint";
import type { DpValue } from "../../protocol/dps";

/**
 * A value in the JSON type the device needs; or, if there is none, `expects`: the end of a sentence "… takes".
 * `converted` is the value in device units if it is only too large or too small. `remedy` is a sentence about what to do
 * instead.
 */
export type Coerced =
  | { readonly value: DpValue }
  | { readonly expects: string; readonly converted?: DpValue | undefined; readonly remedy?: string };

/**
 * How the values of one kind of data point are written in messages, and converted back for the device. `encode` reverses
 * `decode`, given the last value the device reported.
 */
export interface Conversion {
  /** A reported value as messages show it. A value that does not fit is returned unchanged. */
  decode(raw: DpValue, dataPoint: DataPoint): unknown;
  /**
   * A value from a message in the exact JSON type of the data point. Real firmware turns a wrong type into 0, false or
   * the first member of an enum, and acknowledges it. `known` is the last value the device reported.
   */
  encode(value: unknown, dataPoint: DataPoint, known: DpValue | undefined): Coerced;
}
