import type { Node } from "node-red";
import type { Logger } from "../../src/logger";
import type { TotalsStore } from "../link/totals";

/** Sums by id of the node they belong to. */
export type KeptTotals = Map<string, Readonly<Record<string, number>>>;

/** Where the sums are in the node's context: in device units, by data point number. */
const KEY = "totals";

/**
 * Keeps sums in the context of a node, which outlives a restart where it is stored in files. Where it is not, Node-RED
 * clears it whenever the node is deployed, so they are in `kept` as well.
 */
export class ContextStore implements TotalsStore {
  readonly #node: Node;
  readonly #kept: KeptTotals;
  readonly #logger: Logger;

  constructor(node: Node, kept: KeptTotals, logger: Logger) {
    this.#node = node;
    this.#kept = kept;
    this.#logger = logger;
  }

  load(use: (totals: unknown) => void): void {
    const totals = this.#kept.get(this.#node.id);
    if (totals) {
      use(totals);
      return;
    }
    this.#node.context().get(KEY, (error: Error | null | undefined, saved: unknown) => {
      if (error) this.#failed("read", error);
      else use(saved);
    });
  }

  save(totals: Readonly<Record<string, number>>): void {
    this.#kept.set(this.#node.id, totals);
    this.#node.context().set(KEY, totals, (error?: Error | null) => {
      if (error) this.#failed("saved", error);
    });
  }

  #failed(what: string, error: Error): void {
    this.#logger.warn(`The sums of increments could not be ${what}: ${error.message}`);
  }
}
