import { type LinkState, troubleOf } from "../../link/link-state";

/** Whether a device can be used, as MQTT says it. */
export type Availability = "online" | "offline";

/**
 * Whether a device is there, for topics that everybody follows: what comes back within moments was never away, and a device
 * that sleeps by its nature is there from its first report on.
 */
export class Presence {
  readonly #holdMs: number;
  readonly #changed: () => void;
  #availability: Availability | undefined;
  #connection: string | undefined;
  #pending = "";
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param holdMs for so long a device has to be away before it is said
   * @param changed what follows is another one now
   */
  constructor(holdMs: number, changed: () => void) {
    this.#holdMs = holdMs;
    this.#changed = changed;
  }

  /** Undefined until it is known. */
  get availability(): Availability | undefined {
    return this.#availability;
  }

  /** `connected`, `asleep`, or the code of what is wrong. Undefined until it is known. */
  get connection(): string | undefined {
    return this.#connection;
  }

  /** The device's state changed; `hasValues` where it has reported some before. */
  observe(state: LinkState, hasValues: boolean): void {
    if (state.kind === "ready" && state.takesCommands) this.#enter("online", "connected");
    else if (state.kind === "asleep")
      this.#enter(this.#availability ?? (hasValues ? "online" : undefined), "asleep");
    else this.#lose(codeOf(state));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #lose(code: string): void {
    if (this.#availability === "offline") {
      this.#enter("offline", code);
      return;
    }
    this.#pending = code;
    this.#timer ??= setTimeout(() => this.#enter("offline", this.#pending), this.#holdMs);
  }

  #enter(availability: Availability | undefined, connection: string): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (availability === this.#availability && connection === this.#connection) return;
    this.#availability = availability;
    this.#connection = connection;
    this.#changed();
  }
}

/** Why a device cannot be used, by the codes of errors. */
function codeOf(state: LinkState): string {
  const trouble = troubleOf(state);
  if (trouble) return trouble.code;
  if (state.kind === "searching") return "NOT_FOUND";
  // What answers in clear does not prove its key.
  return state.kind === "ready" ? "KEY_OR_VERSION" : "OFFLINE";
}
