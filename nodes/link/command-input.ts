import type { Node, NodeMessage, NodeMessageInFlow } from "node-red";
import { TuyaError } from "../../src/errors";
import type { OutBadge } from "./out-badge";

export interface CommandInputOptions {
  readonly badge: OutBadge;
  /** Carries out a message; resolves with properties to add to it; undefined = the message is not sent on. */
  readonly perform: (msg: NodeMessageInFlow) => Promise<object | undefined>;
  /** Closed in this order when the node closes. */
  readonly closing: readonly { close(): void }[];
}

/**
 * Handles the input of a node that sends commands: the message is sent on when it is done, or ends in an error, which the
 * badge shows.
 */
export function performInputs(node: Node, { badge, perform, closing }: CommandInputOptions): void {
  const handle = async (msg: NodeMessageInFlow, send: (msg: NodeMessage) => void): Promise<void> => {
    try {
      const result = await perform(msg);
      if (!result) return;
      Object.assign(msg, result);
    } catch (error) {
      if (error instanceof TuyaError) badge.failed(error.code);
      throw error;
    }
    badge.succeeded();
    send(msg);
  };
  node.on("input", (msg, send, done) => {
    const end = (error?: unknown): void => {
      try {
        done(error as Error | undefined);
      } catch (problem) {
        // Node-RED copies messages for Catch and Complete nodes, which fails if a message is nested too deeply.
        const reason = error ?? problem;
        node.error(reason instanceof Error ? reason.message : String(reason));
      }
    };
    handle(msg, send).then(() => end(), end);
  });
  node.on("close", () => {
    for (const part of closing) part.close();
    badge.close();
  });
}
