import type { Badge, StatusKey } from "./badge";

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
