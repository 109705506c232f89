import type { Dps } from "../../src/protocol/dps";
import type { TestRequest } from "./test";

/** One line of the answer of `POST tuya/learn`. */
export type LearnLine =
  /** Where the connection stands. `says`: why values cannot come, and what to do. */
  | { readonly state: "searching" | "connecting" | "listening"; readonly ip?: string }
  | { readonly state: "trouble"; readonly says: string; readonly code?: string }
  /**
   * Values. `pushed`: the device spoke by itself, rather than in answer to a query; `asked`: it was asked to measure a
   * moment ago, so that values that are no news say nothing.
   */
  | { readonly dps: Dps; readonly pushed: boolean; readonly asked: boolean }
  /** A sign of life, so that a browser that is gone is noticed. */
  | { readonly ping: true }
  /** The last line, where the server ends it. */
  | { readonly end: "time"; readonly says: string };

/** Body of `POST tuya/learn`. */
export interface LearnRequest extends TestRequest {
  /** Numbers of the data points the device is to measure again and again; empty = as its values suggest. */
  readonly refreshDps: readonly number[];
}
