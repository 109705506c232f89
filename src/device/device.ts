import type { TuyaError } from "../errors";
import { Listeners } from "../listeners";
import { type Logger, SILENT } from "../logger";
import { parseLocalKey } from "../protocol/cipher";
import type { ChildrenReport, Report } from "../protocol/report";
import { isProtocolVersion } from "../protocol/version";
import { Backoff } from "./backoff";
import { Children } from "./children";
import type { ConnectionEnd } from "./connection";
import { type Approach, Contact } from "./contact";
import {
  closedError,
  connectionError,
  isHopeless,
  keyLengthError,
  notFoundError,
  offlineError,
  type Subject,
} from "./failure";
import { Refresher } from "./refresher";
import { Session, type SessionOwner } from "./session";
import { type DeviceInput, nextState } from "./state";
import { DEFAULT_TIMINGS, type Timings } from "./timings";
import type {
  DeviceEvents,
  DeviceSettings,
  DeviceState,
  Dps,
  ReportReason,
  SetOptions,
  SetResult,
  TuyaDevice,
} from "./types";
import { KnownValues } from "./values";

export const DEFAULT_PORT = 6668;

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
  #contact: Contact;
  readonly #backoff: Backoff;
  #announcedIp: string | undefined;
  #lastSeen: number | undefined;
  #session: Session | undefined;
  /** Resolves when the socket of the last session is gone. */
  #socketGone: Promise<void> = Promise.resolve();
  #readySince: number | undefined;
  /** Why there is no connection, until there is one. */
  #trouble: TuyaError | undefined;
  /** The timer of the present state: next attempt, or end of the search. */
  #timer: NodeJS.Timeout | undefined;
  readonly #refresher: Refresher;

  constructor(settings: DeviceSettings, options: DeviceOptions = {}) {
    this.#settings = settings;
    this.#logger = options.logger ?? SILENT;
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.#listeners = new Listeners(this.#logger);
    this.#contact = new Contact(settings.version);
    const { backoffMs, hopelessBackoffMs } = this.#timings;
    const { random = Math.random } = options;
    this.#backoff = new Backoff({ stepsMs: backoffMs, hopelessMs: hopelessBackoffMs, random });
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
    this.#contact = new Contact(settings.version);
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
    this.#backoff.reset();
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

  heard({ ip, version }: { readonly ip: string; readonly version?: string | undefined }): void {
    const isNews = ip !== this.#announcedIp;
    this.#announcedIp = ip;
    this.#lastSeen = Date.now();
    if (isProtocolVersion(version)) this.#contact.announced(version);
    switch (this.#state.kind) {
      case "searching":
      case "asleep":
        if (!this.#session) this.#attempt();
        return;
      case "waiting":
        // Devices announce themselves every few seconds, wrong key or not: that alone mends nothing.
        if (!this.#session && (isNews || !isHopeless(this.#state.error))) this.#attempt();
        return;
      case "idle":
      case "connecting":
      case "checking":
      case "ready":
      case "closed":
        return;
    }
  }

  get #name(): string {
    return this.#settings.name || this.#settings.deviceId;
  }

  /** A configured address counts; otherwise the announced one. */
  get #ip(): string | undefined {
    return this.#settings.ip || this.#announcedIp;
  }

  #subject(ip: string): Subject {
    return { name: this.#name, ip, port: this.#settings.port ?? DEFAULT_PORT };
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
    this.#enter({ type: "start", ip: this.#ip });
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
    const localKey = parseLocalKey(this.#settings.localKey);
    const ip = this.#ip;
    if (!localKey) return;
    if (!ip) {
      this.#enter(this.#settings.sleepy ? this.#asleep() : { type: "start", ip });
      this.#timer = setTimeout(() => this.#fail(notFoundError(this.#name)), this.#timings.searchTimeoutMs);
      return;
    }
    this.#enter({ type: "attempt", ip });
    const approach = this.#contact.next();
    const { deviceId, device22Dps = [], port = DEFAULT_PORT } = this.#settings;
    const session: Session = new Session(
      {
        deviceId,
        name: this.#name,
        host: ip,
        port,
        version: approach.version,
        localKey,
        device22Dps,
        settleMs: approach.listensFirst ? this.#timings.settleMs : 0,
        acceptsMuteness: approach.acceptsMuteness,
        timings: this.#timings,
        logger: this.#logger,
      },
      this.#ownerOf(() => session, approach, ip),
    );
    this.#session = session;
    this.#socketGone = session.closed;
  }

  /** What a session may tell, as long as it is the present one. */
  #ownerOf(session: () => Session, approach: Approach, ip: string): SessionOwner {
    const isPresent = (): boolean => this.#session === session();
    const listeners = this.#listeners;
    return {
      opened: () => isPresent() && this.#enter({ type: "opened", ip, version: approach.version }),
      answered: (keyProven) => isPresent() && this.#answered(approach, ip, keyProven),
      report: (report, reason) => isPresent() && this.#report(report, reason),
      children: (report) => isPresent() && this.#noteChildren(report),
      get watchesFrames() {
        return listeners.has("frame");
      },
      frame: (event) => listeners.emit("frame", event),
      ended: (end) => isPresent() && this.#ended(approach, end, ip),
      lossError: () => (this.#state.kind === "closed" ? closedError(this.#name) : this.#offline()),
    };
  }

  #answered(approach: Approach, ip: string, keyProven: boolean): void {
    const error = this.#contact.succeeded(approach.version, this.#subject(ip));
    if (error) {
      this.#leave();
      this.#fail(error);
      return;
    }
    const isNew = this.#state.kind !== "ready";
    this.#trouble = undefined;
    this.#enter({ type: "answered", ip, version: approach.version, keyProven });
    if (!isNew) return;
    this.#readySince = performance.now();
    const followed = this.#children.followed();
    for (const cid of followed) this.#readChild(cid);
    if (followed.length > 0) this.#session?.listChildren();
    this.#refresher.start(this.#settings);
  }

  #ended(approach: Approach, end: ConnectionEnd, ip: string): void {
    this.#session = undefined;
    this.#refresher.stop();
    if (this.#state.kind === "ready") {
      this.#lost(end, ip);
      return;
    }
    const consequence = this.#contact.failed(approach, end, this.#subject(ip));
    if (consequence.type === "fail") {
      this.#fail(consequence.error);
      return;
    }
    const { suspicion } = consequence;
    const { pauseMs } = this.#timings;
    if (suspicion && !this.#settings.sleepy) {
      this.#trouble = suspicion;
      this.#enter({ type: "failed", error: suspicion, retryAt: Date.now() + pauseMs });
    }
    this.#timer = setTimeout(() => this.#attempt(), pauseMs);
  }

  #lost(end: ConnectionEnd, ip: string): void {
    const lived = performance.now() - (this.#readySince ?? 0);
    if (lived >= this.#timings.steadyAfterMs) this.#backoff.reset();
    this.#fail(connectionError(end, this.#subject(ip)));
  }

  #fail(error: TuyaError): void {
    this.#trouble = error;
    const waitMs = this.#backoff.next(isHopeless(error));
    if (this.#settings.sleepy && !isHopeless(error)) this.#enter(this.#asleep());
    else this.#enter({ type: "failed", error, retryAt: Date.now() + waitMs });
    this.#timer = setTimeout(() => this.#attempt(), waitMs);
  }

  #asleep(): DeviceInput {
    return { type: "fell-asleep", lastSeen: this.#lastSeen };
  }

  #report(report: Report, reason: ReportReason): void {
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
