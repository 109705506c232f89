import type { ErrorCode } from "../../src/errors";
import type { Badge, StatusKey } from "./badge";

export { badgeOf, type Badge, type StatusKey } from "./badge";

const FAILURES: { readonly [C in ErrorCode]?: Badge } = {
  BAD_INPUT: { fill: "yellow", shape: "dot", key: "badInput" },
  REJECTED: { fill: "yellow", shape: "dot", key: "refused" },
  CHILD_OFFLINE: { fill: "yellow", shape: "dot", key: "refused" },
  TIMEOUT: { fill: "yellow", shape: "dot", key: "timeout" },
};

/** The badge of a failed message; undefined if the connection's badge shows the reason already. */
export function badgeOfFailure(code: ErrorCode): Badge | undefined {
  return FAILURES[code];
}

export const QUEUED: Badge = { fill: "blue", shape: "dot", key: "queued" };

/** The parts of a node that a badge needs. */
export interface StatusTarget {
  readonly type: string;
  status(status: { fill: Badge["fill"]; shape: Badge["shape"]; text: string }): void;
}

/** The badge under one node. Calls `status` only for changes, because each call is sent to all open editors. */
export class StatusBadge<K extends string = StatusKey> {
  readonly #target: StatusTarget;
  #fill: Badge["fill"] | undefined;
  #shape: Badge["shape"] | undefined;
  #text: string | undefined;

  constructor(target: StatusTarget) {
    this.#target = target;
  }

  /** `text` is shown in place of the text of the key. */
  show({ fill, shape, key }: Badge<K>, text = `${this.#target.type}.status.${key}`): void {
    if (fill === this.#fill && shape === this.#shape && text === this.#text) return;
    this.#fill = fill;
    this.#shape = shape;
    this.#text = text;
    this.#target.status({ fill, shape, text });
  }
}
