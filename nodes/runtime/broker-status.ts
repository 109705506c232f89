import type { EventEmitter } from "node:events";
import type { Node, NodeAPI } from "node-red";

/** What a status under a node says, as Node-RED tells its editors. */
interface StatusEvent {
  readonly id?: unknown;
  readonly status?: { readonly fill?: unknown; readonly text?: unknown } | null;
}

/** The text Node-RED's own MQTT nodes show while their broker is there. */
const CONNECTED = "node-red:common.status.connected";

/** Their type: of those that send. */
const BROKER_NODE = "mqtt out";

type Listener = (isThere: boolean) => void;

/** Whoever wants to know, and the node whose messages go to the broker. */
interface Subscription {
  readonly node: Node;
  readonly listener: Listener;
}

/** A node as its flow has it: its type, and the ids of those behind each of its outputs. */
interface Wired {
  readonly type?: string;
  readonly wires?: readonly (readonly string[])[];
}

/** One listener for all nodes of a runtime: see `flows-started.ts`. */
class Relay {
  readonly #RED: NodeAPI;
  readonly #events: EventEmitter;
  readonly #listeners = new Set<Subscription>();

  constructor(RED: NodeAPI) {
    this.#RED = RED;
    this.#events = RED.events;
  }

  add(subscription: Subscription): () => void {
    if (this.#listeners.size === 0) this.#events.on("node-status", this.#heard);
    this.#listeners.add(subscription);
    return () => {
      if (!this.#listeners.delete(subscription) || this.#listeners.size > 0) return;
      this.#events.off("node-status", this.#heard);
    };
  }

  readonly #heard = ({ id, status }: StatusEvent): void => {
    const text = status?.text;
    if (typeof id !== "string" || typeof text !== "string") return;
    if (this.#wired(id)?.type !== BROKER_NODE) return;
    for (const { node, listener } of Array.from(this.#listeners)) {
      const own = this.#brokerNodesBehind(node);
      if (own.size === 0 || own.has(id)) listener(text === CONNECTED);
    }
  };

  /** Where the messages of a node may go, through whatever is between. A `link out` is wired to its `link in` by Node-RED. */
  #brokerNodesBehind(node: Node): ReadonlySet<string> {
    const found = new Set<string>();
    const reached = new Set<string>();
    const open: (Wired | undefined)[] = [node as unknown as Wired];
    for (const next of open) {
      for (const id of Array.isArray(next?.wires) ? next.wires.flat() : []) {
        if (reached.has(id)) continue;
        reached.add(id);
        const behind = this.#wired(id);
        if (behind?.type === BROKER_NODE) found.add(id);
        open.push(behind);
      }
    }
    return found;
  }

  /** The types claim that there is always a node. */
  #wired(id: string): Wired | undefined {
    return this.#RED.nodes.getNode(id) as unknown as Wired | undefined;
  }
}

const relays = new WeakMap<EventEmitter, Relay>();

/**
 * Calls back when an `mqtt out` behind a node shows that its broker is there, or that it is not; where there is none behind it,
 * any counts, for messages have other ways. Such a node drops what it is sent while its broker is away, and nobody is told: no
 * error, no Complete. What it shows is the only sign. Returns the function that ends it. Listeners must not throw.
 */
export function onBrokerStatus(RED: NodeAPI, node: Node, listener: Listener): () => void {
  const relay = relays.get(RED.events) ?? new Relay(RED);
  relays.set(RED.events, relay);
  return relay.add({ node, listener });
}
