import type { Node, NodeMessage } from "node-red";
import { TuyaError } from "../../src/errors";

/** Passes an error to the Catch nodes that catch it, as Node-RED's own `error` does; returns whether there were any. */
type HandleError = (node: Node, error: unknown, msg: NodeMessage) => boolean;

/** The name to show for a node without a name of its own. `msg`: the message that the report is about, if there is one. */
type ShownName = (msg: unknown) => string | undefined;

/** A node's original functions for errors and warnings, and its shown name. */
interface Reporter {
  readonly error: (this: Node, what: unknown, msg?: NodeMessage) => void;
  readonly warn: (this: Node, what: unknown) => void;
  readonly shownName: ShownName;
}

/** The reporters by node. The replacing functions are shared by all nodes and look up the node here. */
const reporters = new WeakMap<Node, Reporter>();

/**
 * Makes the errors and warnings of a node readable in the debug side bar. Node-RED shows an `Error` there as an object of
 * which 30 characters can be read, and a node without a name by its id. So an error that no node catches is logged as a
 * sentence, and a node without a name is shown as `shownName`, or with its type. Catch nodes get the error itself, with
 * `code`, and the node unchanged: `msg.error.source` has no invented name.
 *
 * @param shownName called for each report, with the message it is about if there is one
 */
export function reportPlainly(node: Node, shownName: ShownName): void {
  const { error, warn } = node as unknown as Reporter;
  reporters.set(node, { error, warn, shownName });
  node.error = plainError;
  node.warn = plainWarn;
}

function plainError(this: Node, what: unknown, msg?: NodeMessage): void {
  const { error } = reporters.get(this)!;
  const flow = this._flow as { readonly handleError?: HandleError } | undefined;
  const text = what instanceof TuyaError ? what.message : what;
  if (!msg) error.call(shown(this), text);
  else if (!flow?.handleError) error.call(this, what, msg);
  else if (!flow.handleError(this, what ?? "", msg)) error.call(shown(this, msg), text);
}

function plainWarn(this: Node, what: unknown): void {
  reporters.get(this)!.warn.call(shown(this), what);
}

/** The node with its shown name. Only passed to Node-RED's log. */
function shown(node: Node, msg?: unknown): Node {
  if (node.name) return node;
  const name = reporters.get(node)?.shownName(msg) || node.type;
  return Object.create(node, { name: { value: name } }) as Node;
}
