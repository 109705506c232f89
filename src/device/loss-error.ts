import type { TuyaError } from "../errors";
import type { ConnectionEnd } from "../session/connection/connection-end";
import { connectionError, lostError, offlineError, verdictError } from "../session/failure";
import { DEFAULT_PORT } from "../limits";
import type { DeviceSettings } from "./types";

/** The error of a request that was open when the connection to `ip` ended. `wasSent`: whether it had been sent. */
export function lossError(
  end: ConnectionEnd,
  wasSent: boolean,
  ip: string,
  { name: shown, deviceId, port = DEFAULT_PORT, version: configured }: DeviceSettings,
): TuyaError {
  const name = shown || deviceId;
  const speaks = end.reason === "undecryptable" ? end.marker : undefined;
  const cause =
    speaks && configured !== "auto" && speaks !== configured
      ? verdictError({ verdict: "other-version", configured, speaks }, name)
      : connectionError(end, { name, ip, port });
  return wasSent ? lostError(name, cause) : offlineError(name, cause);
}
