import type { KeyState } from "../../src/local-key";

/**
 * The answer of `GET tuya/keys`: the state of the stored key of each deployed `tuya-device` that needs one, by the id of
 * its node. Disabled nodes are included, sub-devices are not.
 */
export type StoredKeyStates = Readonly<Record<string, KeyState>>;

/** Body of `POST tuya/keys/compare`. */
export interface KeysToCompare {
  readonly keys: readonly { readonly nodeId: string; readonly localKey: string }[];
}

/** Whether a key equals the stored one of a node. `none`: there is no such node, or it has no key. */
export type KeyComparison = "same" | "other" | "none";

/** The answer of `POST tuya/keys/compare`, by node id. It contains no key. */
export type ComparedKeys = Readonly<Record<string, KeyComparison>>;
