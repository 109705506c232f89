import type { KeyState } from "../../src/local-key";

/**
 * The answer of `GET tuya/keys`: what is stored for each deployed `tuya-device` that needs a key, by the id of its node. Those
 * that are disabled are among them, sub-devices are not.
 */
export type StoredKeyStates = Readonly<Record<string, KeyState>>;
