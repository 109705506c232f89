import type { Logger } from "../logger";
import { NONE } from "../none";
import { parseLocalKey } from "../protocol/cipher";
import type { FrameTap } from "../session/connection/frame-event";
import { OwnBodies } from "../session/proof/own-bodies";
import { Session, type SessionOwner } from "../session/session";
import type { SessionOptions, SessionStatistics } from "../session/session-options";
import type { Timings } from "../session/timings";
import type { Attempt } from "./attempts/attempts";
import { DEFAULT_PORT } from "../limits";
import type { DeviceSettings, DeviceStatistics } from "./types";

export interface PresentSessionOptions {
  readonly logger: Logger;
  readonly timings: Timings;
  readonly frames: FrameTap;
  /** Makes the sessions; default: those that connect to the device. */
  readonly makeSession?: (options: SessionOptions, owner: SessionOwner) => Session;
}

/**
 * The session a device uses now, the attempt that opened it, and what earlier sessions leave behind (statistics, closing
 * sockets).
 */
export class PresentSession {
  readonly #options: PresentSessionOptions;
  readonly #owner: SessionOwner;
  readonly #ownBodies = new OwnBodies();
  #session: Session | undefined;
  #attempt: Attempt | undefined;
  #since = 0;
  #readySince = 0;
  /** When the last announcement was heard, in milliseconds since 1970. */
  #lastHeard: number | undefined;
  /** Whether a connection with the present settings proved the key. */
  #keyWasProven = false;
  /**
   * Whether the device closed the last connection while it was asked for proof. Perhaps because of that, so the next
   * session does not ask.
   */
  #leavesWhenAsked = false;
  /** Sum over the sessions that have ended; undefined before the first ended. */
  #earlier: StatisticsSum | undefined;
  /** Resolves when the sockets of all left sessions are gone. */
  #leftGone: Promise<void> | undefined;

  /** @param owner of every session that is opened here */
  constructor(options: PresentSessionOptions, owner: SessionOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** The attempt that opened the session. */
  get attempt(): Attempt | undefined {
    return this.#attempt;
  }

  /** How long ago this session was opened, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#since;
  }

  /** Resolves when the sockets of the present session and all before it are gone. */
  get socketGone(): Promise<void> {
    return bothGone(this.#leftGone, this.#session?.closed);
  }

  /** The attempt that opened this session; undefined if it is not the present one. */
  attemptOf(session: Session): Attempt | undefined {
    return session === this.#session ? this.#attempt : undefined;
  }

  /** Opens a session. It becomes the present one by `take`. The caller has checked the settings (`settingsError`). */
  open(attempt: Attempt, settings: DeviceSettings): Session {
    const { ip, version, trust, acceptsMuteness, isGuess, listensFirst } = attempt;
    const { deviceId, name, localKey, port = DEFAULT_PORT, device22Dps = NONE } = settings;
    const { timings, logger, frames, makeSession = realSession } = this.#options;
    return makeSession(
      {
        deviceId,
        name: name || deviceId,
        host: ip,
        port,
        version,
        trust,
        acceptsMuteness,
        localKey: parseLocalKey(localKey)!,
        device22Dps,
        ownBodies: this.#ownBodies,
        keyWasProven: this.#keyWasProven,
        asksForProof: !this.#leavesWhenAsked,
        isGuess,
        settleMs: listensFirst ? timings.settleMs : 0,
        timings,
        logger,
        frames,
      },
      this.#owner,
    );
  }

  /** Makes a session the present one. The caller has left the one before. */
  take(session: Session, attempt: Attempt): void {
    this.#session = session;
    this.#attempt = attempt;
    this.#since = performance.now();
  }

  /**
   * There is no present session any more. Returns the one there was, which the caller must end; undefined if there was
   * none.
   */
  leave(): Session | undefined {
    const session = this.#session;
    this.#session = undefined;
    this.#attempt = undefined;
    if (!session) return undefined;
    this.#earlier ??= new StatisticsSum();
    this.#earlier.add(session.statistics);
    this.#leftGone = bothGone(this.#leftGone, session.closed);
    return session;
  }

  /** The key was proved, with the present settings. */
  noteProven(): void {
    this.#keyWasProven = true;
  }

  /** A session has ended, the present one or the lookout's. */
  noteEnded(session: Session): void {
    if (session === this.#session) this.#leavesWhenAsked = session.hungUpWhenAsked;
  }

  /** The settings have changed: what sessions found out with the old ones is forgotten. */
  forget(): void {
    this.#keyWasProven = false;
    this.#leavesWhenAsked = false;
  }

  /** An announcement of the device was heard at `time`, in milliseconds since 1970. */
  noteHeard(time: number): void {
    this.#lastHeard = time;
  }

  /** The device has become ready. */
  noteReady(): void {
    this.#readySince = performance.now();
  }

  /** How long ago the device last became ready, in milliseconds. */
  get readyMs(): number {
    return performance.now() - this.#readySince;
  }

  /** Sums over all sessions so far. */
  statistics(): DeviceStatistics {
    return (this.#earlier ?? NOTHING_YET).with(this.#session?.statistics, this.#lastHeard);
  }
}

/** Adds up the statistics of a device over its ended sessions and the present one. */
export class StatisticsSum {
  #bytesIn = 0;
  #bytesOut = 0;
  #roundTripMs: number | undefined;
  #lastSeen: number | undefined;
  #notAuthentic = 0;

  /** A session ends. */
  add({ bytesIn, bytesOut, roundTripMs, lastSeen, notAuthentic }: SessionStatistics): void {
    this.#bytesIn += bytesIn;
    this.#bytesOut += bytesOut;
    this.#roundTripMs = roundTripMs ?? this.#roundTripMs;
    this.#lastSeen = later(this.#lastSeen, lastSeen);
    this.#notAuthentic += notAuthentic;
  }

  /**
   * @param present statistics of the present session, if there is one
   * @param heard when an announcement was heard last, in milliseconds since 1970
   */
  with(present: SessionStatistics | undefined, heard: number | undefined): DeviceStatistics {
    return {
      bytesIn: this.#bytesIn + (present?.bytesIn ?? 0),
      bytesOut: this.#bytesOut + (present?.bytesOut ?? 0),
      roundTripMs: present?.roundTripMs ?? this.#roundTripMs,
      lastSeen: later(later(this.#lastSeen, heard), present?.lastSeen),
      notAuthentic: this.#notAuthentic + (present?.notAuthentic ?? 0),
    };
  }
}

function realSession(options: SessionOptions, owner: SessionOwner): Session {
  return new Session(options, owner);
}

const NOTHING_YET = new StatisticsSum();

function later(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}

function bothGone(one: Promise<void> | undefined, other: Promise<void> | undefined): Promise<void> {
  return Promise.all([one, other]).then(() => undefined);
}
