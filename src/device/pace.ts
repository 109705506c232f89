/** Who makes the attempts. */
export interface PaceOwner {
  attempt(): void;
}

/**
 * When to make the next attempt: as soon as asked for, but not before the device has freed the place of the last
 * connection.
 */
export class Pace {
  readonly #pauseMs: number;
  readonly #owner: PaceOwner;
  #timer: NodeJS.Timeout | undefined;
  /** When the place is free, by `performance.now()`; Infinity while an earlier connection is closing. */
  #placeFreeAt = 0;
  /** Whether an attempt waits for an earlier connection to close. */
  #isBlocked = false;

  /**
   * @param pauseMs how long a device may take to free the place of a connection that ended, in milliseconds
   * @param after no attempt is made before this resolves: an earlier connection to the same device is still closing
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

  /** Makes one attempt after `ms` milliseconds. Replaces an attempt that was planned before. */
  attemptIn(ms: number): void {
    this.stop();
    const waitMs = Math.max(ms, this.#placeFreeAt - performance.now());
    if (waitMs === Infinity) this.#isBlocked = true;
    else if (waitMs > 0) this.#timer = setTimeout(() => this.#owner.attempt(), waitMs);
    else this.#owner.attempt();
  }

  /** Cancels the planned attempt. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#isBlocked = false;
  }

  /** A connection that used one of the device's places ends now. */
  notePlaceTaken(): void {
    this.#placeFreeAt = performance.now() + this.#pauseMs;
  }
}
