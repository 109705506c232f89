import type { TuyaError } from "../errors";
import { Listeners } from "../listeners";
import { type Logger, SILENT } from "../logger";
import { parseLocalKey } from "../protocol/cipher";
import type { ChildrenReport, Report } from "../protocol/report";
import { Children } from "./children";
import type { ConnectionEnd } from "./connection";
import { closedError, isHopeless, keyLengthError, notFoundError, offlineError } from "./failure";
import { DEFAULT_PORT, type Plan, Pursuit, type Setback } from "./pursuit";
import { Refresher } from "./refresher";
import { Session, type SessionOwner } from "./session";
import { type DeviceInput, nextState } from "./state";
import { DEFAULT_TIMINGS, type Timings } from "./timings";
import type {
  DeviceEvents,
  DeviceSettings,
  DeviceState,
  Dps,
  HeardAnnouncement,
  ReportReason,
  SetOptions,
  SetResult,
  TuyaDevice,
} from "./types";
import { KnownValues } from "./values";

export interface DeviceOptions {
  readonly logger?: Logger;
  readonly timings?: Partial<Timings>;
  /** 0 ≤ x < 1; scatters the waits between attempts. */
  readonly random?: () => number;
}

/** See `TuyaDevice`. Its states and what leads from one to the next: `state.ts`. */
export class Device implements TuyaDevice {
  #settings: DeviceSettings;
  readonly #logger: Logger;
  readonly #timings: Timings;
  readonly #listeners: Listeners<DeviceEvents>;
  readonly #values = new KnownValues();
  readonly #children = new Children();
  #state: DeviceState = { kind: "idle" };
  readonly #random: () => number;
  #pursuit: Pursuit;
  #lastSeen: number | undefined;
  #session: Session | undefined;
  /** Resolves when the socket of the last session is gone. */
  #socketGone: Promise<void> = Promise.resolve();
  #readySince: number | undefined;
  /** Why there is no connection, until there is one. */
  #trouble: TuyaError | undefined;
  /** The timer of the present state: next attempt, or end of the search. */
  #timer: NodeJS.Timeout | undefined;
  /** The device needs a moment before the next attempt: it has not freed the place of the last one. */
  #isPausing = false;
  readonly #refresher: Refresher;

  constructor(settings: DeviceSettings, options: DeviceOptions = {}) {
    this.#settings = settings;
    this.#logger = options.logger ?? SILENT;
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.#listeners = new Listeners(this.#logger);
    this.#random = options.random ?? Math.random;
    this.#pursuit = this.#newPursuit();
    this.#refresher = new Refresher(
      () => this.values(),
      () => this.#session,
    );
  }

  get settings(): DeviceSettings {
    return this.#settings;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** Takes other settings and, where it was connected, connects with them. */
  configure(settings: DeviceSettings): void {
    this.#settings = settings;
    this.#pursuit = this.#newPursuit();
    if (this.#state.kind !== "idle" && this.#state.kind !== "closed") this.reconnect();
  }

  values(cid?: string): Dps {
    return this.#values.of(cid);
  }

  childOnline(cid: string): boolean | undefined {
    return this.#children.online.get(cid);
  }

  on<E extends keyof DeviceEvents>(event: E, listener: DeviceEvents[E]): () => void {
    return this.#listeners.on(event, listener);
  }

  connect(): void {
    if (this.#state.kind === "idle") this.#start();
  }

  disconnect(): void {
    this.#leave();
    this.#trouble = undefined;
    this.#enter({ type: "disconnect" });
  }

  reconnect(): void {
    if (this.#state.kind === "closed") return;
    const hadSession = this.#session !== undefined;
    this.#leave();
    this.#pursuit.restart();
    this.#start(hadSession ? this.#timings.pauseMs : 0);
  }

  /** Ends everything. Resolves when the socket is gone. */
  async close(): Promise<void> {
    this.#enter({ type: "close" });
    this.#leave();
    this.#listeners.clear();
    await this.#socketGone;
  }

  whenReady(ms: number): Promise<void> {
    if (this.#state.kind === "ready") return Promise.resolve();
    return new Promise((resolve, reject) => {
      const finish = (error?: TuyaError): void => {
        clearTimeout(timer);
        remove();
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(() => finish(this.#offline()), ms);
      const remove = this.on("state", ({ kind }) => {
        if (kind === "ready") finish();
        else if (kind === "closed") finish(closedError(this.#name));
      });
      if (this.#state.kind === "closed") finish(closedError(this.#name));
    });
  }

  set(dps: Dps, options: SetOptions = {}): Promise<SetResult> {
    return this.#withSession((session) => session.set(dps, options));
  }

  query({ cid }: { cid?: string | undefined } = {}): Promise<Dps> {
    return this.#withSession(async (session) => {
      await session.query(cid, "reply");
      return this.values(cid);
    });
  }

  refresh(dps?: readonly number[], { cid }: { cid?: string | undefined } = {}): Promise<void> {
    return this.#withSession((session) =>
      Promise.resolve(session.refresh(dps ?? this.#refresher.dps(this.#settings), cid)),
    );
  }

  addChild(cid: string): () => void {
    const remove = this.#children.add(cid);
    if (this.#state.kind === "ready") this.#readChild(cid);
    return remove;
  }

  heard(announcement: HeardAnnouncement): void {
    this.#lastSeen = announcement.time ?? Date.now();
    const state = this.#state;
    if (state.kind === "ready") {
      // It moved, or somebody lies: the connection itself knows.
      if (this.#pursuit.doubts(announcement, state.ip)) this.#session?.probe();
      return;
    }
    const isNews = this.#pursuit.heard(announcement);
    const waits = state.kind === "searching" || state.kind === "waiting" || state.kind === "asleep";
    if (isNews && waits && !this.#session && !this.#isPausing) this.#attempt();
  }

  #newPursuit(): Pursuit {
    const now = (): number => performance.now();
    return new Pursuit(this.#settings, { timings: this.#timings, random: this.#random, now });
  }

  get #name(): string {
    return this.#settings.name || this.#settings.deviceId;
  }

  #enter(input: DeviceInput): void {
    const previous = this.#state;
    this.#state = nextState(previous, input);
    if (this.#state === previous) return;
    this.#logger.debug(() => `${this.#name}: ${previous.kind} → ${this.#state.kind}`);
    this.#listeners.emit("state", this.#state, previous);
  }

  /** Gives up what the present state owns: its timers and its session. */
  #leave(): void {
    clearTimeout(this.#timer);
    this.#refresher.stop();
    const session = this.#session;
    this.#session = undefined;
    session?.end({ reason: "asked" });
  }

  /** @param delayMs for a device whose last connection has just been closed */
  #start(delayMs = 0): void {
    this.#enter({ type: "start", ip: this.#pursuit.ip });
    if (!parseLocalKey(this.#settings.localKey)) {
      this.#trouble = keyLengthError(this.#name, this.#settings.localKey.length);
      this.#enter({ type: "failed", error: this.#trouble, retryAt: Infinity });
      return;
    }
    if (delayMs > 0) this.#timer = setTimeout(() => this.#attempt(), delayMs);
    else this.#attempt();
  }

  #attempt(): void {
    clearTimeout(this.#timer);
    this.#isPausing = false;
    const localKey = parseLocalKey(this.#settings.localKey);
    const plan = this.#pursuit.next();
    if (!localKey) return;
    if (!plan) {
      this.#search();
      return;
    }
    this.#enter({ type: "attempt", ip: plan.ip });
    const { deviceId, device22Dps = [], port = DEFAULT_PORT } = this.#settings;
    const session: Session = new Session(
      {
        deviceId,
        name: this.#name,
        host: plan.ip,
        port,
        version: plan.version,
        localKey,
        device22Dps,
        settleMs: plan.listensFirst ? this.#timings.settleMs : 0,
        acceptsMuteness: plan.acceptsMuteness,
        timings: this.#timings,
        logger: this.#logger,
      },
      this.#ownerOf(() => session, plan),
    );
    this.#session = session;
    this.#socketGone = session.closed;
  }

  /** Nothing to do but to wait for an announcement; after a while that is worth a word. */
  #search(): void {
    if (this.#state.kind === "waiting") return;
    this.#enter(this.#settings.sleepy ? this.#asleep() : { type: "start", ip: undefined });
    if (this.#settings.sleepy) return;
    this.#timer = setTimeout(() => {
      this.#trouble = notFoundError(this.#name);
      this.#enter({ type: "failed", error: this.#trouble, retryAt: Infinity });
    }, this.#timings.searchTimeoutMs);
  }

  /** What a session may tell, as long as it is the present one. */
  #ownerOf(session: () => Session, plan: Plan): SessionOwner {
    const isPresent = (): boolean => this.#session === session();
    const listeners = this.#listeners;
    return {
      opened: () => isPresent() && this.#enter({ type: "opened", ip: plan.ip, version: plan.version }),
      answered: (keyProven) => isPresent() && this.#answered(plan, keyProven),
      report: (report, reason) => isPresent() && this.#report(plan, report, reason),
      children: (report) => isPresent() && this.#noteChildren(report),
      get watchesFrames() {
        return listeners.has("frame");
      },
      frame: (event) => listeners.emit("frame", event),
      ended: (end) => isPresent() && this.#ended(plan, end),
      lossError: () => (this.#state.kind === "closed" ? closedError(this.#name) : this.#offline()),
    };
  }

  #answered(plan: Plan, keyProven: boolean): void {
    const setback = this.#pursuit.answered(plan);
    if (setback) {
      this.#leave();
      this.#suffer(setback);
    } else if (this.#pursuit.isEnough(plan, { keyProven, namesDevice: false })) {
      this.#ready(plan, keyProven);
    }
  }

  #ready(plan: Plan, keyProven: boolean): void {
    const isNew = this.#state.kind !== "ready";
    this.#pursuit.proved(plan);
    this.#trouble = undefined;
    this.#enter({ type: "answered", ip: plan.ip, version: plan.version, keyProven });
    if (!isNew) return;
    this.#readySince = performance.now();
    const followed = this.#children.followed();
    for (const cid of followed) this.#readChild(cid);
    if (followed.length > 0) this.#session?.listChildren();
    this.#refresher.start(this.#settings);
  }

  #ended(plan: Plan, end: ConnectionEnd): void {
    this.#session = undefined;
    this.#refresher.stop();
    const lived = performance.now() - (this.#readySince ?? 0);
    const wasReady = this.#state.kind === "ready";
    this.#suffer(wasReady ? this.#pursuit.lost(plan, end, lived) : this.#pursuit.failed(plan, end));
  }

  #suffer({ error, retryInMs }: Setback): void {
    this.#timer = setTimeout(() => this.#attempt(), retryInMs);
    this.#isPausing = retryInMs <= this.#timings.pauseMs;
    if (!error) {
      if (this.#state.kind === "ready") this.#enter({ type: "start", ip: this.#pursuit.ip });
      return;
    }
    this.#trouble = error;
    if (this.#settings.sleepy && !isHopeless(error)) this.#enter(this.#asleep());
    else this.#enter({ type: "failed", error, retryAt: Date.now() + retryInMs });
  }

  #asleep(): DeviceInput {
    return { type: "fell-asleep", lastSeen: this.#lastSeen };
  }

  #report(plan: Plan, report: Report, reason: ReportReason): void {
    const namesDevice = report.deviceId === this.#settings.deviceId;
    if (this.#state.kind !== "ready" && this.#pursuit.isEnough(plan, { keyProven: false, namesDevice })) {
      this.#ready(plan, false);
    }
    if (this.#state.kind !== "ready") return;
    this.#refresher.noteReport();
    this.#lastSeen = Date.now();
    const { cid } = report;
    // Lists of sub-devices are late and incomplete; one that speaks by itself is online.
    if (cid !== undefined && reason === "push" && this.childOnline(cid) === false) {
      this.#noteChildren({ online: [cid], offline: [] });
    }
    this.#listeners.emit("report", this.#values.merge(report, reason));
  }

  #noteChildren(report: ChildrenReport): void {
    this.#children.note(report);
    this.#listeners.emit("children", this.#children.online);
  }

  /** A child that refuses or stays silent shows itself when it is used. */
  #readChild(cid: string): void {
    this.#session?.query(cid, "initial").catch((error: unknown) => {
      this.#logger.debug(() => `${this.#name}: first query of ${cid} failed: ${String(error)}`);
    });
  }

  #withSession<T>(ask: (session: Session) => Promise<T>): Promise<T> {
    if (this.#state.kind === "closed") return Promise.reject(closedError(this.#name));
    if (this.#state.kind !== "ready" || !this.#session) return Promise.reject(this.#offline());
    return ask(this.#session);
  }

  #offline(): TuyaError {
    return offlineError(this.#name, this.#trouble);
  }
}
