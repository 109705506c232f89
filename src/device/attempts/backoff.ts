/**
 * Share by which a wait is lengthened or shortened at random, so that forty devices do not all connect at the same
 * moment.
 */
const JITTER = 0.2;

/** See `Timings`. */
export interface Waits {
  readonly backoffMs: readonly number[];
  readonly hopelessBackoffMs: number;
}

/** How long to wait before the next attempt: longer each time, ±20 %. */
export class Backoff {
  readonly #waits: Waits;
  readonly #random: () => number;
  #failures = 0;

  /** @param random 0 ≤ x < 1 */
  constructor(waits: Waits, random: () => number) {
    this.#waits = waits;
    this.#random = random;
  }

  /** The next wait, in milliseconds. */
  next(isHopeless: boolean): number {
    const { backoffMs, hopelessBackoffMs } = this.#waits;
    if (isHopeless) return this.#scatter(hopelessBackoffMs);
    const step = Math.min(this.#failures++, backoffMs.length - 1);
    return this.#scatter(backoffMs[step] ?? 0);
  }

  /** Begins with the shortest wait again. */
  reset(): void {
    this.#failures = 0;
  }

  #scatter(ms: number): number {
    return Math.round(ms * (1 - JITTER + 2 * JITTER * this.#random()));
  }
}
