import type { Logger } from "../logger";
import type { ProtocolVersion } from "../protocol/version";
import type { FrameTap } from "./connection/frame-event";
import type { OwnBodies } from "./proof/own-bodies";
import type { Trust } from "./proof/proof";
import type { Timings } from "./timings";

/** The options of a session. */
export interface SessionOptions {
  readonly deviceId: string;
  /** Display name for sentences, never empty. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly version: ProtocolVersion;
  /** How far the other end is trusted before it has proved the key. */
  readonly trust: Trust;
  /** 16 bytes. */
  readonly localKey: Buffer;
  /** Shared by all sessions of a device; default: of this one only. */
  readonly ownBodies?: OwnBodies | undefined;
  /** Data points to ask for with nulls (device22); empty = normal query. */
  readonly device22Dps: readonly string[];
  /** Whether an earlier connection proved the key. */
  readonly keyWasProven?: boolean;
  /** How long to wait before the first frame is sent, in milliseconds. */
  readonly settleMs: number;
  /** Whether answered heartbeats are enough if the first query is ignored; otherwise the session ends as "mute". */
  readonly acceptsMuteness: boolean;
  /** Whether a device that answers in clear may be asked for something that proves the key (3.2). Default: no. */
  readonly asksForProof?: boolean;
  /**
   * Whether the version is a guess. If devices of this version can be asked for proof, a session without proof ends as
   * "clear-only".
   */
  readonly isGuess?: boolean;
  readonly timings: Timings;
  readonly logger: Logger;
  readonly frames: FrameTap;
}

/** Statistics of one session. A copy: it does not change. */
export interface SessionStatistics {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** From the last answered request to its answer, in milliseconds; undefined = none was answered yet. */
  readonly roundTripMs: number | undefined;
  /** When something was last received, in milliseconds since 1970; undefined = never. */
  readonly lastSeen: number | undefined;
  /** Number of messages that were dropped because they need not be from the device, such as a report in clear. */
  readonly notAuthentic: number;
}
