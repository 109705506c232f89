import type { TuyaError } from "../errors";
import type { Logger } from "../logger";
import { parseLocalKey } from "../protocol/cipher";
import type { ChildrenReport, Report } from "../protocol/report";
import {
  closedError,
  connectionError,
  isHopeless,
  lostError,
  notFoundError,
  offlineError,
} from "../session/failure";
import { Pace } from "./pace";
import { type Attempt, Attempts, type Retry } from "./attempts/attempts";
import { Session, type SessionOwner } from "../session/session";
import { type DeviceInput, nextState } from "./state";
import type { Timings } from "../session/timings";
import { type DeviceSettings, type DeviceState, type HeardAnnouncement, DEFAULT_PORT } from "./types";
import { settingsError } from "./settings-error";
import type { ConnectionEnd } from "../session/connection-end";
import type { FrameTap } from "../session/frame-event";
import type { ReportReason } from "../session/report-reason";

export interface LifecycleOptions {
  readonly logger: Logger;
  readonly timings: Timings;
  readonly frames: FrameTap;
  /** 0 ≤ x < 1; scatters the waits between attempts. */
  readonly random: () => number;
  /** See `PaceOptions`. */
  readonly after?: Promise<void> | undefined;
}

/** Who a lifecycle tells what happens. Whatever it is told, it may ask for something else at once. */
export interface LifecycleOwner {
  stateChanged(state: DeviceState, previous: DeviceState): void;
  /** A session takes requests, and nobody objected when the state said so. */
  ready(session: Session): void;
  report(report: Report, reason: ReportReason): void;
  children(report: ChildrenReport): void;
  /** See `SessionOwner`. */
  childOnline(cid: string): boolean | undefined;
  /** See `SessionOwner`. */
  childAnswered(cid: string, isKnown: boolean): void;
}

/**
 * The connections of a device, one after the other, and what state they put it in (`state.ts`). Where to and how is up to
 * `Pursuit`, when is up to `Pace`.
 */
export class Lifecycle {
  #settings: DeviceSettings;
  readonly #options: LifecycleOptions;
  readonly #owner: LifecycleOwner;
  #state: DeviceState = { kind: "idle" };
  #attempts: Attempts;
  readonly #pace: Pace;
  #lastSeen: number | undefined;
  #session: Session | undefined;
  #sessionSince = 0;
  /** Whether a connection with the present settings proved the key. */
  #keyWasProven = false;
  #readySince = 0;
  /** Resolves when the socket of the last session is gone. */
  #socketGone: Promise<void> = Promise.resolve();
  /** Why there is no connection, until there is one. */
  #trouble: TuyaError | undefined;
  #searchTimer: NodeJS.Timeout | undefined;

  constructor(settings: DeviceSettings, options: LifecycleOptions, owner: LifecycleOwner) {
    this.#settings = settings;
    this.#options = options;
    this.#owner = owner;
    this.#attempts = this.#newAttempts();
    const { timings, after } = options;
    this.#pace = new Pace({ pauseMs: timings.pauseMs, attempt: () => this.#attempt(), after });
  }

  get settings(): DeviceSettings {
    return this.#settings;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** The session, where it takes requests. */
  get readySession(): Session | undefined {
    return this.#state.kind === "ready" ? this.#session : undefined;
  }

  /** What a request ends with that cannot be sent now. */
  get obstacle(): TuyaError {
    return this.#state.kind === "closed" ? closedError(this.name) : offlineError(this.name, this.#trouble);
  }

  /** Display name, or id. */
  get name(): string {
    return this.#settings.name || this.#settings.deviceId;
  }

  /** Takes other settings and, where a connection is wanted, connects with them. */
  configure(settings: DeviceSettings): void {
    this.#settings = settings;
    this.#attempts = this.#newAttempts();
    this.#keyWasProven = false;
    if (this.#state.kind !== "idle") this.reconnect();
  }

  /** See `TuyaDevice.connect`. */
  connect(): void {
    if (this.#state.kind === "idle") this.#start();
  }

  /** See `TuyaDevice.disconnect`. */
  disconnect(): void {
    this.#leave();
    this.#trouble = undefined;
    this.#enter({ type: "disconnect" });
  }

  /** See `TuyaDevice.reconnect`. */
  reconnect(): void {
    if (this.#state.kind === "closed") return;
    this.#leave();
    this.#start();
  }

  /** Ends everything. Resolves when the socket is gone. */
  async close(): Promise<void> {
    // First the state: what is still open ends as closed, not as disconnected.
    this.#enter({ type: "close" });
    this.#leave();
    await this.#socketGone;
  }

  /** See `TuyaDevice.heard`. */
  heard(announcement: HeardAnnouncement): void {
    this.#lastSeen = announcement.time ?? Date.now();
    const state = this.#state;
    if (state.kind === "ready") {
      // It moved, or somebody lies, or it vanished and has just woken up: the connection itself knows.
      const isDoubtful = this.#attempts.doubts(announcement, state.ip);
      if (isDoubtful || this.#settings.sleepy) this.#session?.probe();
      return;
    }
    const isNews = this.#attempts.heard(announcement);
    const waits = state.kind === "searching" || state.kind === "waiting" || state.kind === "asleep";
    if (isNews && waits) this.#attemptOnNews();
  }

  #newAttempts(): Attempts {
    const { timings, random } = this.#options;
    return new Attempts(this.#settings, { timings, random, now: () => performance.now() });
  }

  /** Whether the device is in the state the input led to: whoever was told may have led it elsewhere. */
  #enter(input: DeviceInput): boolean {
    const previous = this.#state;
    const state = nextState(previous, input);
    if (state === previous) return true;
    this.#state = state;
    this.#options.logger.debug(() => `${this.name}: ${previous.kind} → ${state.kind}`);
    this.#owner.stateChanged(state, previous);
    return this.#state === state;
  }

  /** Gives up what the present state owns: its timers and its session. */
  #leave(): void {
    clearTimeout(this.#searchTimer);
    this.#pace.stop();
    this.#abandon();
  }

  #abandon(): void {
    const session = this.#session;
    if (!session) return;
    this.#session = undefined;
    if (session.wasOpened) this.#pace.notePlaceTaken();
    session.end({ reason: "asked" });
  }

  /** Begins anew, as if nothing had failed yet. */
  #start(): void {
    this.#attempts.restart();
    const error = settingsError(this.#settings, this.name);
    this.#trouble = error;
    if (!this.#enter({ type: "start", ip: this.#attempts.ip })) return;
    if (error) this.#enter({ type: "failed", error, retryAt: Infinity });
    else this.#pace.attemptIn(0);
  }

  /**
   * An attempt because the device was heard. One that is under way may be of no use: a packet lost while the device slept
   * is repeated after seconds, and by then it sleeps again.
   */
  #attemptOnNews(): void {
    if (this.#session) {
      const isFresh = performance.now() - this.#sessionSince < this.#options.timings.pauseMs;
      if (this.#session.wasOpened || isFresh) return;
      this.#abandon();
    }
    this.#pace.attemptIn(0);
  }

  #attempt(): void {
    clearTimeout(this.#searchTimer);
    const { deviceId, device22Dps = [], port = DEFAULT_PORT } = this.#settings;
    const localKey = parseLocalKey(this.#settings.localKey);
    if (!localKey || settingsError(this.#settings, this.name)) return;
    const plan = this.#attempts.next();
    if (!plan) {
      this.#search();
      return;
    }
    const { ip, version, acceptsMuteness, listensFirst } = plan;
    if (!this.#enter({ type: "attempt", ip })) return;
    const { timings, logger, frames } = this.#options;
    const settleMs = listensFirst ? timings.settleMs : 0;
    const options = {
      deviceId,
      name: this.name,
      host: ip,
      port,
      version,
      localKey,
      device22Dps,
      keyWasProven: this.#keyWasProven,
    };
    const session: Session = new Session(
      { ...options, settleMs, acceptsMuteness, timings, logger, frames },
      this.#ownerOf(() => session, plan),
    );
    this.#session = session;
    this.#sessionSince = performance.now();
    this.#socketGone = session.closed;
  }

  /** Nothing to do but to wait for an announcement; after a while that is worth a word. */
  #search(): void {
    if (this.#state.kind === "waiting") return;
    const { sleepy } = this.#settings;
    if (!this.#enter(sleepy ? this.#asleep() : { type: "start", ip: undefined }) || sleepy) return;
    this.#searchTimer = setTimeout(() => {
      const error = (this.#trouble = notFoundError(this.name));
      this.#enter({ type: "failed", error, retryAt: Infinity });
    }, this.#options.timings.searchTimeoutMs);
  }

  /** What a session may tell, as long as it is the present one. */
  #ownerOf(session: () => Session, plan: Attempt): SessionOwner {
    const isPresent = (): boolean => this.#session === session();
    const owner = this.#owner;
    const { ip, version } = plan;
    return {
      opened: () => isPresent() && this.#enter({ type: "opened", ip, version }),
      answered: (keyProven) => isPresent() && this.#answered(plan, keyProven),
      report: (report, reason) => isPresent() && this.#report(plan, report, reason),
      children: (report) => isPresent() && owner.children(report),
      childOnline: (cid) => owner.childOnline(cid),
      childAnswered: (cid, isKnown) => isPresent() && owner.childAnswered(cid, isKnown),
      ended: (end) => isPresent() && this.#ended(plan, end),
      lossError: (end, wasSent) => this.#lossError(end, ip, wasSent),
    };
  }

  #lossError(end: ConnectionEnd, ip: string, wasSent: boolean): TuyaError {
    const { name } = this;
    if (this.#state.kind === "closed") return closedError(name);
    const cause = connectionError(end, { name, ip, port: this.#settings.port ?? DEFAULT_PORT });
    return wasSent ? lostError(name, cause) : offlineError(name, cause);
  }

  #answered(plan: Attempt, keyProven: boolean): void {
    const retry = this.#attempts.answered(plan);
    if (retry) {
      this.#abandon();
      this.#suffer(retry);
    } else if (this.#attempts.isEnough(plan, { keyProven, namesDevice: false })) {
      this.#ready(plan, keyProven);
    } else {
      // What names the device comes in the same frame, or not at all.
      const session = this.#session;
      setImmediate(() => {
        if (session && this.#session === session && this.#state.kind !== "ready") this.#turnAway(plan);
      });
    }
  }

  /** Whoever lives at this address answers, but is not this device. */
  #turnAway(plan: Attempt): void {
    this.#abandon();
    this.#suffer(this.#attempts.unproven(plan));
  }

  #ready(plan: Attempt, keyProven: boolean): void {
    const isNew = this.#state.kind !== "ready";
    if (isNew) this.#readySince = performance.now();
    this.#attempts.proved(plan);
    this.#keyWasProven ||= keyProven;
    this.#trouble = undefined;
    const { ip, version } = plan;
    const stays = this.#enter({ type: "answered", ip, version, keyProven });
    if (stays && isNew && this.#session) this.#owner.ready(this.#session);
  }

  #ended(plan: Attempt, end: ConnectionEnd): void {
    if (this.#session?.wasOpened) this.#pace.notePlaceTaken();
    this.#session = undefined;
    const lived = performance.now() - this.#readySince;
    const wasReady = this.#state.kind === "ready";
    this.#suffer(wasReady ? this.#attempts.lost(plan, end, lived) : this.#attempts.failed(plan, end));
  }

  #suffer({ error, retryInMs }: Retry): void {
    this.#trouble = error ?? this.#trouble;
    const input = this.#inputOf(error, retryInMs);
    if (!input || this.#enter(input)) this.#pace.attemptIn(retryInMs);
  }

  /** What a retry means for the state; undefined where it stays as it is. */
  #inputOf(error: TuyaError | undefined, retryInMs: number): DeviceInput | undefined {
    if (!error) return this.#state.kind === "ready" ? { type: "start", ip: this.#attempts.ip } : undefined;
    return this.#settings.sleepy && !isHopeless(error)
      ? this.#asleep()
      : { type: "failed", error, retryAt: Date.now() + retryInMs };
  }

  #asleep(): DeviceInput {
    return { type: "fell-asleep", lastSeen: this.#lastSeen };
  }

  #report(plan: Attempt, report: Report, reason: ReportReason): void {
    const namesDevice = report.deviceId === this.#settings.deviceId;
    if (this.#state.kind !== "ready" && this.#attempts.isEnough(plan, { keyProven: false, namesDevice }))
      this.#ready(plan, false);
    // Whoever was told that it is ready may have disconnected it.
    if (!this.readySession) return;
    this.#lastSeen = Date.now();
    this.#owner.report(report, reason);
  }
}
