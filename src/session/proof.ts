import { Command } from "../protocol/command";
import type { Body, JsonObject, Message } from "../protocol/message";
import { readRefusal } from "../protocol/refusal";
import { readChildrenReport, readReport } from "../protocol/report";
import type { Dialect } from "../protocol/version";

/*
 * The one definition of what proves that the other end holds the local key. There are two ways:
 *
 * - 3.4 and 3.5: a completed negotiation. Each end sends a keyed hash of the other's fresh nonce.
 * - 3.1 to 3.3: a message that decrypts under the key and says what only devices say. These versions have no nonces, so
 *   whoever recorded such a message can send it again (SECURITY.md). But nobody without the key can make one.
 *
 * What comes in clear proves nothing. Neither does a message without content: an acknowledgement, an answer to a
 * heartbeat. Nor does what a client says: it decrypts as well, and everybody who was sent it can send it back.
 */

/** Whether a connection that stands has proved the key by that. */
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
      // Of a request that was sent to it, anybody can cut off the last block and send that back: it reads as some text.
      return readRefusal(body.text) !== undefined;
    case "json":
      return (
        !isFromClient(body.value) && (saysValues(body.value) || readChildrenReport(body.value) !== undefined)
      );
  }
}

/** Whether values are reported. Nothing but nulls is what clients send, who ask so. */
function saysValues(body: JsonObject): boolean {
  const report = readReport(body);
  if (!report) return false;
  const values = Object.values(report.dps);
  return values.length === 0 || values.some((value) => value !== null);
}

/**
 * Whether a body was written by a client, not by a device. Up to 3.3 clients name an account (`uid`) beside the data
 * points, the vendor's app as well as we; from 3.4 on they number their bodies 5, and devices theirs 4. Nobody else asks for
 * measurements or sub-devices, or sends nothing but the two ids, as a heartbeat does.
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

/** How far whoever answers at an address is trusted before it has proved the key. */
export type Trust =
  /** The user named this address and this version: commands are sent. */
  | "pinned"
  /** The user named this address: values are read, but nothing is commanded. */
  | "configured"
  /** The address is only known from an announcement, or from earlier: nothing is sent but what proves the key. */
  | "heard";

/** Whether commands may be sent. */
export function takesCommands(trust: Trust, isKeyProven: boolean): boolean {
  return isKeyProven || trust === "pinned";
}

/** Whether what is said counts at all: as the device's answer, and as its values. */
export function isBelieved(trust: Trust, isKeyProven: boolean): boolean {
  return isKeyProven || trust !== "heard";
}
