import type { EventEmitter } from "node:events";

/** One listener for all nodes of a runtime: with one for each node, Node.js would warn of a leak from the eleventh on. */
class Relay {
  readonly #events: EventEmitter;
  readonly #listeners = new Set<() => void>();
  readonly #relay = (): void => {
    for (const listener of Array.from(this.#listeners)) listener();
  };

  constructor(events: EventEmitter) {
    this.#events = events;
  }

  add(listener: () => void): () => void {
    if (this.#listeners.size === 0) this.#events.on("flows:started", this.#relay);
    this.#listeners.add(listener);
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#events.off("flows:started", this.#relay);
    };
  }
}

const relays = new WeakMap<EventEmitter, Relay>();

/**
 * Calls back after each deploy, when all nodes of the new flows exist: before that, messages do not arrive everywhere,
 * and Catch nodes do not catch. The returned function ends it. Listeners must not throw.
 */
export function onFlowsStarted(events: EventEmitter, listener: () => void): () => void {
  const relay = relays.get(events) ?? new Relay(events);
  relays.set(events, relay);
  return relay.add(listener);
}
