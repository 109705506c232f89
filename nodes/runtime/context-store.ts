import type { Node } from "node-red";
import type { Logger } from "../../src/logger";

/** What is kept over deploys, by id of the node it belongs to. */
export type Kept<T> = Map<string, T>;

export interface ContextStoreOptions<T> {
  readonly node: Node;
  readonly kept: Kept<T>;
  readonly logger: Logger;
  /** Where it is in the node's context. */
  readonly key: string;
  /** What it is, for a sentence that begins with it. */
  readonly what: string;
}

/**
 * Keeps something in the context of a node, which outlives a restart where it is stored in files. Where it is not, Node-RED
 * clears it whenever the node is deployed, so it is in `kept` as well.
 */
export class ContextStore<T> {
  readonly #options: ContextStoreOptions<T>;

  constructor(options: ContextStoreOptions<T>) {
    this.#options = options;
  }

  /** Calls back once, maybe later, with what was saved last; undefined = nothing. */
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
