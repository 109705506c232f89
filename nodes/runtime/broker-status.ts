import type { EventEmitter } from "node:events";
import type { NodeAPI } from "node-red";

/** What a status under a node says, as Node-RED tells its editors. */
interface StatusEvent {
  readonly id?: unknown;
  readonly status?: { readonly fill?: unknown; readonly text?: unknown } | null;
}

/** The text Node-RED's own MQTT nodes show while their broker is there. */
const CONNECTED = "node-red:common.status.connected";

type Listener = (isThere: boolean) => void;

/** One listener for all nodes of a runtime: see `flows-started.ts`. */
class Relay {
  readonly #RED: NodeAPI;
  readonly #events: EventEmitter;
  readonly #listeners = new Set<Listener>();

  constructor(RED: NodeAPI) {
    this.#RED = RED;
    this.#events = RED.events;
  }

  add(listener: Listener): () => void {
    if (this.#listeners.size === 0) this.#events.on("node-status", this.#heard);
    this.#listeners.add(listener);
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#events.off("node-status", this.#heard);
    };
  }

  readonly #heard = ({ id, status }: StatusEvent): void => {
    const text = status?.text;
    if (typeof id !== "string" || typeof text !== "string") return;
    // The types claim that there is always a node.
    const node = this.#RED.nodes.getNode(id) as { readonly type?: string } | undefined;
    if (node?.type !== "mqtt out") return;
    for (const listener of Array.from(this.#listeners)) listener(text === CONNECTED);
  };
}

const relays = new WeakMap<EventEmitter, Relay>();

/**
 * Calls back when an `mqtt out` node shows that its broker is there, or that it is not. Such a node drops what it is sent
 * while its broker is away, and nobody is told: no error, no Complete. What it shows is the only sign. Returns the function
 * that ends it. Listeners must not throw.
 */
export function onBrokerStatus(RED: NodeAPI, listener: Listener): () => void {
  const relay = relays.get(RED.events) ?? new Relay(RED);
  relays.set(RED.events, relay);
  return relay.add(listener);
}
