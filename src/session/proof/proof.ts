import { Command } from "../../protocol/command";
import type { Body, JsonObject, Message } from "../../protocol/message";
import { readRefusal } from "../../protocol/refusal";
import { readChildrenReport, readReport } from "../../protocol/report";
import type { Dialect } from "../../protocol/version";

/*
 * Defines what proves that the other end has the local key. There are two ways:
 *
 * - 3.4 and 3.5: a completed negotiation. Each end sends a keyed hash of the other's fresh nonce.
 * - 3.1 to 3.3: a message that decrypts under the key and says what only devices say. These versions have no nonces, so
 *   somebody who recorded such a message can send it again (SECURITY.md). But nobody without the key can make one.
 *
 * No proof: a message in clear; a message without content (an acknowledgement, an answer to a heartbeat); and a message
 * that a client wrote, because it can be sent back by whoever received it.
 */

/** Whether the negotiation of this version proves the key. */
export function isProvenByNegotiation(dialect: Dialect): boolean {
  return dialect.negotiates;
}

/** Whether a message of a version without negotiation proves the key. */
export function provesKey(message: Message, body: Body): boolean {
  if (!message.encrypted || message.command === Command.HEART_BEAT) return false;
  switch (body.kind) {
    case "empty":
      return false;
    case "text":
      // Anybody can send back the last block of a request, which reads as some text. So only known refusals count.
      return readRefusal(body.text) !== undefined;
    case "json":
      return (
        !isFromClient(body.value) && (saysValues(body.value) || readChildrenReport(body.value) !== undefined)
      );
  }
}

/** Whether a body reports values. If all are null it is a query with nulls, which clients send. */
function saysValues(body: JsonObject): boolean {
  const report = readReport(body);
  if (!report) return false;
  const values = Object.values(report.dps);
  return values.length === 0 || values.some((value) => value !== null);
}

/**
 * Whether a body was written by a client, not by a device. Up to 3.3 clients (the vendor's app and we) name an account
 * (`uid`) beside the data points. From 3.4 on clients write `protocol` 5, and devices 4. Only clients ask for
 * measurements or sub-devices, or send nothing but the two ids, as in a heartbeat.
 */
export function isFromClient(body: JsonObject): boolean {
  return (
    "uid" in body ||
    body["protocol"] === CLIENT_BODY ||
    "dpId" in body ||
    body["reqType"] === "subdev_online_stat_query" ||
    isHeartbeat(body)
  );
}

function isHeartbeat(body: JsonObject): boolean {
  return "gwId" in body && "devId" in body && Object.keys(body).length === 2;
}

const CLIENT_BODY = 5;

/** How far the other end is trusted before it has proved the key. */
export type Trust =
  /** Address and version are configured: commands are sent. */
  | "pinned"
  /** The address is configured: values are read, but no commands are sent. */
  | "configured"
  /**
   * The address is only known from an announcement, or from earlier: only requests whose answers prove the key are sent.
   */
  | "heard";

/** Whether commands may be sent. */
export function takesCommands(trust: Trust, isKeyProven: boolean): boolean {
  return isKeyProven || trust === "pinned";
}

/** Whether messages count as the device's answers and values. */
export function isBelieved(trust: Trust, isKeyProven: boolean): boolean {
  return isKeyProven || trust !== "heard";
}
