import type { ImportedDevice } from "../../src/import/imported-device";
import type { FetchRequest, FetchStep } from "../../src/platform/fetch-devices";
import type { PlatformProblem } from "../../src/platform/problem";
import type { KeyComparison } from "./keys";

/** Body of `POST tuya/platform/fetch`. */
export type { FetchRequest };

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
  /**
   * `none`: the platform has no key for it. Otherwise `new`: no node is configured for it; `same`: all of `nodes` have this
   * key; `other`: at least one has another key, or none.
   */
  readonly keyState: "new" | "same" | "other" | "none";
  /** The deployed nodes for it. */
  readonly nodes: readonly ComparedNode[];
}

/** A line of the answer of `POST tuya/platform/fetch`: steps, then one of the other two. */
export type FetchLine = FetchStep | { readonly problem: PlatformProblem } | Fetched;

/** The last line of a fetch that succeeded. */
export interface Fetched {
  /** Stands for the fetched keys, which stay on the server: see `KeysToStore`. */
  readonly ticket: string;
  readonly devices: readonly PlatformDevice[];
  /** A sentence for each thing that could not be fetched. */
  readonly problems: readonly string[];
}

/**
 * Body of `POST tuya/platform/apply`: the next deploy gives these nodes their fetched keys. It uses up
 * the ticket.
 */
export interface KeysToStore {
  readonly ticket: string;
  /** The device ids, by the ids of their nodes. A node need not exist yet. */
  readonly nodes: Readonly<Record<string, string>>;
}

/** The answer of `POST tuya/platform/apply`. */
export interface KeysStored {
  /** The number of nodes. */
  readonly stored: number;
}
