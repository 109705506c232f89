import type { Node, NodeMessage } from "node-red";
import { TuyaError } from "../../src/errors";

/** What Node-RED's own `error` asks first: hands an error to the Catch nodes that want it; returns whether any did. */
type HandleError = (node: Node, error: unknown, msg: NodeMessage) => boolean;

/** The name a node is shown with where it has none of its own; `msg` is what the report is about, where there is something. */
type ShownName = (msg: unknown) => string | undefined;

/** How a node reports by itself, as functions that are told which node they are of; and what it is called. */
interface Reporter {
  readonly error: (this: Node, what: unknown, msg?: NodeMessage) => void;
  readonly warn: (this: Node, what: unknown) => void;
  readonly shownName: ShownName;
}

/** Of every node that reports plainly: the functions it got instead are the same for all, and look here. */
const reporters = new WeakMap<Node, Reporter>();

/**
 * Makes what a node reports legible in the debug side bar. Node-RED shows an `Error` there as an object of which 30
 * characters can be read, and a node without a name as its id. So an error that nobody catches is logged as its sentence,
 * and a node without a name goes by `shownName`, or by its type. Catch nodes get the error itself, with `code`, and the
 * node as it is: `msg.error.source` has no name that nobody gave.
 *
 * @param shownName asked whenever something is reported, with the message it is about where there is one
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

/** The node, under the name it is shown with. Only Node-RED's log gets to see it. */
function shown(node: Node, msg?: unknown): Node {
  if (node.name) return node;
  const name = reporters.get(node)?.shownName(msg) || node.type;
  return Object.create(node, { name: { value: name } }) as Node;
}
