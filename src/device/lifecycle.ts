import type { TuyaError } from "../errors";
import type { Logger } from "../logger";
import { parseLocalKey } from "../protocol/cipher";
import type { ChildrenReport, Report } from "../protocol/report";
import { Backoff } from "./backoff";
import type { ConnectionEnd } from "./connection";
import { type Approach, Contact } from "./contact";
import {
  closedError,
  connectionError,
  isHopeless,
  lostError,
  notFoundError,
  offlineError,
  settingsError,
  type Subject,
} from "./failure";
import { Pace } from "./pace";
import { DEFAULT_PORT, Session, type SessionOwner } from "./session";
import { type DeviceInput, nextState } from "./state";
import type { Timings } from "./timings";
import type { DeviceSettings, DeviceState, FrameEvent, ReportReason } from "./types";
import { type Announcement, Whereabouts } from "./whereabouts";

export interface LifecycleOptions {
  readonly logger: Logger;
  readonly timings: Timings;
  /** 0 ≤ x < 1; scatters the waits between attempts. */
  readonly random: () => number;
  /** See `PaceOptions`. */
  readonly after?: Promise<void> | undefined;
}

/** Who a lifecycle tells what happens. Whatever it is told, it may ask for something else at once. */
export interface LifecycleOwner {
  stateChanged(state: DeviceState, previous: DeviceState): void;
  /** A session has been connected, and nobody objected when the state said so. */
  ready(session: Session): void;
  report(report: Report, reason: ReportReason): void;
  children(report: ChildrenReport): void;
  readonly watchesFrames: boolean;
  frame(event: FrameEvent): void;
}

/**
 * The connections of a device, one after the other: where to, in which version, when to try again, and what is the matter
 * meanwhile. States and what leads from one to the next: `state.ts`.
 */
export class Lifecycle {
  #settings: DeviceSettings;
  readonly #options: LifecycleOptions;
  readonly #owner: LifecycleOwner;
  #state: DeviceState = { kind: "idle" };
  #contact: Contact;
  readonly #backoff: Backoff;
  readonly #whereabouts = new Whereabouts();
  #session: Session | undefined;
  #sessionSince = 0;
  /** Resolves when the socket of the last session is gone. */
  #socketGone: Promise<void> = Promise.resolve();
  #readySince = 0;
  /** Why there is no connection, until there is one. */
  #trouble: TuyaError | undefined;
  readonly #pace: Pace;
  #searchTimer: NodeJS.Timeout | undefined;

  constructor(settings: DeviceSettings, options: LifecycleOptions, owner: LifecycleOwner) {
    this.#settings = settings;
    this.#options = options;
    this.#owner = owner;
    this.#contact = new Contact(settings.version);
    const { timings, random, after } = options;
    const { backoffMs, hopelessBackoffMs, pauseMs } = timings;
    this.#backoff = new Backoff({ stepsMs: backoffMs, hopelessMs: hopelessBackoffMs, random });
    this.#pace = new Pace({ pauseMs, attempt: () => this.#attempt(), after });
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
    this.#contact = new Contact(settings.version);
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
  heard(announcement: Announcement): void {
    const previous = this.#ip;
    this.#whereabouts.noteSeen(announcement);
    const hasMoved = this.#ip !== previous;
    switch (this.#state.kind) {
      case "searching":
      case "asleep":
        this.#attemptOnNews();
        return;
      case "waiting":
        // Devices announce themselves every few seconds, wrong key or not: that alone mends nothing.
        if (hasMoved || !isHopeless(this.#state.error)) this.#attemptOnNews();
        return;
      case "connecting":
        if (hasMoved) this.#attemptOnNews();
        return;
      case "ready":
        // It moved, or woke up after it vanished: then the connection is dead and nobody has told us.
        if (hasMoved || this.#settings.sleepy) this.#session?.probe();
        return;
      case "idle":
      case "checking":
      case "closed":
        return;
    }
  }

  get #ip(): string | undefined {
    return this.#whereabouts.address(this.#settings.ip);
  }

  #subject(ip: string): Subject {
    return { name: this.name, ip, port: this.#settings.port ?? DEFAULT_PORT };
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
    const session = this.#session;
    if (!session) return;
    this.#session = undefined;
    this.#pace.notePlaceTaken();
    session.end({ reason: "asked" });
  }

  /** Begins anew, as if nothing had been tried yet. */
  #start(): void {
    this.#backoff.reset();
    this.#contact.reset();
    const ip = this.#ip;
    const error = settingsError(this.#settings, this.name);
    this.#trouble = error;
    if (!this.#enter({ type: "start", ip })) return;
    if (error) this.#enter({ type: "failed", error, retryAt: Infinity });
    else if (ip === undefined) this.#search();
    else this.#pace.attemptIn(0);
  }

  /** Waits for an announcement. */
  #search(): void {
    if (this.#settings.sleepy) {
      this.#enter(this.#asleep());
      return;
    }
    this.#searchTimer = setTimeout(() => {
      const error = (this.#trouble = notFoundError(this.name));
      this.#enter({ type: "failed", error, retryAt: Infinity });
    }, this.#options.timings.searchTimeoutMs);
  }

  /**
   * An attempt because the device was heard. One that is under way may be of no use: a packet lost while the device slept
   * is repeated after seconds, and by then it sleeps again.
   */
  #attemptOnNews(): void {
    const session = this.#session;
    if (session) {
      const isFresh = performance.now() - this.#sessionSince < this.#options.timings.pauseMs;
      if (session.wasOpened || isFresh) return;
      this.#session = undefined;
      session.end({ reason: "asked" });
    }
    this.#pace.attemptIn(0);
  }

  #attempt(): void {
    const { kind } = this.#state;
    const localKey = parseLocalKey(this.#settings.localKey);
    const ip = this.#ip;
    if (kind === "idle" || kind === "closed" || !localKey || !ip) return;
    clearTimeout(this.#searchTimer);
    if (settingsError(this.#settings, this.name) || !this.#enter({ type: "attempt", ip })) return;
    const approach = this.#contact.next(this.#whereabouts.version);
    const { timings, logger } = this.#options;
    const session: Session = new Session(
      { settings: this.#settings, name: this.name, host: ip, localKey, approach, timings, logger },
      this.#ownerOf(() => session, approach, ip),
    );
    this.#session = session;
    this.#sessionSince = performance.now();
    this.#socketGone = session.closed;
  }

  /** What a session may tell, as long as it is the present one. */
  #ownerOf(session: () => Session, approach: Approach, ip: string): SessionOwner {
    const isPresent = (): boolean => this.#session === session();
    const owner = this.#owner;
    const { version } = approach;
    return {
      opened: () => isPresent() && this.#enter({ type: "opened", ip, version }),
      answered: (keyProven) => isPresent() && this.#answered(approach, ip, keyProven),
      report: (report, reason) => isPresent() && this.#report(report, reason),
      children: (report) => isPresent() && owner.children(report),
      get watchesFrames() {
        return owner.watchesFrames;
      },
      frame: (event) => owner.frame(event),
      ended: (end) => isPresent() && this.#ended(approach, end, ip),
      lossError: (end, wasSent) => this.#lossError(end, ip, wasSent),
    };
  }

  #report(report: Report, reason: ReportReason): void {
    this.#whereabouts.noteSeen();
    this.#owner.report(report, reason);
  }

  #lossError(end: ConnectionEnd, ip: string, wasSent: boolean): TuyaError {
    if (this.#state.kind === "closed") return closedError(this.name);
    const cause = connectionError(end, this.#subject(ip));
    return wasSent ? lostError(this.name, cause) : offlineError(this.name, cause);
  }

  #answered({ version }: Approach, ip: string, keyProven: boolean): void {
    const error = this.#contact.succeeded(version, this.#subject(ip));
    if (error) {
      this.#leave();
      this.#fail(error);
      return;
    }
    const isNew = this.#state.kind !== "ready";
    if (isNew) this.#readySince = performance.now();
    this.#trouble = undefined;
    const stays = this.#enter({ type: "answered", ip, version, keyProven });
    if (stays && isNew && this.#session) this.#owner.ready(this.#session);
  }

  #ended(approach: Approach, end: ConnectionEnd, ip: string): void {
    if (this.#session?.wasOpened) this.#pace.notePlaceTaken();
    this.#session = undefined;
    if (this.#state.kind === "ready") {
      const lived = performance.now() - this.#readySince;
      if (lived >= this.#options.timings.steadyAfterMs) this.#backoff.reset();
      this.#fail(connectionError(end, this.#subject(ip)));
      return;
    }
    const consequence = this.#contact.failed(approach, end, this.#subject(ip));
    if (consequence.type === "fail") this.#fail(consequence.error);
    else this.#goOn(consequence.suspicion);
  }

  /** The next attempt will tell more. */
  #goOn(suspicion: TuyaError | undefined): void {
    const { pauseMs } = this.#options.timings;
    if (suspicion && !this.#settings.sleepy) {
      this.#trouble = suspicion;
      const retryAt = Date.now() + pauseMs;
      if (!this.#enter({ type: "failed", error: suspicion, retryAt })) return;
    }
    this.#pace.attemptIn(pauseMs);
  }

  #fail(error: TuyaError): void {
    this.#trouble = error;
    const waitMs = this.#backoff.next(isHopeless(error));
    const input: DeviceInput =
      this.#settings.sleepy && !isHopeless(error)
        ? this.#asleep()
        : { type: "failed", error, retryAt: Date.now() + waitMs };
    if (this.#enter(input)) this.#pace.attemptIn(waitMs);
  }

  #asleep(): DeviceInput {
    return { type: "fell-asleep", lastSeen: this.#whereabouts.lastSeen };
  }
}
