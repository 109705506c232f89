import type { Dps } from "../../src/protocol/dps";
import type { ChildrenAnswer } from "../../src/session/requests/children-question";
import type { TestRequest } from "./test";

export type { ChildrenAnswer };

/** A line of the answer of `POST tuya/children`. */
export type ChildrenLine =
  /** The gateway is being connected to, or is connected. */
  | { readonly state: "connecting" | "connected"; readonly version?: string }
  /** The result of asking for the list. */
  | { readonly list: ChildrenAnswer }
  /** The present state of a sub-device: replaces an earlier line with the same cid. */
  | { readonly child: SurveyedChild }
  /** The last line. `failed`: the gateway could not be asked; `says` tells why. */
  | { readonly end: "over" }
  | { readonly end: "failed"; readonly says: string };

/** A sub-device that the gateway has listed, or that has reported, and what is known of it by now. */
export interface SurveyedChild {
  readonly cid: string;
  /** As the gateway reported it; null = not known. */
  readonly online: boolean | null;
  /** A Bluetooth device the gateway hears, without a connection to it. */
  readonly nearby: boolean;
  /** Last known values. */
  readonly dps: Dps;
  /** How often it has reported by itself since the request. */
  readonly reports: number;
  /** Data points in the last of these reports. */
  readonly reported: readonly string[];
  /** Display name of the deployed node for it; absent if there is none. */
  readonly name?: string;
}

/**
 * Body of `POST tuya/children`: the node of a gateway and, if the editor has other settings for it than the deployed
 * ones, `changed` and its settings. Without `localKey` the stored key is used.
 */
export interface ChildrenRequest extends Pick<
  TestRequest,
  "name" | "deviceId" | "ip" | "port" | "version" | "localKey"
> {
  /** The id of the gateway's node. */
  readonly gateway: string;
  readonly changed: boolean;
}
