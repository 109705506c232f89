import type { EventEmitter } from "node:events";
import type { Node, NodeAPI } from "node-red";

/** A status of a node, in the event for editors. */
interface StatusEvent {
  readonly id?: unknown;
  readonly status?: { readonly fill?: unknown; readonly text?: unknown } | null;
}

/** The text that Node-RED's own MQTT nodes show while they are connected. */
const CONNECTED = "node-red:common.status.connected";

/** The type of the nodes that send. */
const BROKER_NODE = "mqtt out";

type Listener = (isThere: boolean) => void;

/** A listener, and the node whose messages go to the broker. */
interface Subscription {
  readonly node: Node;
  readonly listener: Listener;
}

/** A node with its type, and the ids of the nodes wired to each of its outputs. */
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

  /**
   * The ids of the `mqtt out` nodes that messages of a node may reach, also through other nodes. Node-RED wires a `link
   * out` to its `link in`.
   */
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

  /** By its type `getNode` always returns a node, but it does not. */
  #wired(id: string): Wired | undefined {
    return this.#RED.nodes.getNode(id) as unknown as Wired | undefined;
  }
}

const relays = new WeakMap<EventEmitter, Relay>();

/**
 * Calls back when an `mqtt out` behind a node shows that it is connected to its broker, or not. If none is behind the
 * node, any `mqtt out` counts, because messages may have other ways. An `mqtt out` without a connection drops messages,
 * with neither an error nor a Complete: its status is the only sign. The returned function ends it. Listeners must not
 * throw.
 */
export function onBrokerStatus(RED: NodeAPI, node: Node, listener: Listener): () => void {
  const relay = relays.get(RED.events) ?? new Relay(RED);
  relays.set(RED.events, relay);
  return relay.add({ node, listener });
}
