import type { DataPoint } from "../datapoint";
import type { DpValue } from "../../protocol/dps";

/**
 * A value in the JSON type the device needs, or what it takes instead, as the end of "… takes"; `converted` is the value
 * in device units where only its size is wrong, `remedy` a sentence about what to do instead.
 */
export type Coerced =
  | { readonly value: DpValue }
  | { readonly expects: string; readonly converted?: DpValue | undefined; readonly remedy?: string };

/**
 * How the values of one kind of data point look in messages, and how they go back. What `decode` makes of a device's
 * value, `encode` turns into that value again, given the last value the device reported.
 */
export interface Conversion {
  /** A reported value as messages show it. What does not fit passes unchanged. */
  decode(raw: DpValue, dataPoint: DataPoint): unknown;
  /**
   * A value from a message in the exact JSON type of the data point. Real firmware turns a wrong type into 0, false or
   * the first member of an enum, and acknowledges it. `known` is the last value the device reported.
   */
  encode(value: unknown, dataPoint: DataPoint, known: DpValue | undefined): Coerced;
}
