import { randomBytes } from "node:crypto";
import { Connection } from "../../session/connection";
import { DEFAULT_TIMINGS } from "../../session/timings";
import { Command } from "../../protocol/command";
import { NO_PAYLOAD } from "../../protocol/envelope";
import { NONCE_LENGTH } from "../../protocol/handshake";
import { dialectOf } from "../../protocol/version";
import { Once } from "../once";
import type { TestConnectionContext } from "./test-connection";
import type { ConnectionEnd } from "../../session/connection-end";

/** What a device did: "hung-up" proves that it speaks 3.5 and could not read the beginning of the negotiation. */
export type NegotiationAnswer = "hung-up" | "answered" | "nothing";

/**
 * Finds out why a device leaves a 3.5 negotiation unanswered. Production firmware drops the beginning of one that is sealed
 * with another key, without a word, and hangs up on any other first frame; once it could read the beginning it bears with
 * frames out of turn. So a heartbeat right behind the beginning tells the two apart. Devices of other versions do not know
 * this frame format and stay; so does one that hangs.
 */
export async function probeNegotiation(
  ip: string,
  context: TestConnectionContext,
): Promise<NegotiationAnswer> {
  const { subject, timings, deadline, logger } = context;
  const { settleMs, negotiationProbeMs, closeGraceMs } = timings;
  const answer = new Once<NegotiationAnswer>();
  const connection: Connection = new Connection(
    { ...dialectOf("3.5"), negotiates: false },
    {
      host: ip,
      port: subject.port,
      localKey: subject.localKey,
      settleMs,
      timings: { ...DEFAULT_TIMINGS, connectTimeoutMs: negotiationProbeMs, closeGraceMs },
      logger,
    },
    {
      opened() {},
      established: () => {
        connection.send(Command.SESS_KEY_NEG_START, randomBytes(NONCE_LENGTH));
        connection.send(Command.HEART_BEAT, NO_PAYLOAD);
      },
      message: () => answer.done("answered"),
      unreadable() {},
      isOwn: () => false,
      ended: (end) => answer.done(isHangUp(end) ? "hung-up" : "nothing"),
    },
  );
  try {
    return (await deadline.wait(answer.promise, settleMs + negotiationProbeMs)) ?? "nothing";
  } finally {
    connection.end({ reason: "asked" });
    await connection.closed;
  }
}

/** As opposed to no connection, or no place. */
function isHangUp(end: ConnectionEnd): boolean {
  return end.reason === "closed" && !end.answered;
}
