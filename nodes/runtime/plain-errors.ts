import type { Node, NodeMessage } from "node-red";
import { TuyaError } from "../../src/errors";

/** What Node-RED's own `error` asks first: hands an error to the Catch nodes that want it; returns whether any did. */
type HandleError = (node: Node, error: unknown, msg: NodeMessage) => boolean;

/** How a node reports, as functions that are told which node they are of. */
interface Reporter {
  readonly error: (this: Node, what: unknown, msg?: NodeMessage) => void;
  readonly warn: (this: Node, what: unknown) => void;
}

/**
 * Makes what a node reports legible in the debug side bar. Node-RED shows an `Error` there as an object of which 30
 * characters can be read, and a node without a name as its id. So an error that nobody catches is logged as its sentence,
 * and a node without a name goes by `shownName`, or by its type. Catch nodes get the error itself, with `code`, and the
 * node as it is: `msg.error.source` has no name that nobody gave.
 *
 * @param shownName asked whenever something is reported, with the message it is about where there is one
 */
export function reportPlainly(node: Node, shownName: (msg: unknown) => string | undefined): void {
  const { error, warn } = node as unknown as Reporter;
  /** The node, under the name it is shown with. Only Node-RED's log gets to see it. */
  const shown = (msg?: unknown): Node =>
    node.name ? node : (Object.create(node, { name: { value: shownName(msg) || node.type } }) as Node);

  node.error = (what: unknown, msg?: NodeMessage) => {
    const flow = node._flow as { readonly handleError?: HandleError } | undefined;
    const text = what instanceof TuyaError ? what.message : what;
    if (!msg) error.call(shown(), text);
    else if (!flow?.handleError) error.call(node, what, msg);
    else if (!flow.handleError(node, what ?? "", msg)) error.call(shown(msg), text);
  };
  node.warn = (what: unknown) => warn.call(shown(), what);
}
