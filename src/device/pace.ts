/** Who makes the attempts. */
export interface PaceOwner {
  attempt(): void;
}

/** When to make the next attempt: as soon as wanted, but not before the device has freed the place of the last one. */
export class Pace {
  readonly #pauseMs: number;
  readonly #owner: PaceOwner;
  #timer: NodeJS.Timeout | undefined;
  /** By the clock of `performance.now`; Infinity while an earlier connection is closing. */
  #placeFreeAt = 0;
  /** Whether an attempt waits for an earlier connection to close. */
  #isBlocked = false;

  /**
   * @param pauseMs how long a device may take to free the place of a connection that ended, in milliseconds
   * @param after no attempt before this resolves: an earlier connection to the same device is still closing
   */
  constructor(pauseMs: number, owner: PaceOwner, after?: Promise<void>) {
    this.#pauseMs = pauseMs;
    this.#owner = owner;
    if (!after) return;
    this.#placeFreeAt = Infinity;
    const unblock = (): void => {
      this.notePlaceTaken();
      if (this.#isBlocked) this.attemptIn(0);
    };
    after.then(unblock, unblock);
  }

  /** One attempt after `ms`, instead of any that was to come. */
  attemptIn(ms: number): void {
    this.stop();
    const waitMs = Math.max(ms, this.#placeFreeAt - performance.now());
    if (waitMs === Infinity) this.#isBlocked = true;
    else if (waitMs > 0) this.#timer = setTimeout(() => this.#owner.attempt(), waitMs);
    else this.#owner.attempt();
  }

  /** No attempt is to come. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#isBlocked = false;
  }

  /** A connection that occupied one of the device's places ends now. */
  notePlaceTaken(): void {
    this.#placeFreeAt = performance.now() + this.#pauseMs;
  }
}
