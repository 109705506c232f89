import type { Logger } from "./logger";

/** Event names and their listener signatures. */
type Events<T> = { readonly [E in keyof T]: (...args: never[]) => void };

/**
 * Typed listeners. Unlike `EventEmitter`, a listener that throws is logged and disturbs neither the others nor the
 * socket callback that led to it, and no event name is special.
 */
export class Listeners<T extends Events<T>> {
  readonly #byEvent = new Map<keyof T, Set<T[keyof T]>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof T>(event: E, listener: T[E]): () => void {
    const listeners = this.#byEvent.get(event) ?? new Set();
    this.#byEvent.set(event, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  has(event: keyof T): boolean {
    return (this.#byEvent.get(event)?.size ?? 0) > 0;
  }

  emit<E extends keyof T>(event: E, ...args: Parameters<T[E]>): void {
    const listeners = Array.from(this.#byEvent.get(event) ?? []);
    for (const listener of listeners) {
      try {
        listener(...args);
      } catch (error) {
        this.#logger.error(`A listener for "${String(event)}" failed: ${String(error)}`);
      }
    }
  }

  clear(): void {
    this.#byEvent.clear();
  }
}
