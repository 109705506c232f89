import { randomBytes } from "node:crypto";
import { Connection } from "../../session/connection/connection";
import { DEFAULT_TIMINGS } from "../../session/timings";
import { Command } from "../../protocol/command";
import { NO_BYTES } from "../../protocol/frame";
import { NONCE_LENGTH } from "../../protocol/handshake";
import { dialectOf } from "../../protocol/version";
import { Once } from "../once";
import type { TestConnectionContext } from "./test-connection";
import type { ConnectionEnd } from "../../session/connection/connection-end";

/**
 * What the device did. "hung-up" proves that it speaks 3.5 and could not decrypt the first negotiation frame; "nothing" =
 * it neither answered nor hung up, or could not be reached.
 */
export type NegotiationAnswer = "hung-up" | "answered" | "nothing";

/**
 * Finds out why a device does not answer a 3.5 negotiation. Production firmware ignores a first negotiation frame that is
 * encrypted with another key, but hangs up after any other first frame. When it could decrypt the negotiation frame, it
 * tolerates unexpected frames. So a heartbeat is sent right behind the negotiation frame: a device that hangs up has
 * another key. Devices of other versions do not know this frame format and keep the connection.
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
        connection.send(Command.HEART_BEAT, NO_BYTES);
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

/** Whether the device closed the connection after a frame; not if there was no connection, or no free place. */
function isHangUp(end: ConnectionEnd): boolean {
  return end.reason === "closed" && !end.answered;
}
