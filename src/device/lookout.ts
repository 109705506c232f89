import type { ConnectionEnd } from "../session/connection-end";
import type { Session } from "../session/session";
import type { Timings } from "../session/timings";
import type { Attempt } from "./attempts/attempts";

export interface LookoutOptions {
  /** `pauseMs` between two attempts that follow each other, `lookIntervalMs` until trusted addresses are looked at again. */
  readonly timings: Pick<Timings, "pauseMs" | "lookIntervalMs">;
  /** Another address to look at; undefined where none would be better than the present one. */
  readonly next: (done: ReadonlySet<string>) => Attempt | undefined;
  /** Opens a connection beside the present one. Its end is to be told to `ended`. */
  readonly open: (attempt: Attempt) => Session;
  /** Whether another attempt at the same address can find out more. */
  readonly failed: (attempt: Attempt, end: ConnectionEnd) => boolean;
}

/**
 * Looks at other addresses of a device while it is connected: it may be back at its own, or what it is connected to may be
 * somebody else. One connection at a time, beside the one in use. Whatever proves the key there is worth more.
 */
export class Lookout {
  readonly #options: LookoutOptions;
  #session: Session | undefined;
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

  /** Looks around now and every interval, until `stop`. Harmless when it does already. */
  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#intervalTimer = setInterval(() => {
      this.#done.clear();
      this.look();
    }, this.#options.timings.lookIntervalMs);
    // Not now: whoever calls is in the middle of something.
    this.#pauseTimer = setTimeout(() => this.#look(), this.#options.timings.pauseMs);
  }

  /** There may be something new to look at. Harmless when it is off, or busy. */
  look(): void {
    if (this.#isOn && !this.#pauseTimer) this.#look();
  }

  /** Whether this session is the look under way, and where it goes. */
  attemptOf(session: Session): Attempt | undefined {
    return session === this.#session ? this.#attempt : undefined;
  }

  /** The session of the look under way is the device's own from now on. */
  release(): void {
    this.#session = undefined;
    this.stop();
  }

  /** A look ended without proof. */
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
