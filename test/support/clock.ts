interface Due {
  readonly id: number;
  at: number;
  readonly everyMs: number | undefined;
  readonly act: () => void;
}

type TimerName =
  "setTimeout" | "setInterval" | "setImmediate" | "clearTimeout" | "clearInterval" | "clearImmediate";

/**
 * Time that passes only when a test says so: timers, immediates and `performance.now` in step. What a timer sets in
 * motion with promises goes on between the milliseconds. Sockets stand still: for tests of what uses none.
 */
export class Clock {
  #now = 1_000;
  #nextId = 1;
  readonly #due = new Map<object, Due>();
  #originals: [object, string, unknown][] = [];

  get now(): number {
    return this.#now;
  }

  /** Timers that are still to fire. */
  get pending(): number {
    return this.#due.size;
  }

  /** From now on until `stop`. */
  start(): void {
    const add = (act: () => void, ms: number, everyMs?: number): object => {
      const id = this.#nextId++;
      const timer = { id };
      this.#due.set(timer, { id, at: this.#now + ms, everyMs, act });
      return timer;
    };
    const remove = (timer: object): void => void this.#due.delete(timer);
    const fakes: Record<TimerName, unknown> = {
      setTimeout: (act: () => void, ms = 1) => add(act, Math.max(1, ms)),
      setInterval: (act: () => void, ms = 1) => add(act, Math.max(1, ms), Math.max(1, ms)),
      setImmediate: (act: () => void) => add(act, 0),
      clearTimeout: remove,
      clearInterval: remove,
      clearImmediate: remove,
    };
    for (const [name, fake] of Object.entries(fakes)) this.#replace(globalThis, name, fake);
    this.#replace(performance, "now", () => this.#now);
  }

  stop(): void {
    for (const [target, name, original] of this.#originals.splice(0)) Reflect.set(target, name, original);
    this.#due.clear();
  }

  /** Time passes, and everything happens when it is due. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    while (this.#now < end) {
      this.#now = Math.min(end, Math.floor(this.#now) + 1);
      this.#fire();
      await settle();
    }
  }

  /** Time passes while the process is busy: what was due happens after it, and what comes of that later. */
  async jump(ms: number): Promise<void> {
    this.#now += ms;
    this.#fire();
    await settle();
  }

  #fire(): void {
    const due = [...this.#due].filter(([, { at }]) => at <= this.#now);
    due.sort(([, a], [, b]) => a.at - b.at || a.id - b.id);
    for (const [timer, { at, everyMs, act }] of due) {
      const entry = this.#due.get(timer);
      if (!entry) continue;
      if (everyMs === undefined) this.#due.delete(timer);
      else entry.at = Math.max(at + everyMs, this.#now + 1);
      act();
    }
  }

  #replace(target: object, name: string, fake: unknown): void {
    this.#originals.push([target, name, Reflect.get(target, name)]);
    Reflect.set(target, name, fake);
  }
}

/** Lets promises that are settled have their consequences. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

/**
 * A clock that runs from before each test to after it, when timers that are left are forgotten. Hand none of them to the
 * real clock: clearing an immediate that is not its own hangs Node.js.
 */
export function useClock(): Clock {
  const clock = new Clock();
  beforeEach(() => clock.start());
  afterEach(() => clock.stop());
  return clock;
}
