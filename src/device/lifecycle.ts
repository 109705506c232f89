import type { TuyaError } from "../errors";
import type { ChildrenReport, Report } from "../protocol/report";
import { closedError, isHopeless, notFoundError, offlineError } from "../session/failure";
import type { LifecycleOwner } from "./lifecycle-owner";
import { lossError } from "./loss-error";
import { Lookout } from "./lookout";
import { takesCommands } from "../session/proof/proof";
import { Pace, type PaceOwner } from "./pace";
import { type Attempt, Attempts, type AttemptsOptions, type Retry } from "./attempts/attempts";
import { PresentSession, type PresentSessionOptions } from "./present-session";
import type { Session, SessionOwner } from "../session/session";
import { type DeviceInput, isProven, nextState } from "./state";
import type { DeviceSettings, DeviceState, DeviceStatistics, HeardAnnouncement } from "./types";
import { settingsError } from "./settings-error";
import type { ConnectionEnd } from "../session/connection/connection-end";
import type { ReportReason } from "../session/report-reason";

export interface LifecycleOptions extends PresentSessionOptions, AttemptsOptions {
  /** See `Pace`. */
  readonly after?: Promise<void> | undefined;
}

/**
 * Makes the connections of a device, one after the other, and keeps its state (`state.ts`). `Attempts` decides where and
 * how to connect, `Pace` when. `Lookout` looks for a better address while the device is connected.
 */
export class Lifecycle implements SessionOwner, PaceOwner {
  #settings: DeviceSettings;
  readonly #options: LifecycleOptions;
  readonly #owner: LifecycleOwner;
  #state: DeviceState = { kind: "idle" };
  #attempts: Attempts;
  readonly #pace: Pace;
  /** Made when it is needed: most devices are at their configured address. */
  #lookout: Lookout | undefined;
  readonly #present: PresentSession;
  /** Why there is no connection, until there is one. */
  #trouble: TuyaError | undefined;
  #searchTimer: NodeJS.Timeout | undefined;

  constructor(settings: DeviceSettings, options: LifecycleOptions, owner: LifecycleOwner) {
    this.#settings = settings;
    this.#options = options;
    this.#owner = owner;
    this.#attempts = new Attempts(settings, options);
    this.#present = new PresentSession(options, this);
    this.#pace = new Pace(options.timings.pauseMs, this, options.after);
  }

  get settings(): DeviceSettings {
    return this.#settings;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** The session, if it takes requests. */
  get readySession(): Session | undefined {
    return this.#state.kind === "ready" ? this.#present.session : undefined;
  }

  /** While the device is asked to prove its key: resolves when that has an outcome. Requests wait for it. */
  get proving(): Promise<void> | undefined {
    return this.#present.session?.asking;
  }

  /** See `TuyaDevice.statistics`. */
  statistics(): DeviceStatistics {
    return this.#present.statistics();
  }

  /** The error of a request that cannot be sent now. */
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
    this.#attempts = new Attempts(settings, this.#options);
    this.#present.forget();
    if (this.#state.kind !== "idle") this.reconnect();
  }

  /** The device refuses to be read, with this error; undefined = it can be read. */
  noteRefusal(error: TuyaError | undefined): void {
    this.#enter({ type: "refused", error });
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
    // The state is changed first, so that open requests fail with CLOSED and not with OFFLINE.
    this.#enter({ type: "close" });
    this.#leave();
    await Promise.all([this.#present.socketGone, this.#lookout?.socketGone]);
  }

  /** See `TuyaDevice.heard`. */
  heard(announcement: HeardAnnouncement): void {
    this.#present.noteHeard(announcement.time ?? Date.now());
    const state = this.#state;
    const { session, attempt } = this.#present;
    if (attempt && (state.kind === "ready" || session?.isListening)) {
      // The device moved, or the announcement is forged, or the device was away and has just woken up: a sign of life
      // tells.
      const isDoubtful = this.#attempts.doubts(announcement, attempt.ip);
      if (isDoubtful || this.#settings.sleepy) session?.probe();
      this.#lookout?.look();
      return;
    }
    const isNews = this.#attempts.heard(announcement);
    const waits = state.kind === "searching" || state.kind === "waiting" || state.kind === "asleep";
    if (isNews && waits) this.#attemptOnNews();
  }

  // PaceOwner

  attempt(): void {
    clearTimeout(this.#searchTimer);
    if (settingsError(this.#settings, this.name)) return;
    const attempt = this.#attempts.next();
    if (!attempt) {
      this.#search();
      return;
    }
    if (!this.#enter({ type: "attempt", ip: attempt.ip })) return;
    this.#present.take(this.#present.open(attempt, this.#settings), attempt);
  }

  // SessionOwner: only the present session counts. The lookout's session becomes the present one when it proves the key.

  opened(session: Session): void {
    const attempt = this.#present.attemptOf(session);
    if (attempt) this.#enter({ type: "opened", ip: attempt.ip, version: attempt.version });
  }

  answered(keyProven: boolean, session: Session): void {
    const attempt = this.#present.attemptOf(session);
    const look = this.#lookout?.attemptOf(session);
    if (attempt) this.#answered(attempt, keyProven);
    else if (look && keyProven) this.#moveTo(session, look);
  }

  listening(session: Session): void {
    const attempt = this.#present.attemptOf(session);
    if (!attempt) return;
    // A report will prove whether this is the device. Meanwhile other addresses are tried.
    this.#lookAround();
    const error = this.#attempts.listening(attempt);
    if (error) this.#fail(error, this.#options.timings.listenMs);
  }

  report(report: Report, reason: ReportReason, session: Session): void {
    // A listener that was told of the state "ready" may have disconnected the device.
    if (session === this.readySession) this.#owner.report(report, reason);
  }

  children(report: ChildrenReport, session: Session): void {
    if (session === this.readySession) this.#owner.children(report);
  }

  refused(text: string, session: Session): void {
    if (session === this.readySession) this.#owner.refused(text, session);
  }

  childOnline(cid: string): boolean | undefined {
    return this.#owner.childOnline(cid);
  }

  childAnswered(cid: string, isKnown: boolean, session: Session): void {
    if (this.#present.attemptOf(session)) this.#owner.childAnswered(cid, isKnown);
  }

  ended(end: ConnectionEnd, session: Session): void {
    const attempt = this.#present.attemptOf(session);
    this.#present.noteEnded(session);
    if (attempt) this.#ended(attempt, end);
    else if (this.#lookout?.attemptOf(session)) this.#lookout.ended(end);
  }

  lossError(end: ConnectionEnd, wasSent: boolean, { host: ip }: Session): TuyaError {
    return this.#state.kind === "closed"
      ? closedError(this.name)
      : lossError(end, wasSent, ip, this.#settings);
  }

  /** Changes the state as the input says. False if a listener has changed it again meanwhile: the caller must stop then. */
  #enter(input: DeviceInput): boolean {
    const previous = this.#state;
    const state = nextState(previous, input);
    if (state === previous) return true;
    this.#state = state;
    this.#options.logger.debug(() => `${this.name}: ${previous.kind} → ${state.kind}`);
    this.#owner.stateChanged(state, previous);
    return this.#state === state;
  }

  /** Ends what the present state owns: its timers and its session. */
  #leave(): void {
    clearTimeout(this.#searchTimer);
    this.#pace.stop();
    this.#abandon();
  }

  #abandon(): void {
    this.#lookout?.stop();
    const session = this.#present.leave();
    if (session?.wasOpened) this.#pace.notePlaceTaken();
    session?.end({ reason: "asked" });
  }

  /** Begins anew, as if nothing had failed yet. */
  #start(): void {
    this.#attempts.restart();
    const error = (this.#trouble = settingsError(this.#settings, this.name));
    if (!this.#enter({ type: "start", ip: this.#attempts.ip })) return;
    if (error) this.#enter({ type: "failed", error, retryAt: Infinity });
    else this.#pace.attemptIn(0);
  }

  /** An attempt because the device was heard. Replaces one that waits for TCP, whose lost packet would come too late. */
  #attemptOnNews(): void {
    const { session, ageMs } = this.#present;
    if (session && (session.wasOpened || ageMs < this.#options.timings.pauseMs)) return;
    this.#abandon();
    this.#pace.attemptIn(0);
  }

  /** No address is known: waits for an announcement. After a while that is shown as an error. */
  #search(): void {
    if (this.#settings.sleepy) {
      this.#enter(this.#asleep);
      return;
    }
    this.#searchTimer = setTimeout(() => {
      const error = (this.#trouble = notFoundError(this.name));
      this.#enter({ type: "failed", error, retryAt: Infinity });
    }, this.#options.timings.searchTimeoutMs);
  }

  /** Looks at other addresses from now on, until the lookout is stopped. */
  #lookAround(): void {
    this.#lookout ??= new Lookout({
      timings: this.#options.timings,
      next: (done) =>
        this.#present.attempt &&
        this.#attempts.elsewhere(this.#present.attempt.ip, isProven(this.#state), done),
      open: (attempt) => this.#present.open(attempt, this.#settings),
      failed: (attempt, end) => this.#attempts.failedElsewhere(attempt, end),
    });
    this.#lookout.start();
  }

  #answered(attempt: Attempt, keyProven: boolean): void {
    const retry = this.#attempts.answered(attempt);
    if (retry) {
      this.#abandon();
      this.#apply(retry);
    } else {
      this.#ready(attempt, keyProven);
    }
  }

  /** The device proved the key at the better address: its session there becomes the present one. */
  #moveTo(session: Session, attempt: Attempt): void {
    this.#lookout?.release();
    this.#abandon();
    this.#present.take(session, attempt);
    if (this.#enter({ type: "start", ip: attempt.ip })) this.#answered(attempt, true);
  }

  #ready(attempt: Attempt, keyProven: boolean): void {
    const isNew = this.#state.kind !== "ready";
    if (isNew) this.#present.noteReady();
    if (keyProven) {
      this.#attempts.proved(attempt);
      this.#present.noteProven();
    } else {
      this.#attempts.reached();
    }
    this.#trouble = undefined;
    const { ip: home } = this.#settings;
    if (keyProven && (home === "" || home === attempt.ip)) this.#lookout?.stop();
    else this.#lookAround();
    const { ip, version, trust } = attempt;
    const input = { ip, version, keyProven, takesCommands: takesCommands(trust, keyProven) };
    const stays = this.#enter({ type: "answered", ...input });
    if (stays && isNew && this.#present.session) this.#owner.ready(this.#present.session);
  }

  #ended(attempt: Attempt, end: ConnectionEnd): void {
    this.#abandon();
    this.#apply(
      this.#state.kind === "ready"
        ? this.#attempts.lost(attempt, end, this.#present.readyMs, isProven(this.#state))
        : this.#attempts.failed(attempt, end),
    );
  }

  #apply({ error, retryInMs }: Retry): void {
    // Planned first: who hears of the state may know an address, and have it tried at once instead.
    this.#pace.attemptIn(retryInMs);
    if (error) this.#fail(error, retryInMs);
    else if (this.#state.kind === "ready") this.#enter({ type: "start", ip: this.#attempts.ip });
  }

  /** There is no connection because of this error. A sleepy device is only asleep, unless a person has to act. */
  #fail(error: TuyaError, retryInMs: number): void {
    this.#trouble = error;
    this.#enter(
      this.#settings.sleepy && !isHopeless(error)
        ? this.#asleep
        : { type: "failed", error, retryAt: Date.now() + retryInMs },
    );
  }

  get #asleep(): DeviceInput {
    return { type: "fell-asleep", lastSeen: this.statistics().lastSeen };
  }
}
