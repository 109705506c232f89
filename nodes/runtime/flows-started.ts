import type { EventEmitter } from "node:events";

/** A listener for the end of deploys. */
export interface FlowsListener {
  /** Called when all nodes of the new flows exist. Must not throw. */
  flowsStarted(): void;
}

/** One listener for all nodes of a runtime: with one for each node, Node.js would warn of a leak from the eleventh on. */
class Relay {
  readonly #events: EventEmitter;
  readonly #listeners = new Set<FlowsListener>();
  readonly #relay = (): void => {
    for (const listener of Array.from(this.#listeners)) listener.flowsStarted();
  };

  constructor(events: EventEmitter) {
    this.#events = events;
  }

  add(listener: FlowsListener): void {
    if (this.#listeners.size === 0) this.#events.on("flows:started", this.#relay);
    this.#listeners.add(listener);
  }

  remove(listener: FlowsListener): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#events.off("flows:started", this.#relay);
  }
}

const relays = new WeakMap<EventEmitter, Relay>();

/**
 * Calls back after each deploy, when all nodes of the new flows exist: before that, messages do not arrive everywhere,
 * and Catch nodes do not catch. Until `offFlowsStarted`.
 */
export function onFlowsStarted(events: EventEmitter, listener: FlowsListener): void {
  const relay = relays.get(events) ?? new Relay(events);
  relays.set(events, relay);
  relay.add(listener);
}

/** Removes a listener. May be called again. */
export function offFlowsStarted(events: EventEmitter, listener: FlowsListener): void {
  relays.get(events)?.remove(listener);
}
