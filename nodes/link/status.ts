import type { ErrorCode } from "../../src/errors";
import type { LinkState } from "./link-state";

/** Keys of the status texts, in the catalogue of every node type under `<type>.status`. Status nodes receive them. */
export type StatusKey =
  | "notConfigured"
  | "noDevice"
  | "idle"
  | "searching"
  | "connecting"
  | "checking"
  | "connected"
  | "unproven"
  | "asleep"
  | "wrongKey"
  | "keyOrVersion"
  | "unreachable"
  | "notFound"
  | "busy"
  | "timeout"
  | "retrying"
  | "childOffline"
  | "gatewayOffline"
  | "queued"
  | "refused"
  | "badInput"
  | "closed";

export interface Badge<K extends string = StatusKey> {
  readonly fill: "red" | "green" | "yellow" | "blue" | "grey";
  readonly shape: "ring" | "dot";
  readonly key: K;
}

/** The one place that says what a state looks like under a node. */
export function badgeOf(state: LinkState): Badge {
  switch (state.kind) {
    case "noDevice":
      return { fill: "grey", shape: "ring", key: "noDevice" };
    case "notConfigured":
      return { fill: "red", shape: "ring", key: "notConfigured" };
    case "childOffline":
      return { fill: "red", shape: "ring", key: "childOffline" };
    case "gatewayOffline":
      return { fill: "red", shape: "ring", key: "gatewayOffline" };
    case "idle":
      return { fill: "grey", shape: "ring", key: "idle" };
    case "searching":
      return { fill: "yellow", shape: "ring", key: "searching" };
    case "connecting":
      return { fill: "yellow", shape: "dot", key: "connecting" };
    case "checking":
      return { fill: "yellow", shape: "dot", key: "checking" };
    case "ready":
      // Green means that the key is right. 3.1 and 3.2 answer queries in clear, whatever the key.
      return state.keyProven
        ? { fill: "green", shape: "dot", key: "connected" }
        : { fill: "yellow", shape: "dot", key: "unproven" };
    case "asleep":
      return { fill: "blue", shape: "ring", key: "asleep" };
    case "waiting":
      return badgeOfError(state.error.code);
    case "closed":
      return { fill: "grey", shape: "ring", key: "closed" };
  }
}

function badgeOfError(code: ErrorCode): Badge {
  switch (code) {
    case "WRONG_KEY":
      return { fill: "red", shape: "dot", key: "wrongKey" };
    case "KEY_OR_VERSION":
      return { fill: "red", shape: "dot", key: "keyOrVersion" };
    case "UNREACHABLE":
      return { fill: "red", shape: "ring", key: "unreachable" };
    case "NOT_FOUND":
      return { fill: "red", shape: "ring", key: "notFound" };
    case "BUSY":
      return { fill: "red", shape: "ring", key: "busy" };
    case "TIMEOUT":
      return { fill: "red", shape: "ring", key: "timeout" };
    case "NOT_CONFIGURED":
      return { fill: "red", shape: "ring", key: "notConfigured" };
    case "CHILD_OFFLINE":
      return { fill: "red", shape: "ring", key: "childOffline" };
    case "OFFLINE":
    case "REJECTED":
    case "BAD_INPUT":
    case "CLOSED":
    case "BAD_FRAME":
      return { fill: "yellow", shape: "ring", key: "retrying" };
  }
}

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
