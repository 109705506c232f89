import type { Dps } from "../../src/protocol/dps";
import type { ChildrenAnswer } from "../../src/session/children-question";
import type { TestRequest } from "./test";

export type { ChildrenAnswer };

/** A line of the answer of `POST tuya/children`. */
export type ChildrenLine =
  /** The gateway is being connected to, or is connected. */
  | { readonly state: "connecting" | "connected"; readonly version?: string }
  /** What came of asking for the list. */
  | { readonly list: ChildrenAnswer }
  /** A sub-device as it stands now: replaces what an earlier line said of the same cid. */
  | { readonly child: SurveyedChild }
  /** The last one. `failed` where the gateway could not be asked, and why. */
  | { readonly end: "over" }
  | { readonly end: "failed"; readonly says: string };

export interface SurveyedChild {
  readonly cid: string;
  /** As the gateway says; null = it does not say. */
  readonly online: boolean | null;
  /** A Bluetooth device the gateway hears, without a connection to it. */
  readonly nearby: boolean;
  /** Last known values. */
  readonly dps: Dps;
  /** How often it has reported by itself since the question. */
  readonly reports: number;
  /** Data points of its last report of its own, since the question. */
  readonly reported: readonly string[];
  /** Display name, where it is configured. */
  readonly name?: string;
}

/**
 * Body of `POST tuya/children`: the node of a gateway and, where the editor has another one than the server, `changed` and
 * its settings. Without `localKey` the stored key is used.
 */
export interface ChildrenRequest extends Pick<
  TestRequest,
  "name" | "deviceId" | "ip" | "port" | "version" | "localKey"
> {
  readonly gateway: string;
  readonly changed: boolean;
}
