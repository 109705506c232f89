import type { Node, NodeMessage } from "node-red";
import { TuyaError } from "../../src/errors";

/** Passes an error to the Catch nodes that catch it, as Node-RED's own `error` does; returns whether there were any. */
type HandleError = (node: Node, error: unknown, msg: NodeMessage) => boolean;

/** Node-RED's own functions for errors and warnings. */
interface Reporter {
  readonly error: (this: Node, what: unknown, msg?: NodeMessage) => void;
  readonly warn: (this: Node, what: unknown) => void;
}

/**
 * Makes the errors and warnings of all nodes of a type readable in the debug side bar. Node-RED shows an `Error` there as
 * an object of which 30 characters can be read, and a node without a name by its id. So an error that no node catches is
 * logged as a sentence, and a node without a name is shown as `shownName`, or with its type. Catch nodes get the error
 * itself, with `code`, and the node unchanged: `msg.error.source` has no invented name.
 *
 * @param prototype of the type's constructor
 * @param shownName the name to show for a node without a name of its own. Called for each report, also for those of a
 *   node that is still being constructed; with the message it is about if there is one
 */
export function reportPlainly<N extends Node>(
  prototype: N,
  shownName: (node: N, msg: unknown) => string | undefined,
): void {
  /** What the type inherits, once it is registered. */
  const inherited = (): Reporter => Object.getPrototypeOf(prototype) as Reporter;
  /** The node with its shown name. Only passed to Node-RED's log. */
  const shown = (node: N, msg?: unknown): Node => {
    if (node.name) return node;
    return Object.create(node, { name: { value: shownName(node, msg) || node.type } }) as Node;
  };
  Object.assign(prototype, {
    error(this: N, what: unknown, msg?: NodeMessage): void {
      const { error } = inherited();
      const flow = this._flow as { readonly handleError?: HandleError } | undefined;
      const text = what instanceof TuyaError ? what.message : what;
      if (!msg) error.call(shown(this), text);
      else if (!flow?.handleError) error.call(this, what, msg);
      else if (!flow.handleError(this, what ?? "", msg)) error.call(shown(this, msg), text);
    },
    warn(this: N, what: unknown): void {
      inherited().warn.call(shown(this), what);
    },
  });
}
