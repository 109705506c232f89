import { type LinkState, troubleOf } from "../../link/link-state";

/** The payload of the availability topic. */
export type Availability = "online" | "offline";

/**
 * The availability of a device, for MQTT. A device that comes back within moments counts as online all the time, and a
 * sleepy device is online from its first report on.
 */
export class Presence {
  readonly #holdMs: number;
  readonly #changed: () => void;
  #availability: Availability | undefined;
  #connection: string | undefined;
  #pending = "";
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param holdMs how long a device must be away before it counts as offline
   * @param changed called when `availability` or `connection` has changed
   */
  constructor(holdMs: number, changed: () => void) {
    this.#holdMs = holdMs;
    this.#changed = changed;
  }

  /** Undefined until it is known. */
  get availability(): Availability | undefined {
    return this.#availability;
  }

  /** `connected`, `asleep`, or an error code. Undefined until it is known. */
  get connection(): string | undefined {
    return this.#connection;
  }

  /** The state of the device has changed. `hasValues`: it has reported values before. */
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

/** The error code that says why a device cannot be used. */
function codeOf(state: LinkState): string {
  const trouble = troubleOf(state);
  if (trouble) return trouble.code;
  if (state.kind === "searching") return "NOT_FOUND";
  // The device answers, but in clear, which does not prove the key.
  return state.kind === "ready" ? "KEY_OR_VERSION" : "OFFLINE";
}
