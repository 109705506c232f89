import { LONGEST_TIMER_MS } from "../../src/limits";

interface Window<T> {
  timer: NodeJS.Timeout;
  held: T | undefined;
}

/** How a throttle combines what it holds, and what becomes of it. */
export interface ThrottleOptions<T> {
  /** Length of a window; 0 = nothing is ever held. */
  readonly windowMs: number;
  /** What is held from now on, when `newer` comes after `held`. */
  readonly merge: (held: T, newer: T) => T;
  /** A window ended with something held. Returns whether it was passed on, so that another window begins. */
  readonly deliver: (held: T) => boolean;
}

/**
 * Lets one thing of each key through per window: the first at once, of those after it the last at the end of the window.
 * A window that ends empty leaves nothing behind, so no timer runs while nothing happens.
 */
export class Throttle<T> {
  readonly #options: ThrottleOptions<T>;
  readonly #windows = new Map<string, Window<T>>();

  constructor(options: ThrottleOptions<T>) {
    this.#options = options;
  }

  /** Keeps something for the end of the key's window. False where none is open: it may pass, and should `open` one. */
  hold(key: string, item: T): boolean {
    const window = this.#windows.get(key);
    if (!window) return false;
    window.held = window.held === undefined ? item : this.#options.merge(window.held, item);
    return true;
  }

  /** Something of this key was passed on: what comes next has to wait. */
  open(key: string): void {
    const { windowMs } = this.#options;
    if (windowMs <= 0) return;
    const timer = setTimeout(() => this.#end(key), Math.min(windowMs, LONGEST_TIMER_MS));
    this.#windows.set(key, { timer, held: undefined });
  }

  /** Delivers what is held, without waiting; all windows end. */
  flush(): void {
    const held = [...this.#windows.values()].map((window) => window.held);
    this.close();
    for (const item of held) if (item !== undefined) this.#options.deliver(item);
  }

  /** What is held is forgotten, no timer is left. */
  close(): void {
    for (const { timer } of this.#windows.values()) clearTimeout(timer);
    this.#windows.clear();
  }

  #end(key: string): void {
    const held = this.#windows.get(key)?.held;
    this.#windows.delete(key);
    if (held !== undefined && this.#options.deliver(held)) this.open(key);
  }
}
