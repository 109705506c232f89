import type { ErrorCode } from "../../src/errors";
import type { Badge, StatusKey } from "./badge";

export { badgeOf, type Badge, type StatusKey } from "./badge";

const FAILURES: { readonly [C in ErrorCode]?: Badge } = {
  BAD_INPUT: { fill: "yellow", shape: "dot", key: "badInput" },
  REJECTED: { fill: "yellow", shape: "dot", key: "refused" },
  CHILD_OFFLINE: { fill: "yellow", shape: "dot", key: "refused" },
  TIMEOUT: { fill: "yellow", shape: "dot", key: "timeout" },
};

/** What a failed message leaves under its node for a moment; undefined where the connection's badge says it already. */
export function badgeOfFailure(code: ErrorCode): Badge | undefined {
  return FAILURES[code];
}

export const QUEUED: Badge = { fill: "blue", shape: "dot", key: "queued" };

/** What painting needs of a node. */
export interface StatusTarget {
  readonly type: string;
  status(status: { fill: Badge["fill"]; shape: Badge["shape"]; text: string }): void;
}

/** The badge under one node. Every call of `status` goes to every open editor, so only changes do. */
export class StatusBadge<K extends string = StatusKey> {
  readonly #target: StatusTarget;
  #shown: string | undefined;

  constructor(target: StatusTarget) {
    this.#target = target;
  }

  /** `text` stands in for the key where a text cannot be a key. */
  show({ fill, shape, key }: Badge<K>, text = `${this.#target.type}.status.${key}`): void {
    const shown = `${fill} ${shape} ${text}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#target.status({ fill, shape, text });
  }
}
