import type { ProtocolVersion } from "../../protocol/version";

/** Why a connection ended. */
export type ConnectionEnd =
  | { readonly reason: "refused" }
  /**
   * `detail`: the error code of the operating system, such as `EHOSTUNREACH`; its message if it has no code; "no answer"
   * after `connectTimeoutMs`.
   */
  | { readonly reason: "unreachable"; readonly detail: string }
  | { readonly reason: "unknown-host" }
  /** Closed by the device before any frame went to it: all its places are taken. */
  | { readonly reason: "busy" }
  /** Closed by the device; `answered` tells whether a readable frame ever came. */
  | { readonly reason: "closed"; readonly answered: boolean }
  /** The negotiation, or a request before the first answer of any kind, was not answered in time. */
  | { readonly reason: "silent" }
  /** Only heartbeats are answered. */
  | { readonly reason: "mute" }
  /** A frame of another version came instead of an answer. */
  | { readonly reason: "foreign"; readonly speaks: "older" | "newer" }
  | { readonly reason: "refused-in-clear" }
  /** It keeps the connection, but nothing it sent proved the key within `listenMs`. */
  | { readonly reason: "unproven" }
  /** It answers queries in clear, but not the question that would have proved the guessed version. */
  | { readonly reason: "clear-only" }
  /** Whole frames do not decrypt; `marker` is the version they name, if they name one. */
  | { readonly reason: "undecryptable"; readonly marker?: ProtocolVersion | undefined }
  | { readonly reason: "wrong-key" }
  /** Negotiated a session key that firmware cannot use: connect again at once. */
  | { readonly reason: "unusable-session-key" }
  /** A frame of an established session does not verify: the keys are out of step. */
  | { readonly reason: "out-of-step" }
  /** An unfinished frame never finished. */
  | { readonly reason: "stalled" }
  /** Heartbeats stay unanswered. */
  | { readonly reason: "dead" }
  /** A fault of ours, logged. */
  | { readonly reason: "fault" }
  /** Ended by the owner on purpose. */
  | { readonly reason: "asked" };

/**
 * Why a socket that failed ended. `isTalking`: the device has answered over it. `closed`: how it ends where the device closed
 * it.
 */
export function endByError(
  { code, message }: NodeJS.ErrnoException,
  isTalking: boolean,
  closed: ConnectionEnd,
): ConnectionEnd {
  switch (code) {
    case "ECONNREFUSED":
      return { reason: "refused" };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return { reason: "unknown-host" };
    case "ECONNRESET":
    case "EPIPE":
      return closed;
    case undefined:
    default:
      return isTalking ? closed : { reason: "unreachable", detail: code ?? message };
  }
}
