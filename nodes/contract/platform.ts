import type { ImportedDevice } from "../../src/import/imported-device";
import type { FetchStep } from "../../src/platform/fetch-devices";
import type { PlatformProblem } from "../../src/platform/problem";

/** A `tuya-device` node for a device, and whether its stored key equals the fetched one. */
export interface ComparedNode {
  readonly nodeId: string;
  readonly name: string;
  readonly key: KeyComparison;
  /** The environment variable that its key comes from; storing a key would replace the variable. */
  readonly variable?: string;
}

/** A device in the answer of `POST tuya/platform/fetch`: without its key. */
export interface PlatformDevice extends Omit<ImportedDevice, "localKey" | "keyState" | "keyLength"> {
  /** In characters; 0 = the platform has no key for it. */
  readonly keyLength: number;
  /** `new`: no node is configured for it. `same`: all of `nodes` have this key. `other`: at least one has another key. */
  readonly keyState: "new" | "same" | "other" | "none";
  readonly nodes: readonly ComparedNode[];
}

/** Whether a key equals the stored one of a node. `none`: there is no such node, or it has no key. */
export type KeyComparison = "same" | "other" | "none";

/** A line of the answer of `POST tuya/platform/fetch`: steps, then one of the other two. */
export type FetchLine = FetchStep | { readonly problem: PlatformProblem } | Fetched;

/** The last line of a fetch that succeeded. */
export interface Fetched {
  /** Stands for the fetched keys, which stay on the server, in later requests that use them. */
  readonly ticket: string;
  readonly devices: readonly PlatformDevice[];
  /** A sentence for each thing that could not be fetched. */
  readonly problems: readonly string[];
}
