import { inspect } from "node:util";
import type { Logger } from "./logger";

/** Event names and their listener signatures. */
type Events<T> = { readonly [E in keyof T]: (...args: never[]) => void };

/** One registration; the same function may be registered several times. */
interface Registration<T> {
  readonly event: keyof T;
  readonly listener: T[keyof T];
}

/**
 * Typed listeners. Unlike `EventEmitter`, a listener that throws (or rejects) is logged and disturbs neither the others
 * nor the socket callback that led to it, and no event name is special. What a listener causes is told after what caused
 * it: everybody hears all events in the order in which they happened.
 */
export class Listeners<T extends Events<T>> {
  /** Replaced, never changed: an event is told to those who listened when it happened. */
  #registrations: readonly Registration<T>[] = [];
  readonly #logger: Logger;
  /** While an event is being told: that, and what listeners have caused since. */
  #caused: (() => void)[] | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof T>(event: E, listener: T[E]): () => void {
    const registration = { event, listener };
    // An array that grows by itself takes room for sixteen more, and there are many with two or three.
    this.#registrations = this.#registrations.concat(registration);
    return () => {
      this.#registrations = this.#registrations.filter((each) => each !== registration).slice();
    };
  }

  has(event: keyof T): boolean {
    for (const registration of this.#registrations) if (registration.event === event) return true;
    return false;
  }

  /** Tells all who listen now and, when their turn comes, still do. */
  emit<E extends keyof T>(event: E, ...args: Parameters<T[E]>): void {
    if (this.has(event)) this.#inOrder(() => this.#tell(event, args));
  }

  /** Removes all listeners, after what is being told. */
  clear(): void {
    this.#inOrder(() => {
      this.#registrations = [];
    });
  }

  #inOrder(act: () => void): void {
    if (this.#caused) {
      this.#caused.push(act);
      return;
    }
    const caused = (this.#caused = [act]);
    for (const next of caused) next();
    this.#caused = undefined;
  }

  #tell<E extends keyof T>(event: E, args: Parameters<T[E]>): void {
    const registrations = this.#registrations;
    for (const registration of registrations) {
      if (registration.event !== event || !this.#isCurrent(registration, registrations)) continue;
      try {
        const result: unknown = registration.listener(...args);
        if (result instanceof Promise) result.catch((error: unknown) => this.#failed(event, error));
      } catch (error) {
        this.#failed(event, error);
      }
    }
  }

  /** Whether a registration of this list has not been removed since. */
  #isCurrent(registration: Registration<T>, list: readonly Registration<T>[]): boolean {
    return list === this.#registrations || this.#registrations.includes(registration);
  }

  #failed(event: keyof T, error: unknown): void {
    this.#logger.error(`A listener for "${String(event)}" failed: ${inspect(error, { depth: 0 })}`);
  }
}
