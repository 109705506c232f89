import type { Dps } from "../../src/protocol/dps";
import type { TestRequest } from "./test";

/** One line of the answer of `POST tuya/learn`. */
export type LearnLine =
  /** The state of the connection; `says`: why no values can come, and what to do. */
  | { readonly state: "searching" | "connecting" | "listening"; readonly ip?: string }
  | { readonly state: "trouble"; readonly says: string; readonly code?: string }
  /**
   * Values. `pushed`: the device reported by itself, not as the answer to a query. `asked`: it was asked to measure a
   * moment ago, so unchanged values mean nothing.
   */
  | { readonly dps: Dps; readonly pushed: boolean; readonly asked: boolean }
  /** Sent regularly, so that a browser that is gone is noticed. */
  | { readonly ping: true }
  /** The last line, if the server ends it. */
  | { readonly end: "time"; readonly says: string };

/** Body of `POST tuya/learn`. */
export interface LearnRequest extends TestRequest {
  /** Numbers of the data points that the device is asked to measure regularly; empty = chosen by its values. */
  readonly refreshDps: readonly number[];
}
