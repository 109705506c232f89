import { Connection, type ConnectionEnd } from "../device/connection";
import { DEFAULT_TIMINGS } from "../device/timings";
import { Command } from "../protocol/command";
import { NO_PAYLOAD } from "../protocol/envelope";
import { dialectOf } from "../protocol/version";
import { Once } from "./once";
import type { TrialContext } from "./trial";

/**
 * Whether a device that leaves a 3.5 negotiation unanswered speaks 3.5 all the same, and so holds another key. Production
 * firmware drops a negotiation it cannot decrypt without a word, but hangs up on a frame out of turn, here a heartbeat,
 * whose body it does not look at. Devices of other versions do not know this frame format and stay; so does one that hangs.
 */
export async function hangsUpOnHeartbeat(ip: string, context: TrialContext): Promise<boolean> {
  const { subject, timings, patience, logger } = context;
  const ended = new Once<ConnectionEnd>();
  const connection: Connection = new Connection(
    {
      host: ip,
      port: subject.port,
      dialect: { ...dialectOf("3.5"), negotiates: false },
      localKey: subject.localKey,
      settleMs: timings.settleMs,
      timings: {
        ...DEFAULT_TIMINGS,
        connectTimeoutMs: timings.knockMs,
        closeGraceMs: timings.closeGraceMs,
      },
      logger,
    },
    {
      watchesFrames: false,
      opened() {},
      established: () => void connection.send(Command.HEART_BEAT, NO_PAYLOAD),
      message() {},
      unreadable() {},
      received() {},
      frame() {},
      ended: (end) => ended.done(end),
    },
  );
  try {
    const end = await patience.wait(ended.promise, timings.settleMs + timings.knockMs);
    return end?.reason === "closed" && !end.answered;
  } finally {
    connection.end({ reason: "asked" });
    await connection.closed;
  }
}
