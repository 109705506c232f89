import { isPort } from "../../../src/limits";
import { isPlainObject } from "../../runtime/properties";

/** `tuyaDevicePlatform` of `settings.js`. */
export interface PlatformSettings {
  /** `tuyaDevicePlatform: false` forbids all requests to the Tuya platform. */
  readonly isAllowed: boolean;
  /**
   * For tests: a server on this port of 127.0.0.1 is used in place of the platform. No other host can be named, because
   * access secrets are sent there.
   */
  readonly loopbackPort: number | undefined;
}

export function readPlatformSettings(value: unknown): PlatformSettings {
  const port = isPlainObject(value) ? value["loopbackPort"] : undefined;
  if (port === undefined) return { isAllowed: value !== false, loopbackPort: undefined };
  // A faulty value must not lead a test to the real platform.
  return isPort(port)
    ? { isAllowed: true, loopbackPort: port }
    : { isAllowed: false, loopbackPort: undefined };
}
