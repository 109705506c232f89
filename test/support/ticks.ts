const TICK_MS = 5;

/**
 * A clock that stands still while the machine is busy with other things: counts how often a timer of 5 ms fires, and one
 * that is late is one all the same. Whatever waits in this process is late by as much, so that a bound on how long
 * something waits holds on any machine. It tells nothing of time spent computing.
 */
export class Ticks {
  #count = 0;
  readonly #timer = setInterval(() => this.#count++, TICK_MS);

  /** Milliseconds since it was made, at most; pauses of the machine are left out. */
  get ms(): number {
    return this.#count * TICK_MS;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** How long something waits, in milliseconds of `Ticks`. Where it rejects, so does this. */
export async function ticksOf(act: () => Promise<unknown>): Promise<number> {
  const ticks = new Ticks();
  try {
    await act();
    return ticks.ms;
  } finally {
    ticks.stop();
  }
}
