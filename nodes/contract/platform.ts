import type { ImportedDevice } from "../../src/import/imported-device";
import type { FetchStep } from "../../src/platform/fetch-devices";
import type { PlatformProblem } from "../../src/platform/problem";

/** A `tuya-device` node that is configured for a device, and how its stored key compares with the one fetched. */
export interface ComparedNode {
  readonly nodeId: string;
  readonly name: string;
  readonly key: KeyComparison;
  /** The environment variable its key comes from, if it does: replacing the key would replace the variable. */
  readonly variable?: string;
}

/** A device as `POST tuya/platform/fetch` answers it: with all but the key. */
export interface PlatformDevice extends Omit<ImportedDevice, "localKey" | "keyState" | "keyLength"> {
  /** Characters; 0 = the platform has none for it. */
  readonly keyLength: number;
  /** `new` = no node is configured for it. `same`, `other`: than that of all, or any, of `nodes`. */
  readonly keyState: "new" | "same" | "other" | "none";
  readonly nodes: readonly ComparedNode[];
}

/** How a key compares with the stored one of a node: `none` = no such node, or it has no key. */
export type KeyComparison = "same" | "other" | "none";

/** A line of the answer of `POST tuya/platform/fetch`: steps, and last one of the other two. */
export type FetchLine = FetchStep | { readonly problem: PlatformProblem } | Fetched;

export interface Fetched {
  readonly ticket: string;
  readonly devices: readonly PlatformDevice[];
  readonly problems: readonly string[];
}
