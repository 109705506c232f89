import type { Cause } from "./cause";
import type { ConnectionEnd } from "../../session/connection/connection-end";

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
