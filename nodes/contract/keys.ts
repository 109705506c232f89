import type { KeyState } from "../../src/local-key";

/**
 * The answer of `GET tuya/keys`: the state of the stored key of each deployed `tuya-device` that needs one, by the id of
 * its node. Disabled nodes are included, sub-devices are not.
 */
export type StoredKeyStates = Readonly<Record<string, KeyState>>;
