export interface PaceOptions {
  /** How long a device may take to free the place of a connection that ended, in milliseconds. */
  readonly pauseMs: number;
  readonly attempt: () => void;
  /** No attempt before this resolves: an earlier connection to the same device is still closing. */
  readonly after?: Promise<void> | undefined;
}

/** When to make the next attempt: as soon as wanted, but not before the device has freed the place of the last one. */
export class Pace {
  readonly #options: PaceOptions;
  #timer: NodeJS.Timeout | undefined;
  /** By the clock of `performance.now`; Infinity while an earlier connection is closing. */
  #placeFreeAt = 0;
  /** Whether an attempt waits for an earlier connection to close. */
  #isBlocked = false;

  constructor(options: PaceOptions) {
    this.#options = options;
    if (!options.after) return;
    this.#placeFreeAt = Infinity;
    const unblock = (): void => {
      this.notePlaceTaken();
      if (this.#isBlocked) this.attemptIn(0);
    };
    options.after.then(unblock, unblock);
  }

  /** One attempt after `ms`, instead of any that was to come. */
  attemptIn(ms: number): void {
    this.stop();
    const waitMs = Math.max(ms, this.#placeFreeAt - performance.now());
    if (waitMs === Infinity) this.#isBlocked = true;
    else if (waitMs > 0) this.#timer = setTimeout(this.#options.attempt, waitMs);
    else this.#options.attempt();
  }

  /** No attempt is to come. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#isBlocked = false;
  }

  /** A connection that occupied one of the device's places ends now. */
  notePlaceTaken(): void {
    this.#placeFreeAt = performance.now() + this.#options.pauseMs;
  }
}
