import type { DeviceNode } from "./red";

/**
 * Node-RED's text for a stored password, which itself never comes to the browser. It stands in the field and, after a
 * dialog was closed, in the node; if it comes back with a deploy, the stored value is kept.
 */
export const STORED = "__PWRD__";

/** What the editor knows of the credentials of a `tuya-device`. */
export interface KnownCredentials {
  /** A key that was entered or imported and is not deployed yet, "" if it was removed; or `STORED`. */
  readonly localKey?: string;
  /** Whether there is a key, stored or not. */
  readonly has_localKey?: boolean;
}

/** A `tuya-device` with its credentials; they are undefined while the editor has not asked the server for them. */
export type DeviceWithCredentials = DeviceNode & { credentials?: KnownCredentials | undefined };

/** The key that a device got in the editor since the last deploy, "" if it was removed; undefined = the stored one counts. */
export function undeployedKey({ credentials }: DeviceWithCredentials): string | undefined {
  const key = credentials?.localKey;
  return key === STORED ? undefined : key;
}
