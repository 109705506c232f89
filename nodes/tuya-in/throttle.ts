import { BoundedMap } from "../../src/bounded-map";
import { LONGEST_TIMER_MS } from "../../src/limits";

/** For all that is held at a time, in bytes. */
const MAX_BYTES = 2 * 1024 * 1024;
/** What a window takes besides what is held. */
const WINDOW_BYTES = 300;

interface Window<T> {
  readonly timer: NodeJS.Timeout;
  readonly held: T | undefined;
}

/** How a throttle combines what it holds, and what becomes of it. */
export interface ThrottleOptions<T> {
  /** Length of a window; 0 = nothing is ever held. */
  readonly windowMs: number;
  /** What is held from now on, when `newer` comes after `held`. */
  readonly merge: (held: T, newer: T) => T;
  /** A window ended with something held. Returns whether it was passed on, so that another window begins. */
  readonly deliver: (held: T) => boolean;
  /** About how many bytes of memory something takes that is held; default: none worth counting. */
  readonly bytesOf?: (held: T) => number;
}

/**
 * Lets one thing of each key through per window: the first at once, of those after it the last at the end of the window.
 * A window that ends empty leaves nothing behind, so no timer runs while nothing happens. Where more is to be held than
 * there is room for, the oldest windows end early: then it comes too soon, and is not lost.
 */
export class Throttle<T> {
  readonly #options: ThrottleOptions<T>;
  readonly #windows: BoundedMap<Window<T>>;

  constructor(options: ThrottleOptions<T>) {
    this.#options = options;
    const { bytesOf = () => 0 } = options;
    this.#windows = new BoundedMap({
      budget: MAX_BYTES,
      bytesOf: ({ held }) => WINDOW_BYTES + (held === undefined ? 0 : bytesOf(held)),
      whenFull: "forget-oldest",
      forgotten: (window) => this.#endEarly(window),
    });
  }

  /** Keeps something for the end of the key's window. False where none is open: it may pass, and should `open` one. */
  hold(key: string, item: T): boolean {
    const window = this.#windows.get(key);
    if (!window) return false;
    const held = window.held === undefined ? item : this.#options.merge(window.held, item);
    if (this.#windows.set(key, { ...window, held })) return true;
    // Larger by itself than all there is room for.
    this.#windows.delete(key);
    clearTimeout(window.timer);
    this.#options.deliver(held);
    return true;
  }

  /** Something of this key was passed on: what comes next has to wait. */
  open(key: string): void {
    const { windowMs } = this.#options;
    if (windowMs <= 0) return;
    const timer = setTimeout(() => this.#end(key), Math.min(windowMs, LONGEST_TIMER_MS));
    if (!this.#windows.set(key, { timer, held: undefined })) clearTimeout(timer);
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

  #endEarly({ timer, held }: Window<T>): void {
    clearTimeout(timer);
    if (held !== undefined) this.#options.deliver(held);
  }

  #end(key: string): void {
    const held = this.#windows.get(key)?.held;
    this.#windows.delete(key);
    if (held !== undefined && this.#options.deliver(held)) this.open(key);
  }
}
