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
 * Typed listeners. Unlike with `EventEmitter`, an error (or rejection) in a listener is logged and affects neither other
 * listeners nor the socket callback that led to it, and no event name is special. An event caused by a listener is told
 * after the present event, so that all listeners get all events in the order in which they happened.
 */
export class Listeners<T extends Events<T>> {
  /** Replaced, never changed, so that an event goes to the listeners at the time it happened. */
  #registrations: readonly Registration<T>[] = [];
  readonly #logger: Logger;
  /** While an event is being told: this event, and those that listeners have caused since. */
  #caused: (() => void)[] | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof T>(event: E, listener: T[E]): () => void {
    const registration = { event, listener };
    // Not `push`: an array that grows by itself reserves room for sixteen more, and many have two or three listeners.
    this.#registrations = this.#registrations.concat(registration);
    return () => {
      this.#registrations = this.#registrations.filter((each) => each !== registration).slice();
    };
  }

  has(event: keyof T): boolean {
    for (const registration of this.#registrations) if (registration.event === event) return true;
    return false;
  }

  /** Calls all present listeners, without those that are removed before their turn comes. */
  emit<E extends keyof T>(event: E, ...args: Parameters<T[E]>): void {
    if (this.has(event)) this.#inOrder(() => this.#tell(event, args));
  }

  /** Removes all listeners, after the event that is being told. */
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
