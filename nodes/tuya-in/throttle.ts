import { BoundedMap } from "../../src/bounded-map";
import { LONGEST_TIMER_MS } from "../../src/limits";

/** Memory for everything that is held, in bytes. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Memory of a window besides what is held, in bytes. */
const WINDOW_BYTES = 300;

interface Window<T> {
  readonly timer: NodeJS.Timeout;
  readonly held: T | undefined;
}

/** How a throttle combines and delivers held items. */
export interface ThrottleOptions<T> {
  /** The length of a window in milliseconds; 0 = nothing is held. */
  readonly windowMs: number;
  /** Combines the held item and a newer one. */
  readonly merge: (held: T, newer: T) => T;
  /** Called with the held item when a window ends. Returns whether it was passed on: then another window begins. */
  readonly deliver: (held: T) => boolean;
  /** The approximate memory of a held item, in bytes; default 0. */
  readonly bytesOf?: (held: T) => number;
}

/**
 * Passes one item of each key per window: the first one at once, and the last of the following ones at the end of the
 * window. After a window without items no timer runs. If there is no room for more items, the oldest windows end early,
 * so that nothing is lost.
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

  /**
   * Holds an item until the key's window ends. False if no window is open: then the item may pass, and the caller should
   * call `open`.
   */
  hold(key: string, item: T): boolean {
    const window = this.#windows.get(key);
    if (!window) return false;
    const held = window.held === undefined ? item : this.#options.merge(window.held, item);
    if (this.#windows.set(key, { ...window, held })) return true;
    // This item alone is larger than all the room.
    this.#windows.delete(key);
    clearTimeout(window.timer);
    this.#options.deliver(held);
    return true;
  }

  /** An item of this key was passed on: opens a window, in which the next ones have to wait. */
  open(key: string): void {
    const { windowMs } = this.#options;
    if (windowMs <= 0) return;
    const timer = setTimeout(() => this.#end(key), Math.min(windowMs, LONGEST_TIMER_MS));
    if (!this.#windows.set(key, { timer, held: undefined })) clearTimeout(timer);
  }

  /** Delivers all held items now and ends all windows. */
  flush(): void {
    const held = [...this.#windows.values()].map((window) => window.held);
    this.close();
    for (const item of held) if (item !== undefined) this.#options.deliver(item);
  }

  /** Forgets all held items and ends all timers. */
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
