import { type ErrorCode, TuyaError } from "../errors";
import { dialectOf, type ProtocolVersion } from "../protocol/version";
import { readRefusal } from "../protocol/refusal";
import type { ConnectionEnd } from "./connection/connection-end";
import { foreignText } from "../protocol/foreign-text";
import type { Contradiction } from "./requests/set-command";

/** The facts about a device that a sentence needs. */
export interface Subject {
  /** Display name, or id. */
  readonly name: string;
  readonly ip: string;
  readonly port: number;
}

/** The conclusion of a search for the version, or of a first attempt. */
export type VersionVerdict =
  | { readonly verdict: "wrong-key" }
  | { readonly verdict: "key-or-version" }
  | { readonly verdict: "silent"; readonly version: ProtocolVersion | "auto" }
  /** It has proved a later version before. */
  | { readonly verdict: "older-than-proven"; readonly proven: ProtocolVersion }
  | { readonly verdict: "other-version"; readonly configured: string; readonly speaks: ProtocolVersion };

/** Puts the end of a connection into a sentence: the only place that does. */
export function connectionError(end: ConnectionEnd, { name, ip, port }: Subject): TuyaError {
  switch (end.reason) {
    case "refused":
      return error(
        "UNREACHABLE",
        `${name} refuses connections at ${ip}:${port}: nothing listens there. Check the address; a sub-device is reached through its gateway.`,
      );
    case "unreachable":
      return error(
        "UNREACHABLE",
        `${name} cannot be reached at ${ip} (${end.detail}): it is off, has another address or is in another network. Check power and address.`,
      );
    case "unknown-host":
      return error(
        "UNREACHABLE",
        `The host name "${ip}" of ${name} is not known. Check it, or enter the address.`,
      );
    case "busy":
      return error(
        "BUSY",
        `${name} accepts connections and closes them at once: all its places are taken. Close the Tuya app, Home Assistant or any other program that uses it locally.`,
      );
    case "dead":
      return error("TIMEOUT", `${name} stopped answering at ${ip}: it lost power or its network.`);
    case "silent":
      return error(
        "TIMEOUT",
        `${name} does not answer at ${ip}: it accepts connections, and nothing more. If that stays so, switch it off and on again.`,
      );
    case "mute":
      return error(
        "TIMEOUT",
        `${name} answers heartbeats only at ${ip}. If that stays so, switch it off and on again.`,
      );
    case "stalled":
      return error(
        "TIMEOUT",
        `${name} never finished its answer at ${ip}. If that happens often, its network is bad.`,
      );
    case "closed":
      return error("OFFLINE", `${name} closed the connection. A new one follows by itself.`);
    case "out-of-step":
      return error(
        "OFFLINE",
        `${name} sent something that its session key does not fit. A new connection follows by itself.`,
      );
    case "unusable-session-key":
      return error(
        "OFFLINE",
        `${name} negotiates session keys its firmware cannot use: they begin with 00 again and again. Switch it off and on again.`,
      );
    case "foreign":
      return error(
        "KEY_OR_VERSION",
        `${name} answers in ${end.speaks === "older" ? "an older" : "a newer"} protocol version: not the one it is spoken to in. Set the version to Auto.`,
      );
    case "refused-in-clear":
      return error(
        "KEY_OR_VERSION",
        `${name} says that it cannot decrypt what it is sent: the local key or the protocol version is wrong. Set the version to Auto; if that does not help, fetch the key again.`,
      );
    case "unproven":
      return error(
        "KEY_OR_VERSION",
        `Nothing proves the local key of ${name}: somebody answers at ${ip}, which is only known from an announcement. If it is a 3.1 or 3.2 device, enter this address and set its version; otherwise fetch the key again.`,
      );
    case "clear-only":
      return error(
        "KEY_OR_VERSION",
        `${name} answers in clear only: nothing proves the local key. If it is a 3.1 or 3.2 device, set its version; otherwise fetch the key again.`,
      );
    case "undecryptable":
      return end.marker
        ? error(
            "OFFLINE",
            `${name} turned out to speak protocol ${end.marker}. It is connected anew in that version.`,
          )
        : verdictError({ verdict: "key-or-version" }, name);
    case "wrong-key":
      return verdictError({ verdict: "wrong-key" }, name);
    case "fault":
      return error(
        "OFFLINE",
        `A fault of this package ended the connection to ${name}; the log has the details.`,
      );
    case "asked":
      return error("OFFLINE", `${name} is disconnected.`);
  }
}

/** The sentence of a verdict about the device with this name. */
export function verdictError(verdict: VersionVerdict, name: string): TuyaError {
  switch (verdict.verdict) {
    case "wrong-key":
      return error(
        "WRONG_KEY",
        `${name} rejects the local key. A device gets a new key each time it is paired: fetch the present one and enter it.`,
      );
    case "key-or-version":
      return error(
        "KEY_OR_VERSION",
        `What ${name} sends cannot be decrypted: the local key or the protocol version is wrong. Set the version to Auto; if that does not help, fetch the key again.`,
      );
    case "older-than-proven":
      return error(
        "KEY_OR_VERSION",
        `What answers for ${name} speaks an older protocol: ${name} has proved to speak ${verdict.proven}. Check its address; if the device was replaced or reset, set its version.`,
      );
    case "silent": {
      const [suspects, remedy] =
        verdict.version === "auto"
          ? ["the local key is wrong, to which some 3.5 devices are silent", "Check the key"]
          : [
              `the local key or the protocol version (${verdict.version}) is wrong`,
              "Check the key, set the version to Auto",
            ];
      return error(
        "KEY_OR_VERSION",
        `${name} accepts the connection but answers nothing: ${suspects}, or the device hangs. ${remedy}, or switch the device off and on again.`,
      );
    }
    case "other-version": {
      // 3.1 and 3.2 devices answer each other's queries, in clear. Anybody could answer so.
      const isInClear = verdict.speaks === "3.1";
      const speaks = isInClear ? "3.1 or 3.2" : verdict.speaks;
      const advice = isInClear
        ? "Set the version to one of the two if it is such a device; otherwise somebody else is at its address."
        : `Set the version to Auto or ${speaks}.`;
      return error(
        "KEY_OR_VERSION",
        `${name} speaks protocol ${speaks}, but ${verdict.configured} is set. ${advice}`,
      );
    }
  }
}

/** Not connected, and nothing was sent: the request may be repeated. */
export class NothingSentError extends TuyaError {}

/** The error of a request that was not sent because there is no connection. @param cause why there is none */
export function offlineError(name: string, cause?: TuyaError): TuyaError {
  const what = `${name} is not connected, so nothing was sent.`;
  return hopeless(cause) ?? new NothingSentError("OFFLINE", ...withCause(what, cause));
}

/** The same as a state, for those who have requested nothing. */
export function disconnectedError(name: string, cause: TuyaError): TuyaError {
  return hopeless(cause) ?? new TuyaError("OFFLINE", ...withCause(`${name} is not connected.`, cause));
}

/** The error of a request that was sent, but not answered before its connection ended. */
export function lostError(name: string, cause: TuyaError): TuyaError {
  const what = `The connection to ${name} ended before it answered: the command may or may not have arrived.`;
  return hopeless(cause) ?? new TuyaError("OFFLINE", ...withCause(what, cause));
}

/** The cause itself, if only a person can remove it; otherwise undefined. */
function hopeless(cause: TuyaError | undefined): TuyaError | undefined {
  return cause && isHopeless(cause) ? cause : undefined;
}

function withCause(
  what: string,
  cause: TuyaError | undefined,
): [message: string, options?: { cause: TuyaError }] {
  return cause ? [`${what} ${cause.message}`, { cause }] : [what];
}

/** The error of a device whose address is neither configured nor announced. */
export function notFoundError(name: string): TuyaError {
  return error(
    "NOT_FOUND",
    `${name} has no address and has not announced itself. Check power and network, or enter its address.`,
  );
}

/** @param mayBeKey whether a changed key could be the reason: then the sentence says so */
export function timeoutError(name: string, ms: number, mayBeKey = false): TuyaError {
  const key = mayBeKey
    ? " If no command is answered any more, it was paired anew and has another key: fetch the present one."
    : "";
  return error(
    "TIMEOUT",
    `${name} did not answer within ${ms / 1000} s. The command may or may not have arrived.${key}`,
  );
}

/** The error of a set without an answer that certainly belongs to it. */
export function unansweredError(name: string, contradiction: Contradiction | undefined): TuyaError {
  const values = contradiction ? `, and it reports ${describeContradiction(contradiction)}` : "";
  return error(
    "TIMEOUT",
    `${name} did not answer the command for certain: what it answered may belong to an earlier one${values}. The command may or may not have arrived.`,
  );
}

/** The error of a command before the key is proved, if address and version are not both configured. */
export function unprovenCommandError(name: string, version: ProtocolVersion): TuyaError {
  return error(
    "KEY_OR_VERSION",
    `Nothing that ${name} said has proved the local key, so it was sent no command. ${
      dialectOf(version).encrypts === "all"
        ? `If it is a device that answers no queries, set its version to ${version} instead of Auto.`
        : `3.1 and 3.2 devices answer in clear: if it is one, set its version to ${version === "3.2" ? "3.2" : "3.1 (or 3.2)"} instead of Auto. The Test offers that.`
    }`,
  );
}

/** 3.1 and 3.2: queries are in clear, so an unanswered command is the first sign of a wrong key. */
export function ignoredCommandError(name: string): TuyaError {
  return error(
    "KEY_OR_VERSION",
    `The local key of ${name} is most likely wrong: it answers plain queries but did not answer an encrypted command. Fetch the present key and enter it. If the key is right, the command may or may not have arrived.`,
  );
}

/** The error of a request that was refused with this text. @param cid the sub-device that the request was for */
export function refusalError(name: string, text: string, cid: string | undefined): TuyaError {
  const refusal = readRefusal(text);
  if (cid !== undefined && (refusal === "unknown-child" || refusal === "child-out-of-reach")) {
    return error(
      "CHILD_OFFLINE",
      `Sub-device ${cid} is unknown to its gateway, or out of reach: ${name} says "${foreignText(text)}". Check its node id and that it is awake.`,
    );
  }
  return error("REJECTED", `${name} refused the request: "${foreignText(text)}".`);
}

/**
 * The error of a command that was refused in clear. Firmware refuses in clear only what it could not decrypt; other
 * refusals are encrypted like the request.
 */
export function unreadableCommandError(name: string, text: string): TuyaError {
  return error(
    "KEY_OR_VERSION",
    `${name} cannot read the command ("${foreignText(text)}"): the local key or the protocol version is wrong. Set the version to Auto; if that does not help, fetch the key again.`,
  );
}

/** @param wasSent whether the command was sent; the gateway acknowledges it even if the sub-device is gone */
export function childOfflineError(name: string, cid: string, wasSent: boolean): TuyaError {
  const outcome = wasSent ? "the command was sent and had no effect that was reported" : "nothing was sent";
  return error(
    "CHILD_OFFLINE",
    `Sub-device ${cid} is offline: its gateway ${name} says so, and ${outcome}. Check that it has power or a fresh battery and is near enough.`,
  );
}

/** The error of a set to `cid`, or to the device itself, if another value is reported. */
export function contradictionError(
  name: string,
  contradiction: Contradiction,
  cid: string | undefined,
): TuyaError {
  const values = describeContradiction(contradiction);
  return error(
    "REJECTED",
    cid === undefined
      ? `${name} reports ${values}: it does not accept that value now.`
      : `Sub-device ${cid} does not accept that value now, or is out of reach: its gateway ${name} still reports ${values}.`,
  );
}

function describeContradiction({ dp, sent, reported }: Contradiction): string {
  const [other, own] = [reported, sent].map((value) => foreignText(JSON.stringify(value)));
  return `${other} for data point ${dp} instead of ${own}`;
}

/** The error of a set that was acknowledged, and whose values were not reported although the device was queried. */
export function unreportedError(name: string, dps: readonly string[], cid: string | undefined): TuyaError {
  const who = cid === undefined ? name : `The gateway ${name}`;
  const rest = cid === undefined ? "" : `, or the sub-device ${cid} may be out of reach`;
  return error(
    "TIMEOUT",
    `${who} did not report data point ${dps.join(", ")}: it only acknowledged the command. The data point may not exist${rest}.`,
  );
}

/** The error of a set whose values are reported only in clear (3.1, 3.2), before the key is proved. */
export function unprovenValueError(name: string): TuyaError {
  return error(
    "KEY_OR_VERSION",
    `${name} says that it has the value, but in clear: that anybody can have said, and nothing has proved the local key yet. The command was sent, and may have been carried out. A report proves the key: switch the device by hand once. If none comes, the local key or the address is wrong: check both.`,
  );
}

/** The error of a request that cannot be sent to any device. Nothing was sent. */
export function badInputError(name: string, why: string): TuyaError {
  return error("BAD_INPUT", `${name} was sent nothing: ${why}.`);
}

/** The error of a request that was open when its device was closed. */
export function closedError(name: string): TuyaError {
  return error("CLOSED", `${name} was stopped or redeployed too early: the request was not done.`);
}

/** Whether only a person can remove the cause. */
export function isHopeless({ code }: TuyaError): boolean {
  return code === "WRONG_KEY" || code === "KEY_OR_VERSION" || code === "NOT_CONFIGURED";
}

function error(code: ErrorCode, message: string): TuyaError {
  return new TuyaError(code, message);
}
