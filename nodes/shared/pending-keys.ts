import type { NodeAPI } from "node-red";

/** As long as a window of the editor may stay open over night. */
const KEEP_MS = 24 * 3_600_000;

interface Pending {
  readonly localKey: string;
  readonly until: number;
}

/** The configuration in Node-RED's event `flows:starting`, as far as it is read. */
interface Starting {
  readonly config?: { readonly flows?: readonly { readonly id: string }[] } | null;
}

/**
 * Keys for `tuya-device` nodes that will be deployed, put into Node-RED's credential store before their deploy. That
 * deploy saves them and starts the nodes with them: the editor sends "there is a key, and it did not change".
 *
 * A deploy from elsewhere in between deletes credentials of nodes it does not know. So the keys are kept, and put back
 * each time flows are about to start, until their node is among these.
 */
export class PendingKeys {
  readonly #RED: NodeAPI;
  readonly #pending = new Map<string, Pending>();
  #isListening = false;

  readonly #onStarting = ({ config }: Starting): void => {
    const deployed = new Set(config?.flows?.map(({ id }) => id));
    for (const [nodeId, { localKey, until }] of this.#pending) {
      // A key that was typed in the meantime counts.
      const isStored = this.#hasKey(nodeId);
      if (!isStored && until > Date.now()) this.#store(nodeId, localKey);
      if (deployed.has(nodeId) || until <= Date.now()) this.#pending.delete(nodeId);
    }
    if (this.#pending.size === 0) this.#stopListening();
  };

  constructor(RED: NodeAPI) {
    this.#RED = RED;
  }

  /** Stores keys, by node id, in place of those that are stored. Saved with the next deploy, used from then on. */
  add(keys: ReadonlyMap<string, string>): void {
    const until = Date.now() + KEEP_MS;
    for (const [nodeId, localKey] of keys) {
      this.#store(nodeId, localKey);
      this.#pending.set(nodeId, { localKey, until });
    }
    if (this.#isListening || this.#pending.size === 0) return;
    this.#isListening = true;
    this.#RED.events.on("flows:starting", this.#onStarting);
  }

  /** How many nodes wait for their deploy. */
  get size(): number {
    return this.#pending.size;
  }

  #stopListening(): void {
    this.#isListening = false;
    this.#RED.events.off("flows:starting", this.#onStarting);
  }

  #hasKey(nodeId: string): boolean {
    const credentials = this.#RED.nodes.getCredentials(nodeId) as { localKey?: unknown } | undefined;
    return typeof credentials?.localKey === "string" && credentials.localKey !== "";
  }

  #store(nodeId: string, localKey: string): void {
    // Typed as a promise; it has been done when the call returns.
    void this.#RED.nodes.addCredentials(nodeId, { localKey });
  }
}
