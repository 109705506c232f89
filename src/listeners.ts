import { inspect } from "node:util";
import type { Logger } from "./logger";

/** Event names and their listener signatures. */
type Events<T> = { readonly [E in keyof T]: (...args: never[]) => void };

/** One registration; the same function may be registered several times. */
interface Registration<F> {
  readonly listener: F;
}

/**
 * Typed listeners. Unlike `EventEmitter`, a listener that throws (or rejects) is logged and disturbs neither the others
 * nor the socket callback that led to it, and no event name is special. What a listener causes is told after what caused
 * it: everybody hears all events in the order in which they happened.
 */
export class Listeners<T extends Events<T>> {
  readonly #byEvent = new Map<keyof T, Set<Registration<T[keyof T]>>>();
  readonly #logger: Logger;
  /** What listeners have caused while an event is being told; undefined while none is. */
  #caused: (() => void)[] | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof T>(event: E, listener: T[E]): () => void {
    const registrations = this.#byEvent.get(event) ?? new Set();
    const registration = { listener };
    this.#byEvent.set(event, registrations.add(registration));
    return () => void registrations.delete(registration);
  }

  has(event: keyof T): boolean {
    return (this.#byEvent.get(event)?.size ?? 0) > 0;
  }

  /** Tells all who listen now and, when their turn comes, still do. */
  emit<E extends keyof T>(event: E, ...args: Parameters<T[E]>): void {
    if (this.has(event)) this.#inOrder(() => this.#tell(event, args));
  }

  /** Removes all listeners, after what is being told. */
  clear(): void {
    this.#inOrder(() => {
      for (const registrations of this.#byEvent.values()) registrations.clear();
    });
  }

  #inOrder(act: () => void): void {
    if (this.#caused) {
      this.#caused.push(act);
      return;
    }
    const caused: (() => void)[] = (this.#caused = [act]);
    for (const next of caused) next();
    this.#caused = undefined;
  }

  #tell<E extends keyof T>(event: E, args: Parameters<T[E]>): void {
    const registrations = this.#byEvent.get(event) ?? new Set();
    for (const registration of Array.from(registrations)) {
      if (!registrations.has(registration)) continue;
      try {
        const result: unknown = registration.listener(...args);
        if (result instanceof Promise) result.catch((error: unknown) => this.#failed(event, error));
      } catch (error) {
        this.#failed(event, error);
      }
    }
  }

  #failed(event: keyof T, error: unknown): void {
    this.#logger.error(`A listener for "${String(event)}" failed: ${inspect(error, { depth: 0 })}`);
  }
}
