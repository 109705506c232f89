import type { Logger } from "../logger";
import type { ProtocolVersion } from "../protocol/version";
import type { FrameTap } from "./frame-event";
import type { OwnBodies } from "./own-bodies";
import type { Trust } from "./proof";
import type { Timings } from "./timings";

/** What a session is to be. */
export interface SessionOptions {
  readonly deviceId: string;
  /** For sentences. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly version: ProtocolVersion;
  /** How far the address is trusted before the key is proved there. */
  readonly trust: Trust;
  /** 16 bytes. */
  readonly localKey: Buffer;
  /** Shared by all sessions of a device; default: of this one only. */
  readonly ownBodies?: OwnBodies | undefined;
  /** Data points to ask for with nulls (device22); empty = normal query. */
  readonly device22Dps: readonly string[];
  /** Whether an earlier connection proved the key. */
  readonly keyWasProven?: boolean;
  /** Listen this long before the first frame, in milliseconds. */
  readonly settleMs: number;
  /** Whether answered heartbeats are enough where the first query is ignored; otherwise the session ends as "mute". */
  readonly acceptsMuteness: boolean;
  /** Whether a device that answers in clear may be asked for something that proves the key (3.2). Default: no. */
  readonly asksForProof?: boolean;
  /**
   * Whether the version is a guess. Where it is one that can be asked for proof, a session that gets none ends as
   * "clear-only".
   */
  readonly isGuess?: boolean;
  readonly timings: Timings;
  readonly logger: Logger;
  readonly frames: FrameTap;
}

/** How a connection is doing. */
export interface SessionStatistics {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** From a question to its answer, the last time there was one; milliseconds. */
  readonly roundTripMs: number | undefined;
  /** When something was received last, in milliseconds since 1970. */
  readonly lastSeen: number | undefined;
  /** Messages that were dropped because nobody vouches for them, such as a report in clear. */
  readonly notAuthentic: number;
}
