import { TuyaError } from "../errors";
import { isPort } from "../limits";
import { parseLocalKey } from "../protocol/cipher";
import type { DeviceSettings } from "./types";

/** The error for settings without which no connection is possible; undefined if the settings are usable. */
export function settingsError({ localKey, port = 1 }: DeviceSettings, name: string): TuyaError | undefined {
  if (!parseLocalKey(localKey)) return keyError(name, localKey.length);
  return isPort(port)
    ? undefined
    : new TuyaError("NOT_CONFIGURED", `The port of ${name} is no number from 1 to 65535. Devices use 6668.`);
}

/** The error of a key that is not 16 bytes long. @param length in characters */
export function keyError(name: string, length: number): TuyaError {
  switch (length) {
    case 0:
      return new TuyaError("NOT_CONFIGURED", `${name} has no local key. Enter the 16 characters of its key.`);
    case 16:
      return new TuyaError(
        "NOT_CONFIGURED",
        `The local key of ${name} has a character that no key has. Copy it again from where it was shown first.`,
      );
    default:
      return new TuyaError(
        "NOT_CONFIGURED",
        `The local key of ${name} has ${length} characters instead of 16. Copy it again, without quotes or blanks.`,
      );
  }
}
