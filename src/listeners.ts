import { inspect } from "node:util";
import type { Logger } from "./logger";

/** What every object has, such as `toString`: no event can be called so. */
type OfEveryObject = keyof typeof Object.prototype;

/** Event names and their listener signatures. */
type Events<T> = { readonly [E in keyof T]: E extends OfEveryObject ? never : (...args: never[]) => void };

/** An object with a method for each event it wants. */
export type ListenerOf<T> = { readonly [E in keyof T]?: T[E] | undefined };

/**
 * Typed listeners: functions for one event, or objects with a method for each event they want. Unlike with
 * `EventEmitter`, an error (or rejection) in a listener is logged and affects neither other listeners nor the socket
 * callback that led to it, and no event name is special. An event caused by a listener is told after the present event,
 * so that all listeners get all events in the order in which they happened.
 */
export class Listeners<T extends Events<T>> {
  /** Replaced, never changed, so that an event goes to the listeners at the time it happened. */
  #listeners: readonly ListenerOf<T>[] = [];
  readonly #logger: Logger;
  /** While an event is being told: what has to wait for its end. */
  #caused: (() => void)[] | undefined;
  /** An event that none of the listeners wants; undefined if that is not known of any. */
  #unwanted: keyof T | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a function for one event, even if it is one already; the returned function removes it. */
  on<E extends keyof T>(event: E, listener: T[E]): () => void {
    const listeners = { [event]: listener } as unknown as ListenerOf<T>;
    this.add(listeners);
    return () => this.remove(listeners);
  }

  /** Adds an object whose methods are called for the events of their names, until `remove`. It counts once. */
  add(listener: ListenerOf<T>): void {
    if (this.#listeners.includes(listener)) return;
    // Not `push`: an array that grows by itself reserves room for sixteen more, and many have two or three listeners.
    this.#listeners = this.#listeners.concat(listener);
    this.#unwanted = undefined;
  }

  /** Removes an object. May be called again. */
  remove(listener: ListenerOf<T>): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener).slice();
  }

  has(event: keyof T): boolean {
    // Asked for each frame, and to find out that objects of many classes lack a method takes long.
    if (event === this.#unwanted) return false;
    for (const listener of this.#listeners) if (listener[event]) return true;
    this.#unwanted = event;
    return false;
  }

  /** Calls all present listeners, without those that are removed before their turn comes. */
  emit<E extends keyof T>(event: E, ...args: Parameters<T[E]>): void {
    if (this.#caused) {
      this.#caused.push(() => this.#tell(event, args));
      return;
    }
    const caused: (() => void)[] = (this.#caused = []);
    this.#tell(event, args);
    for (const next of caused) next();
    this.#caused = undefined;
  }

  /** Removes all listeners, after the event that is being told. */
  clear(): void {
    const removeAll = (): void => {
      this.#listeners = [];
    };
    if (this.#caused) this.#caused.push(removeAll);
    else removeAll();
  }

  #tell<E extends keyof T>(event: E, args: Parameters<T[E]>): void {
    const listeners = this.#listeners;
    for (const listener of listeners) {
      if (!this.#isCurrent(listener, listeners)) continue;
      try {
        const result: unknown = listener[event]?.(...args);
        if (result instanceof Promise) result.catch((error: unknown) => this.#failed(event, error));
      } catch (error) {
        this.#failed(event, error);
      }
    }
  }

  /** Whether a listener of this list has not been removed since. */
  #isCurrent(listener: ListenerOf<T>, list: readonly ListenerOf<T>[]): boolean {
    return list === this.#listeners || this.#listeners.includes(listener);
  }

  #failed(event: keyof T, error: unknown): void {
    this.#logger.error(`A listener for "${String(event)}" failed: ${inspect(error, { depth: 0 })}`);
  }
}
