import type { ProtocolVersion } from "../protocol/version";

/** Why a connection is over. */
export type ConnectionEnd =
  | { readonly reason: "refused" }
  /** `detail`: the code of the operating system, such as `EHOSTUNREACH`, else its message, else "no answer". */
  | { readonly reason: "unreachable"; readonly detail: string }
  | { readonly reason: "unknown-host" }
  /** Closed by the device before any frame went to it: all its places are taken. */
  | { readonly reason: "busy" }
  /** Closed by the device; `answered` tells whether a readable frame ever came. */
  | { readonly reason: "closed"; readonly answered: boolean }
  /** A question stayed open too long. */
  | { readonly reason: "silent" }
  /** Only heartbeats are answered. */
  | { readonly reason: "mute" }
  /** A frame of another version came instead of an answer. */
  | { readonly reason: "foreign"; readonly speaks: "older" | "newer" }
  | { readonly reason: "refused-in-clear" }
  /** It answers, or at least stays, and nothing it said proved the key within the time it was given. */
  | { readonly reason: "unproven" }
  /** It answers queries in clear, and did not say what would have proved the version that was guessed. */
  | { readonly reason: "clear-only" }
  /** Whole frames do not decrypt; `marker` is the version they name, where they name one. */
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
