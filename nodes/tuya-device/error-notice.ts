import type { ErrorCode, TuyaError } from "../../src/errors";
import type { LinkState } from "../link/link-state";

/** What an error notice calls. */
export interface ErrorNoticeOwner {
  /** An error with a code that was not raised since the device last worked. */
  raise(error: TuyaError): void;
  /** The device works again, `ms` milliseconds after the first error. */
  recovered(ms: number): void;
}

/**
 * Raises one error per cause from the states of a device, however many attempts fail. Waits for `start`: errors raised
 * while the flows are being built reach no Catch node.
 */
export class ErrorNotice {
  readonly #owner: ErrorNoticeOwner;
  /** Made when it is needed. */
  #raised: Set<ErrorCode> | undefined;
  #pending: TuyaError[] | undefined = [];
  #since: number | undefined;

  constructor(owner: ErrorNoticeOwner) {
    this.#owner = owner;
  }

  /** The flows are running. */
  start(): void {
    const pending = this.#pending ?? [];
    this.#pending = undefined;
    for (const error of pending) this.#owner.raise(error);
  }

  /** The device entered a state. */
  observe(state: LinkState): void {
    switch (state.kind) {
      case "waiting":
        // A connection that ended is not raised at once: the next attempt may succeed, or its error is raised.
        this.#note(state.error, state.error.code !== "OFFLINE");
        return;
      case "notConfigured":
      case "childOffline":
        this.#note(state.error, true);
        return;
      case "ready":
        // Without proof of the key, and therefore without commands, it may be another device.
        if (state.takesCommands) this.#end(true);
        return;
      case "idle":
      case "closed":
        this.#end(false);
        return;
      // Not raised here: the gateway's node raises the gateway's errors.
      case "gatewayOffline":
      case "noDevice":
      case "asleep":
      case "searching":
      case "connecting":
      case "checking":
        return;
    }
  }

  #note(error: TuyaError, isRaised: boolean): void {
    this.#since ??= performance.now();
    if (!isRaised || this.#raised?.has(error.code)) return;
    this.#raised ??= new Set();
    this.#raised.add(error.code);
    if (this.#pending) this.#pending.push(error);
    else this.#owner.raise(error);
  }

  #end(isRecovery: boolean): void {
    const since = this.#since;
    this.#since = undefined;
    this.#raised = undefined;
    if (this.#pending) this.#pending = [];
    if (isRecovery && since !== undefined) this.#owner.recovered(performance.now() - since);
  }
}

/** A duration as people say it: `340 ms`, `12 s`, `5 min`, `3 h 20 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}
