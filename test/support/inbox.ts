import { PATIENCE_MS } from "./patience";

/** Things that arrive, in order: kept until somebody asks, and awaited when nothing has arrived yet. */
export class Inbox<T> {
  readonly all: T[] = [];
  #taken = 0;
  #wake: (() => void) | undefined;

  push(item: T): void {
    this.all.push(item);
    this.#wake?.();
  }

  /** The next one that was not asked for yet. Rejects after `ms`. */
  async next(ms = PATIENCE_MS): Promise<T> {
    if (this.#taken >= this.all.length) await this.#arrival(ms);
    return this.all[this.#taken++] as T;
  }

  /** The next one that passes a test; those before it are skipped. */
  async find(test: (item: T) => boolean, ms = PATIENCE_MS): Promise<T> {
    for (;;) {
      const item = await this.next(ms);
      if (test(item)) return item;
    }
  }

  /** What arrived and was not asked for yet. */
  rest(): T[] {
    const rest = this.all.slice(this.#taken);
    this.#taken = this.all.length;
    return rest;
  }

  #arrival(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#wake = undefined;
        reject(new Error(`Nothing arrived within ${ms} ms, after ${JSON.stringify(this.all)}.`));
      }, ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
