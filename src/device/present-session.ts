import type { Logger } from "../logger";
import { parseLocalKey } from "../protocol/cipher";
import type { FrameTap } from "../session/frame-event";
import { OwnBodies } from "../session/own-bodies";
import { Session, type SessionOwner } from "../session/session";
import type { Timings } from "../session/timings";
import type { Attempt } from "./attempts/attempts";
import { StatisticsSum } from "./statistics";
import { DEFAULT_PORT, type DeviceSettings, type DeviceStatistics } from "./types";

export interface PresentSessionOptions {
  readonly logger: Logger;
  readonly timings: Timings;
  readonly frames: FrameTap;
}

/** The session of a device that counts, what led to it, and what is left of those before. */
export class PresentSession {
  readonly #options: PresentSessionOptions;
  readonly #owner: SessionOwner;
  readonly #ownBodies = new OwnBodies();
  #session: Session | undefined;
  #attempt: Attempt | undefined;
  #since = 0;
  #readySince = 0;
  /** When the device was last heard without a session, in milliseconds since 1970. */
  #lastHeard: number | undefined;
  /** Whether a connection with the present settings proved the key. */
  #keyWasProven = false;
  /** The device hung up while it was last asked for proof: perhaps because of that. Then it is not asked the next time. */
  #leavesWhenAsked = false;
  /** Of those that have ended, once there are any. */
  #earlier: StatisticsSum | undefined;
  /** Resolves when the sockets of those that were left are gone. */
  #leftGone: Promise<void> | undefined;

  /** @param owner of every session that is opened here */
  constructor(options: PresentSessionOptions, owner: SessionOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** What led to the session. */
  get attempt(): Attempt | undefined {
    return this.#attempt;
  }

  /** For how long there has been this session, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#since;
  }

  /** Resolves when the sockets of all that were present are gone. */
  get socketGone(): Promise<void> {
    return bothGone(this.#leftGone, this.#session?.closed);
  }

  /** What led to a session, where it is the present one. */
  attemptOf(session: Session): Attempt | undefined {
    return session === this.#session ? this.#attempt : undefined;
  }

  /** Opens a connection. It is the present one from `take` on; without that it stands beside it. The settings have been judged. */
  open(attempt: Attempt, settings: DeviceSettings): Session {
    const { ip, version, trust, acceptsMuteness, isGuess, listensFirst } = attempt;
    const { deviceId, name, localKey, port = DEFAULT_PORT, device22Dps = [] } = settings;
    const { timings, logger, frames } = this.#options;
    return new Session(
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

  /** From now on this session is the present one. There was none, or it has been left. */
  take(session: Session, attempt: Attempt): void {
    this.#session = session;
    this.#attempt = attempt;
    this.#since = performance.now();
  }

  /** The session that was present until now, which is for the caller to end; undefined where there was none. */
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

  /** A session has ended, the present one or one beside it. */
  noteEnded(session: Session): void {
    if (session === this.#session) this.#leavesWhenAsked = session.hungUpWhenAsked;
  }

  /** There are other settings: what sessions with the old ones found out is no news of these. */
  forget(): void {
    this.#keyWasProven = false;
    this.#leavesWhenAsked = false;
  }

  /** The device was heard without a session, at that time in milliseconds since 1970. */
  noteHeard(time: number): void {
    this.#lastHeard = time;
  }

  /** The device has become ready. */
  noteReady(): void {
    this.#readySince = performance.now();
  }

  /** Since the device last became ready, in milliseconds. */
  get readyMs(): number {
    return performance.now() - this.#readySince;
  }

  /** Of all sessions so far. */
  statistics(): DeviceStatistics {
    return (this.#earlier ?? NONE).with(this.#session?.statistics, this.#lastHeard);
  }
}

const NONE = new StatisticsSum();

function bothGone(one: Promise<void> | undefined, other: Promise<void> | undefined): Promise<void> {
  return Promise.all([one, other]).then(() => undefined);
}
