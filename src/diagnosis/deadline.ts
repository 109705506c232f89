/** The error that waiting ends with when the signal is aborted. */
export class AbortedError extends Error {
  constructor() {
    super("The diagnosis was aborted.");
    this.name = "AbortedError";
  }
}

/** How much time a diagnosis has left, and whether it was aborted. Each wait of a diagnosis goes through here. */
export class Deadline {
  readonly #endsAt: number;
  readonly #signal: AbortSignal | undefined;

  constructor(totalMs: number, signal: AbortSignal | undefined) {
    this.#endsAt = performance.now() + totalMs;
    this.#signal = signal;
  }

  /** Milliseconds left, less `reservedMs`, which are kept for later steps. 0 if the time is over. */
  left(reservedMs = 0): number {
    return Math.max(0, this.#endsAt - reservedMs - performance.now());
  }

  /** The smaller one of `ms` and what `left` returns. */
  atMost(ms: number, reservedMs = 0): number {
    return Math.min(ms, this.left(reservedMs));
  }

  /** @throws AbortedError if the signal is aborted */
  check(): void {
    if (this.#signal?.aborted) throw new AbortedError();
  }

  /**
   * Waits for a promise, for `ms` or the milliseconds left. Undefined if it is not settled by then. If it rejects in time,
   * so does this.
   * @throws AbortedError as soon as the signal is aborted
   */
  wait<T>(promise: Promise<T>, ms: number, reservedMs = 0): Promise<T | undefined> {
    const signal = this.#signal;
    return new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        act();
      };
      const abort = (): void => end(() => reject(new AbortedError()));
      const timer = setTimeout(() => end(() => resolve(undefined)), this.atMost(ms, reservedMs));
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort, { once: true });
      promise.then(
        (value) => end(() => resolve(value)),
        (error: unknown) => end(() => reject(error)),
      );
    });
  }

  /**
   * Waits for `ms` or the milliseconds left.
   * @throws AbortedError as soon as the signal is aborted
   */
  async pause(ms: number, reservedMs = 0): Promise<void> {
    await this.wait(new Promise<never>(() => {}), ms, reservedMs);
  }
}
