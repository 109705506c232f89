import type { Node } from "node-red";
import type { Logger } from "../../src/logger";

/** Values kept over deploys, by node id. */
export type Kept<T> = Map<string, T>;

export interface ContextStoreOptions<T> {
  readonly node: Node;
  readonly kept: Kept<T>;
  readonly logger: Logger;
  /** The key in the node's context. */
  readonly key: string;
  /** What is stored, as the beginning of a sentence. */
  readonly what: string;
}

/**
 * Stores a value in the context of a node. It outlives a restart if the context is stored in files. Otherwise Node-RED
 * clears it when the node is deployed, so the value is also in `kept`.
 */
export class ContextStore<T> {
  readonly #options: ContextStoreOptions<T>;

  constructor(options: ContextStoreOptions<T>) {
    this.#options = options;
  }

  /** Calls back once, maybe later, with the last saved value; undefined = there is none. */
  load(use: (saved: unknown) => void): void {
    const { node, kept, key } = this.#options;
    const held = kept.get(node.id);
    if (held !== undefined) {
      use(held);
      return;
    }
    node.context().get(key, (error: Error | null | undefined, saved: unknown) => {
      if (error) this.#failed("read", error);
      else use(saved);
    });
  }

  save(value: T): void {
    const { node, kept, key } = this.#options;
    kept.set(node.id, value);
    node.context().set(key, value, (error?: Error | null) => {
      if (error) this.#failed("saved", error);
    });
  }

  #failed(action: string, error: Error): void {
    const { what, logger } = this.#options;
    logger.warn(`${what} could not be ${action}: ${error.message}`);
  }
}
