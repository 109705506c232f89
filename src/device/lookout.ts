import type { ConnectionEnd } from "../session/connection/connection-end";
import type { Timings } from "../session/timings";
import type { Attempt } from "./attempts/attempts";

/** What a lookout uses of a session. */
export interface LookSession {
  /** Resolves when the socket is gone. */
  readonly closed: Promise<void>;
  end(end: ConnectionEnd): void;
}

export interface LookoutOptions {
  /** `pauseMs`: between two attempts. `lookIntervalMs`: until trusted addresses are tried again. */
  readonly timings: Pick<Timings, "pauseMs" | "lookIntervalMs">;
  /**
   * An attempt at a better address than the present one; undefined if there is none. `done`: trusted addresses tried
   * already.
   */
  readonly next: (done: ReadonlySet<string>) => Attempt | undefined;
  /** Opens a connection beside the present one. The caller must tell its end to `ended`. */
  readonly open: (attempt: Attempt) => LookSession;
  /** An attempt failed. True if another one at the same address can find out more. */
  readonly failed: (attempt: Attempt, end: ConnectionEnd) => boolean;
}

/**
 * Looks at other addresses of a device while it is connected: the device may be back at its configured address, or the
 * present connection may lead to something else. Opens one connection at a time, beside the present one. A session that
 * proves the key there replaces the present one.
 */
export class Lookout {
  readonly #options: LookoutOptions;
  #session: LookSession | undefined;
  #attempt: Attempt | undefined;
  /** Trusted addresses looked at since the last interval began. */
  readonly #done = new Set<string>();
  #isOn = false;
  #pauseTimer: NodeJS.Timeout | undefined;
  #intervalTimer: NodeJS.Timeout | undefined;
  /** Resolves when the socket of the last look is gone. */
  #socketGone: Promise<void> = Promise.resolve();

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** Looks now and every `lookIntervalMs`, until `stop`. Does nothing if it is looking already. */
  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#intervalTimer = setInterval(() => {
      this.#done.clear();
      this.look();
    }, this.#options.timings.lookIntervalMs);
    // Not at once: the caller is in the middle of a change of state.
    this.#pauseTimer = setTimeout(() => this.#look(), this.#options.timings.pauseMs);
  }

  /** There may be a new address to try. Does nothing before `start`, or while a connection is open. */
  look(): void {
    if (this.#isOn && !this.#pauseTimer) this.#look();
  }

  /** The attempt of this session; undefined if it is not the lookout's session. */
  attemptOf(session: LookSession): Attempt | undefined {
    return session === this.#session ? this.#attempt : undefined;
  }

  /** The lookout's session becomes the present one of the device: stops without ending it. */
  release(): void {
    this.#session = undefined;
    this.stop();
  }

  /** The lookout's session ended without proof of the key. */
  ended(end: ConnectionEnd): void {
    const attempt = this.#attempt;
    this.#session = undefined;
    if (!attempt) return;
    if (!this.#options.failed(attempt, end)) this.#done.add(attempt.ip);
    if (this.#isOn) this.#pauseTimer = setTimeout(() => this.#look(), this.#options.timings.pauseMs);
  }

  stop(): void {
    this.#isOn = false;
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = undefined;
    clearInterval(this.#intervalTimer);
    this.#done.clear();
    const session = this.#session;
    this.#session = undefined;
    this.#attempt = undefined;
    session?.end({ reason: "asked" });
  }

  /** Resolves when the socket of the last look is gone. */
  get socketGone(): Promise<void> {
    return this.#socketGone;
  }

  #look(): void {
    this.#pauseTimer = undefined;
    if (this.#session || !this.#isOn) return;
    const attempt = this.#options.next(this.#done);
    if (!attempt) return;
    this.#attempt = attempt;
    const session = this.#options.open(attempt);
    this.#session = session;
    this.#socketGone = session.closed;
  }
}
