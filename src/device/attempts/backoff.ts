/** Share by which a wait is lengthened or shortened at random, so that forty devices do not return in step. */
const JITTER = 0.2;

export interface BackoffOptions {
  /** Successive waits in milliseconds; the last one repeats. */
  readonly stepsMs: readonly number[];
  /** The wait where only a human can mend the cause, in milliseconds. */
  readonly hopelessMs: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

/** How long to wait before the next attempt: longer each time, ±20 %. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** The next wait, in milliseconds. */
  next(isHopeless: boolean): number {
    const { stepsMs, hopelessMs } = this.#options;
    if (isHopeless) return this.#scatter(hopelessMs);
    const step = Math.min(this.#failures++, stepsMs.length - 1);
    return this.#scatter(stepsMs[step] ?? 0);
  }

  /** Begins with the shortest wait again. */
  reset(): void {
    this.#failures = 0;
  }

  #scatter(ms: number): number {
    return Math.round(ms * (1 - JITTER + 2 * JITTER * this.#options.random()));
  }
}
