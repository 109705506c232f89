import type { TuyaError } from "../errors";
import { LONGEST_TIMER_MS } from "../limits";
import { type ListenerOf, Listeners } from "../listeners";
import { type Logger, SILENT } from "../logger";
import type { ChildrenReport, Report } from "../protocol/report";
import { type KnownDevices, RememberedDevices } from "./attempts/known-devices";
import { ChildWatch } from "./child-watch";
import { Children } from "./children";
import { keptSettings } from "./kept-settings";
import { badInputError, childOfflineError } from "../session/failure";
import { refusedReadingError, readingSettings } from "../session/refused-reading";
import { Lifecycle } from "./lifecycle";
import type { LifecycleOwner } from "./lifecycle-owner";
import { ListenersTap } from "./listeners-tap";
import { measuredDps, Refresher } from "./refresher";
import { obstacleToRaw } from "../session/requests/raw-request";
import type { Requests } from "../session/requests/requests";
import type { Session } from "../session/session";
import type { ExpectedValues, SetOptions, SetResult } from "../session/requests/set-command";
import { DEFAULT_TIMINGS, type Timings } from "../session/timings";
import type {
  DeviceEvents,
  DeviceSettings,
  DeviceState,
  DeviceStatistics,
  HeardAnnouncement,
  KnownChild,
  TuyaDevice,
} from "./types";
import type { ChildrenAnswer } from "../session/requests/children-question";
import { Echoes } from "./echoes";
import type { Dps, DpValue } from "../protocol/dps";
import { KnownValues, type KnownValuesOwner } from "./values";
import type { FrameEvent } from "../session/connection/frame-event";
import type { ReportReason } from "../session/report-reason";

/** What a device gets besides its settings. */
export interface DeviceOptions {
  /** Default: nothing is logged. */
  readonly logger?: Logger;
  /** Default: `DEFAULT_TIMINGS`. */
  readonly timings?: Partial<Timings>;
  /** 0 ≤ x < 1; varies the waits between attempts. Default `Math.random`. */
  readonly random?: () => number;
  /** No connection is opened before this resolves: an earlier one to the same device is still closing. */
  readonly after?: Promise<void> | undefined;
  /** What is remembered of devices that proved their key; default: in memory, as long as this object exists. */
  readonly known?: KnownDevices;
}

interface GatewaySide {
  readonly children: Children;
  readonly watch: ChildWatch;
}

/**
 * See `TuyaDevice`; `configure` and `close` are public, too, all else is for its own parts. Keeps what is known of a
 * device and tells its listeners; `Lifecycle` has the connections.
 */
export class Device implements TuyaDevice, LifecycleOwner, KnownValuesOwner {
  readonly #listeners: Listeners<DeviceEvents>;
  readonly #echoes = new Echoes();
  readonly #values = new KnownValues(this);
  /** Only for gateways: their sub-devices, and what watches them. */
  #gateway: GatewaySide | undefined;
  readonly #timings: Timings;
  readonly #lifecycle: Lifecycle;
  readonly #logger: Logger;
  /** Whether the log says already that the device refuses to be read. */
  #isToldUnreadable = false;
  /** Whether the log says already that the device reports more than can be kept. */
  #saysTooMuch = false;
  #refresher: Refresher | undefined;

  constructor(settings: DeviceSettings, options: DeviceOptions = {}) {
    const { logger = SILENT, random = Math.random, after, known = new RememberedDevices() } = options;
    const timings = options.timings ? { ...DEFAULT_TIMINGS, ...options.timings } : DEFAULT_TIMINGS;
    this.#logger = logger;
    this.#timings = timings;
    this.#listeners = new Listeners(logger);
    const lifecycleOptions = {
      logger,
      timings,
      random,
      after,
      known,
      frames: new ListenersTap(this.#listeners),
    };
    this.#lifecycle = new Lifecycle(keptSettings(settings), lifecycleOptions, this);
  }

  get settings(): DeviceSettings {
    return this.#lifecycle.settings;
  }

  get state(): DeviceState {
    return this.#lifecycle.state;
  }

  get isProving(): boolean {
    return this.#lifecycle.proving !== undefined;
  }

  /** Takes a copy of other settings. Where a connection is wanted, the present one is closed and a new one opened. */
  configure(settings: DeviceSettings): void {
    this.#isToldUnreadable = false;
    this.#lifecycle.configure(keptSettings(settings));
  }

  statistics(): DeviceStatistics {
    return this.#lifecycle.statistics();
  }

  values(cid?: string): Dps {
    return this.#values.of(cid);
  }

  ownValues(cid?: string): Dps {
    const known = this.values(cid);
    const own = Object.keys(known).map((dp) => [dp, this.#echoes.own(dp, known[dp], cid)] as const);
    return Object.fromEntries(own.filter((entry): entry is [string, DpValue] => entry[1] !== undefined));
  }

  expected(cid?: string): ExpectedValues {
    const dps = this.values(cid);
    return this.#lifecycle.readySession?.requests.expected(cid, dps) ?? { dps, isSure: () => false };
  }

  childOnline(cid: string): boolean | undefined {
    return this.#gateway?.children.online.get(cid);
  }

  isChildUnknown(cid: string): boolean {
    return this.#gateway?.children.unknown.has(cid) ?? false;
  }

  knownChildren(): readonly KnownChild[] {
    const { online, nearby, unknown } = this.#theGateway().children;
    const cids = new Set([...online.keys(), ...nearby, ...this.#values.cids()]);
    return [...cids]
      .filter((cid) => !unknown.has(cid))
      .map((cid) => ({ cid, online: online.get(cid), isNearby: nearby.has(cid) }));
  }

  listChildren(): Promise<ChildrenAnswer> {
    return this.#theGateway().watch.list();
  }

  on<E extends keyof DeviceEvents>(event: E, listener: DeviceEvents[E]): () => void {
    return this.#listeners.on(event, listener);
  }

  addListener(listener: ListenerOf<DeviceEvents>): void {
    this.#listeners.add(listener);
  }

  removeListener(listener: ListenerOf<DeviceEvents>): void {
    this.#listeners.remove(listener);
  }

  connect(): void {
    this.#lifecycle.connect();
  }

  disconnect(): void {
    this.#lifecycle.disconnect();
  }

  reconnect(): void {
    this.#lifecycle.reconnect();
  }

  /** Ends everything for good: requests reject with CLOSED, listeners are removed. Resolves when the socket is gone. */
  async close(): Promise<void> {
    const closed = this.#lifecycle.close();
    this.#listeners.clear();
    await closed;
  }

  whenReady(ms: number): Promise<void> {
    if (this.state.kind === "ready") return Promise.resolve();
    if (this.state.kind === "closed") return Promise.reject(this.#lifecycle.obstacle);
    return new Promise((resolve, reject) => {
      const finish = (error?: TuyaError): void => {
        clearTimeout(timer);
        remove();
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(() => finish(this.#lifecycle.obstacle), Math.min(ms, LONGEST_TIMER_MS));
      const remove = this.on("state", ({ kind }) => {
        if (kind === "ready") finish();
        else if (kind === "closed") finish(this.#lifecycle.obstacle);
      });
    });
  }

  set(dps: Dps, options: SetOptions = {}): Promise<SetResult> {
    const { cid } = options;
    return this.#request((requests) => {
      if (cid !== undefined && this.#theGateway().watch.isFresh() && this.childOnline(cid) === false)
        throw childOfflineError(this.#lifecycle.name, cid, false);
      this.#echoes.noteSent(dps, this.values(cid), cid);
      return requests.set(dps, options);
    });
  }

  query({ cid }: { cid?: string | undefined } = {}): Promise<Dps> {
    return this.#request(async (requests) => {
      await requests.query(cid, "reply");
      return this.values(cid);
    });
  }

  refresh(dps?: readonly number[], { cid }: { cid?: string | undefined } = {}): Promise<void> {
    return this.#request((requests) =>
      requests.refresh(dps ?? measuredDps(this.settings, this.values()), cid),
    );
  }

  async sendRaw(command: number, payload: Buffer): Promise<FrameEvent | undefined> {
    const obstacle = obstacleToRaw(command, payload);
    if (obstacle) throw badInputError(this.#lifecycle.name, obstacle);
    // The request may have to wait, and the caller may reuse its buffer meanwhile.
    const body = Buffer.from(payload);
    return this.#request((requests) => requests.sendRaw(command, body));
  }

  addChild(cid: string): () => void {
    this.#lifecycle.noteRefusal(undefined);
    return this.#theGateway().watch.follow(cid);
  }

  heard(announcement: HeardAnnouncement): void {
    this.#lifecycle.heard(announcement);
  }

  // LifecycleOwner

  stateChanged(state: DeviceState, previous: DeviceState): void {
    if (previous.kind === "ready" && state.kind !== "ready") this.#notReady();
    this.#listeners.emit("state", state, previous);
  }

  ready(session: Session): void {
    this.#gateway?.watch.start(session.requests);
    if (!this.settings.refreshSeconds) return;
    this.#refresher ??= new Refresher(
      () => this.values(),
      () => this.#lifecycle.readySession?.requests,
    );
    this.#refresher.start(this.settings);
  }

  report(report: Report, reason: ReportReason): void {
    this.#refresher?.noteReport();
    const { cid, type } = report;
    if (this.#isUnreadable && (cid !== undefined || report.numbers.length > 0))
      this.#lifecycle.noteRefusal(undefined);
    const isFetched = type === "query";
    // The gateway fetched these values from the sub-device just now, so the sub-device is online.
    if (cid !== undefined && (reason === "push" || isFetched))
      this.#noteChildren(this.#theGateway().children.noteSpoke(cid, performance.now()));
    this.#echoes.noteReport(report.dps, cid);
    this.#listeners.emit("report", this.#values.merge(report, reason));
  }

  children(report: ChildrenReport): void {
    this.#noteChildren(this.#theGateway().children.note(report, performance.now()));
  }

  refused(text: string, session: Session): void {
    void this.#noteRefusal(text, session);
  }

  childAnswered(cid: string, isKnown: boolean): void {
    this.#noteChildren(this.#theGateway().children.noteAnswered(cid, isKnown));
  }

  // KnownValuesOwner

  saysTooMuch(): void {
    if (this.#saysTooMuch) return;
    this.#saysTooMuch = true;
    this.#logger.warn(
      `${this.#lifecycle.name} reports what no device has: data points other than 1 to 255, or more than can be kept. What is beyond is left out, now and later.`,
    );
  }

  #theGateway(): GatewaySide {
    if (this.#gateway) return this.#gateway;
    const children = new Children();
    const watch = new ChildWatch({
      children,
      timings: this.#timings,
      changed: () => this.#listeners.emit("children", children.online),
      failed: (cid, error) =>
        this.#logger.debug(() => `${this.#lifecycle.name}: first query of ${cid} failed: ${String(error)}`),
    });
    const session = this.#lifecycle.readySession;
    if (session) watch.start(session.requests);
    this.#gateway = { children, watch };
    return this.#gateway;
  }

  #notReady(): void {
    this.#gateway?.watch.stop();
    this.#refresher?.stop();
  }

  /** A refused query is no fault of a gateway, which may have no data points of its own. It lists sub-devices. */
  async #noteRefusal(text: string, session: Session): Promise<void> {
    if (!this.#isGateway) await session.requests.listChildren();
    if (this.#isGateway || session !== this.#lifecycle.readySession) return;
    const { name, state, settings } = this.#lifecycle;
    if (state.kind !== "ready") return;
    const reading = { refusal: text, version: state.version, ...readingSettings(settings) };
    const error = refusedReadingError(name, reading);
    this.#lifecycle.noteRefusal(error);
    if (this.#isToldUnreadable) return;
    this.#isToldUnreadable = true;
    this.#logger.warn(error.message);
  }

  get #isUnreadable(): boolean {
    const { state } = this.#lifecycle;
    return state.kind === "ready" && state.refusal !== undefined;
  }

  get #isGateway(): boolean {
    const gateway = this.#gateway;
    if (!gateway) return false;
    const { children } = gateway;
    return children.followed().length > 0 || children.online.size > 0 || children.nearby.size > 0;
  }

  /** @param isNews whether the online state of any sub-device changed */
  #noteChildren(isNews: boolean): void {
    if (this.#isGateway) this.#lifecycle.noteRefusal(undefined);
    if (isNews) this.#listeners.emit("children", this.#theGateway().children.online);
  }

  async #request<T>(ask: (requests: Requests) => T | Promise<T>): Promise<T> {
    const { proving } = this.#lifecycle;
    if (proving) await proving;
    const session = this.#lifecycle.readySession;
    if (!session) throw this.#lifecycle.obstacle;
    return ask(session.requests);
  }
}
