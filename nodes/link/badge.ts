import type { ErrorCode } from "../../src/errors";

/*
 * What a node shows about its devices: the only place that decides it. The editor uses it, too, so it imports nothing that
 * needs Node.js.
 */

/** Keys of the texts under nodes, in the catalogue of each node type below `<type>.status`. Status nodes receive them. */
export type StatusKey =
  | "notConfigured"
  | "noDevice"
  | "idle"
  | "searching"
  | "connecting"
  | "checking"
  | "connected"
  | "unproven"
  | "unreadable"
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

/** Colour and shape of the dot under a node, and the key of the text beside it. */
export interface Badge<K extends string = StatusKey> {
  readonly fill: "red" | "green" | "yellow" | "blue" | "grey";
  readonly shape: "ring" | "dot";
  readonly key: K;
}

/** The parts of a state that a badge shows. */
export interface BadgeState {
  readonly kind:
    | "noDevice"
    | "notConfigured"
    | "childOffline"
    | "gatewayOffline"
    | "idle"
    | "searching"
    | "connecting"
    | "checking"
    | "ready"
    | "asleep"
    | "waiting"
    | "closed";
  /** Set in the state `ready`. */
  readonly keyProven?: boolean;
  /** In the state `ready`: why the device cannot be read. */
  readonly refusal?: unknown;
  /** In the state `waiting`: why. */
  readonly error?: { readonly code: ErrorCode };
}

/** The badge of the state of a device. */
export function badgeOf(state: BadgeState): Badge {
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
      if (state.refusal !== undefined) return { fill: "yellow", shape: "dot", key: "unreadable" };
      // Green means that the key is right. An answer is not enough: 3.1 and 3.2 answer queries in clear, whatever the key
      // is.
      return state.keyProven
        ? { fill: "green", shape: "dot", key: "connected" }
        : { fill: "yellow", shape: "dot", key: "unproven" };
    case "asleep":
      return { fill: "blue", shape: "ring", key: "asleep" };
    case "waiting":
      return badgeOfError(state.error?.code ?? "OFFLINE");
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

/** The badge of a failed message; undefined if the connection's badge shows the reason already. */
export function badgeOfFailure(code: ErrorCode): Badge | undefined {
  return FAILURES[code];
}

/** The badge of a node whose messages wait for the device. */
export const QUEUED: Badge = { fill: "blue", shape: "dot", key: "queued" };

/** The badge of a node with many devices, of which so many are connected. */
export function badgeOfMany(connected: number, total: number): Badge {
  if (total === 0) return { fill: "grey", shape: "ring", key: "noDevice" };
  if (connected === total) return { fill: "green", shape: "dot", key: "connected" };
  return { fill: "yellow", shape: connected === 0 ? "ring" : "dot", key: "connected" };
}
