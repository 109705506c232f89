import type { TuyaError } from "../../src/errors";
import type { DeviceLink } from "../link/device-link";
import { linkError, type LinkState, troubleOf } from "../link/link-state";

/**
 * Resolves when requests can be sent to the device. Rejects after `ms` milliseconds with OFFLINE, or with the cause if
 * only a person can remove it; at once if waiting makes no sense; and with the signal's reason when that aborts.
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
      else if (isVain(state)) finish(linkError(state, link.profile.name));
    };
    const timer = setTimeout(() => finish(linkError(link.state, link.profile.name)), ms);
    const remove = link.on("state", judge);
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    else judge(link.state);
  });
}

/**
 * Whether waiting makes no sense. With a wrong key it does make sense: the search for the version may still find another
 * cause.
 */
export function isVain(state: LinkState): boolean {
  return state.kind === "closed" || troubleOf(state)?.code === "NOT_CONFIGURED";
}
