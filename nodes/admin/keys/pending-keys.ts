import type { NodeAPI } from "node-red";
import { storedText } from "./stored-key";

/** Long enough for an editor that stays open over night. */
const KEEP_MS = 24 * 3_600_000;

/** With more keys the oldest ones are forgotten. */
const MAX_PENDING = 5_000;

interface Pending {
  readonly localKey: string;
  readonly until: number;
}

/**
 * Events of Node-RED after it has deleted credentials and before it accepts the next deploy: flows stop, then start. If
 * they do not run, there is only an event of the runtime.
 */
const OCCASIONS = ["flows:stopping", "flows:starting", "runtime-event"] as const;

/**
 * Keys for `tuya-device` nodes that are not deployed yet. They are put into Node-RED's credential store before the
 * deploy, which then saves them and starts the nodes with them: the editor sends "there is a key, and it did not change".
 *
 * If another editor deploys in between, Node-RED deletes credentials of nodes it does not know. So the keys are also kept
 * here, and put back until their node is deployed.
 */
export class PendingKeys {
  readonly #RED: NodeAPI;
  readonly #pending = new Map<string, Pending>();
  #isListening = false;

  readonly #restore = (): void => {
    const deployed = new Set<string>();
    this.#RED.nodes.eachNode(({ id }) => deployed.add(id));
    for (const [nodeId, { localKey, until }] of this.#pending) {
      // A key that was typed meanwhile has priority.
      const isStored = storedText(this.#RED, nodeId) !== "";
      if (!isStored && until > Date.now()) this.#store(nodeId, localKey);
      if (deployed.has(nodeId) || until <= Date.now()) this.#pending.delete(nodeId);
    }
    if (this.#pending.size === 0) this.#stopListening();
  };

  constructor(RED: NodeAPI) {
    this.#RED = RED;
  }

  /** Stores keys by node id, replacing stored ones. They are saved with the next deploy and used from then on. */
  add(keys: ReadonlyMap<string, string>): void {
    const until = Date.now() + KEEP_MS;
    for (const [nodeId, localKey] of keys) {
      this.#store(nodeId, localKey);
      this.#pending.set(nodeId, { localKey, until });
      const [oldest = ""] = this.#pending.keys();
      if (this.#pending.size > MAX_PENDING) this.#pending.delete(oldest);
    }
    if (this.#isListening || this.#pending.size === 0) return;
    this.#isListening = true;
    for (const occasion of OCCASIONS) this.#RED.events.on(occasion, this.#restore);
  }

  #stopListening(): void {
    this.#isListening = false;
    for (const occasion of OCCASIONS) this.#RED.events.off(occasion, this.#restore);
  }

  #store(nodeId: string, localKey: string): void {
    // The type is a promise, but it is done when the call returns.
    void this.#RED.nodes.addCredentials(nodeId, { localKey });
  }
}
