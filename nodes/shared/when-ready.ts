import { isHopeless } from "../../src/device/failure";
import type { TuyaError } from "../../src/errors";
import type { DeviceLink } from "./device-link";
import { linkError, type LinkState } from "./link-state";

/**
 * Resolves once requests reach the device. Rejects with OFFLINE after `ms`, at once with a cause only a human can mend,
 * and with the signal's reason when that aborts: nothing is left behind then.
 */
export function whenReady(link: DeviceLink, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: TuyaError): void => {
      clearTimeout(timer);
      remove();
      signal.removeEventListener("abort", abort);
      if (error) reject(error);
      else resolve();
    };
    const abort = (): void => finish(signal.reason as TuyaError);
    const judge = (state: LinkState): void => {
      if (state.kind === "ready") finish();
      else if (isFinal(state)) finish(linkError(state, link.profile.name));
    };
    const timer = setTimeout(() => finish(linkError(link.state, link.profile.name)), ms);
    const remove = link.on("state", judge);
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    else judge(link.state);
  });
}

/** Whether waiting is in vain. */
function isFinal(state: LinkState): boolean {
  switch (state.kind) {
    case "noDevice":
    case "notConfigured":
    case "closed":
      return true;
    case "waiting":
    case "gatewayOffline":
      return isHopeless(state.error);
    case "idle":
    case "searching":
    case "connecting":
    case "checking":
    case "ready":
    case "asleep":
    case "childOffline":
      return false;
  }
}
