import type { ProtocolVersion } from "../../protocol/version";
import type { KeyDamage } from "../../local-key";
import type { ConnectionEnd } from "../../session/connection/connection-end";
import type { RefusedReading } from "../../session/refused-reading";

/**
 * The version a device speaks. Answers in 3.1 and 3.2 look the same: only a command, or an announcement, tells the two
 * apart.
 */
export type SpokenVersion = ProtocolVersion | "3.1 or 3.2";

/** All possible results of a diagnosis, with the facts that the sentence needs. */
export type Cause =
  | { readonly cause: "no-id" | "no-key" | "key-characters" | "swapped" | "bad-port" | "bad-version" }
  | { readonly cause: "variable"; readonly field: string; readonly variable: string }
  | { readonly cause: "key-damaged"; readonly damage: readonly KeyDamage[]; readonly length: number }
  | { readonly cause: "key-length"; readonly length: number }
  /** `others` devices were heard, this one was not. */
  | { readonly cause: "not-heard"; readonly others: number; readonly seconds: number }
  /** The device announces only link-local addresses (169.254.x.x), the last one from `ip`. */
  | { readonly cause: "self-assigned"; readonly ip: string }
  | { readonly cause: "child-unknown"; readonly cid: string; readonly known: readonly string[] }
  | { readonly cause: "deaf"; readonly deafness: Deafness }
  | { readonly cause: "host-unknown" | "no-answer" | "refused" }
  | { readonly cause: "no-route"; readonly detail: string }
  /** `hasNode`: this process has a node for the device, which is not connected. */
  | { readonly cause: "busy"; readonly hasNode: boolean }
  | {
      readonly cause: "other-version";
      readonly speaks: SpokenVersion;
      readonly set: string;
      readonly announced: string | undefined;
    }
  | { readonly cause: "key-rejected" | "negotiation-ignored" | "other-key-in-use" }
  | {
      readonly cause: "unreadable";
      readonly speaks: ProtocolVersion | undefined;
      readonly announced: string | undefined;
    }
  | {
      readonly cause: "silent";
      readonly tried: readonly ProtocolVersion[];
      readonly announced: string | undefined;
    }
  | { readonly cause: "breaks-off" | "fault" }
  /** `by`: how it is known that this is another device. */
  | { readonly cause: "stranger"; readonly stranger: string; readonly by: "itself" | "announcement" }
  /** `to`: the address from which the device announces itself. */
  | { readonly cause: "moved"; readonly to: string }
  | { readonly cause: "no-tuya" }
  | ({ readonly cause: "values-refused" } & RefusedReading)
  | { readonly cause: "no-values" | "mute" | "lost" }
  | { readonly cause: "child-silent" | "child-offline" }
  /** `isSure`: the gateway says that it is online, or it has reported by itself. */
  | {
      readonly cause: "child-works";
      readonly isSure: boolean;
      readonly dps: number;
      readonly version: SpokenVersion;
    }
  /** A gateway without data points of its own. */
  | { readonly cause: "gateway-works"; readonly children: number; readonly version: SpokenVersion }
  | {
      readonly cause: "works";
      readonly dps: number;
      readonly version: SpokenVersion;
    }
  /** `isPinned`: address and version are configured, so commands are sent nevertheless. */
  | {
      readonly cause: "key-not-proven";
      readonly dps: number;
      readonly version: SpokenVersion;
      readonly isPinned: boolean;
    };

/** Why nothing is heard at all. */
export type Deafness =
  | { readonly why: "switched-off" }
  | { readonly why: "ports-taken"; readonly ports: readonly number[] }
  | {
      readonly why: "container" | "network";
      readonly ports: readonly number[];
      readonly taken: readonly number[];
    };

/**
 * The cause behind the end of a connection that says nothing about version or key.
 * @param hasNode whether this process has a node for the device, which is not connected
 */
export function causeOfEnd(end: ConnectionEnd, hasNode: boolean): Cause {
  switch (end.reason) {
    case "refused":
      return { cause: "refused" };
    case "unreachable":
      return /^(no answer|ETIMEDOUT)$/.test(end.detail)
        ? { cause: "no-answer" }
        : { cause: "no-route", detail: end.detail };
    case "unknown-host":
      return { cause: "host-unknown" };
    case "busy":
      return { cause: "busy", hasNode };
    case "closed":
    case "unusable-session-key":
    case "out-of-step":
    case "dead":
      return { cause: "breaks-off" };
    case "silent":
    case "mute":
    case "foreign":
    case "refused-in-clear":
    case "undecryptable":
    case "wrong-key":
    case "unproven":
    case "clear-only":
    case "stalled":
    case "fault":
    case "asked":
      return { cause: "fault" };
  }
}
