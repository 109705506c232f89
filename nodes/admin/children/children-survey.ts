import { setTimeout as delay } from "node:timers/promises";
import { notFoundError } from "../../../src/session/failure";
import type { DeviceReport, DeviceState, KnownChild, TuyaDevice } from "../../../src/device/types";
import { TuyaError } from "../../../src/errors";
import type { ChildrenLine, SurveyedChild } from "../../contract/children";

export interface SurveyTimings {
  /** How long connecting to the gateway may take. */
  readonly readyMs: number;
  /** How long an error must last before it counts: the search for the version may still succeed. */
  readonly doubtMs: number;
  /** How long to listen for reports of sub-devices. */
  readonly listenMs: number;
  /** Pause between reading two sub-devices. */
  readonly gapMs: number;
}

const SURVEY_TIMINGS: SurveyTimings = { readyMs: 20_000, doubtMs: 3_000, listenMs: 180_000, gapMs: 100 };

/** How long changes of sub-devices are collected before they are told, in milliseconds. */
const SOON_MS = 50;
/** More sub-devices than any gateway has: a bound for what a hostile one invents. */
const MAX_CHILDREN = 200;

export interface SurveyOptions {
  readonly device: TuyaDevice;
  /** Display names of the configured sub-devices of this gateway, by cid. */
  readonly names: ReadonlyMap<string, string>;
  readonly tell: (line: ChildrenLine) => void;
  /** Aborting it ends the survey: no line follows. */
  readonly signal: AbortSignal;
  readonly timings?: Partial<SurveyTimings>;
}

/**
 * Finds the sub-devices behind a gateway: those it lists, those it has mentioned, and those that report meanwhile.
 * Queries each once, so that its values show which one it is. Sends only queries.
 */
export class ChildrenSurvey {
  readonly #options: SurveyOptions;
  readonly #timings: SurveyTimings;
  /** The last line told about each sub-device, as text. */
  readonly #told = new Map<string, string>();
  readonly #reports = new Map<string, { readonly count: number; readonly dps: readonly string[] }>();
  readonly #unread: string[] = [];
  #isReading = false;
  #soon: NodeJS.Timeout | undefined;

  constructor(options: SurveyOptions) {
    this.#options = options;
    this.#timings = { ...SURVEY_TIMINGS, ...options.timings };
  }

  /** Resolves when the survey is over, after a few minutes at most; never rejects. */
  async run(): Promise<void> {
    const { device, signal } = this.#options;
    let isConnected = false;
    const removers = [
      device.on("children", () => this.#tellChildrenSoon()),
      device.on("report", (report) => this.#noteReport(report)),
      device.on("state", (state, previous) => {
        if (!isConnected) return;
        if (state.kind === "ready" && previous.kind !== "ready") void this.#ask();
        else if (previous.kind === "ready" && state.kind !== "ready") this.#tell({ state: "connecting" });
      }),
    ];
    try {
      await this.#connect();
      isConnected = true;
      await this.#ask();
      await delay(this.#timings.listenMs, undefined, { signal });
      this.#tell({ end: "over" });
    } catch (error) {
      // After an abort nothing is told.
      if (error instanceof TuyaError) this.#tell({ end: "failed", says: error.message });
    } finally {
      for (const remove of removers) remove();
      clearTimeout(this.#soon);
      this.#unread.length = 0;
    }
  }

  async #connect(): Promise<void> {
    const { device, signal } = this.#options;
    if (device.state.kind === "ready") return;
    this.#tell({ state: "connecting" });
    // A person waits, so the pause between attempts is skipped.
    if (device.state.kind === "waiting") device.reconnect();
    else device.connect();
    const over = new AbortController();
    signal.addEventListener("abort", () => over.abort(), { once: true });
    try {
      await Promise.race([device.whenReady(this.#timings.readyMs), this.#lastingTrouble(over.signal)]);
    } catch (error) {
      const { settings, state } = device;
      if (state.kind === "searching") throw notFoundError(settings.name || settings.deviceId);
      throw state.kind === "waiting" ? state.error : error;
    } finally {
      over.abort();
    }
  }

  /** Rejects with the error that prevents the connection, when it has lasted `doubtMs`; or when the signal is aborted. */
  #lastingTrouble(signal: AbortSignal): Promise<never> {
    const { device } = this.#options;
    return new Promise((_resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const look = (state: DeviceState): void => {
        if (state.kind !== "waiting") return;
        if (state.error.code === "WRONG_KEY") reject(state.error);
        timer ??= setTimeout(() => reject(state.error), this.#timings.doubtMs);
      };
      const remove = device.on("state", look);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        remove();
        reject(new Error("aborted"));
      });
      look(device.state);
    });
  }

  async #ask(): Promise<void> {
    const { device } = this.#options;
    const { state } = device;
    this.#tell({ state: "connected", ...("version" in state && { version: state.version }) });
    this.#tellChildren();
    this.#tell({ list: await device.listChildren() });
  }

  #noteReport({ cid, dps, reason }: DeviceReport): void {
    if (cid === undefined) return;
    if (reason === "push") {
      const count = (this.#reports.get(cid)?.count ?? 0) + 1;
      if (count > 1 || this.#reports.size < MAX_CHILDREN)
        this.#reports.set(cid, { count, dps: Object.keys(dps) });
    }
    const child = this.#options.device.knownChildren().find((known) => known.cid === cid);
    if (child) this.#tellChild(child);
  }

  /** Tells each sub-device that has changed. */
  #tellChildren(): void {
    for (const child of this.#options.device.knownChildren()) this.#tellChild(child);
  }

  /** Collects changes, because gateways mention many sub-devices in many parts. */
  #tellChildrenSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#tellChildren();
    }, SOON_MS);
  }

  #tellChild({ cid, online: isOnline, isNearby: nearby }: KnownChild): void {
    const { device, names } = this.#options;
    const known = this.#told.get(cid);
    if (known === undefined && this.#told.size >= MAX_CHILDREN) return;
    const dps = device.values(cid);
    const { count: reports = 0, dps: reported = [] } = this.#reports.get(cid) ?? {};
    const name = names.get(cid);
    const online = isOnline ?? null;
    const child: SurveyedChild = { cid, online, nearby, dps, reports, reported, ...(name && { name }) };
    const text = JSON.stringify(child);
    if (text === known) return;
    this.#told.set(cid, text);
    this.#tell({ child });
    if (known === undefined && Object.keys(dps).length === 0) this.#read(cid);
  }

  /** One after the other: gateways are slow, and flows use this one, too. */
  #read(cid: string): void {
    this.#unread.push(cid);
    if (this.#isReading) return;
    this.#isReading = true;
    void this.#readAll().finally(() => (this.#isReading = false));
  }

  async #readAll(): Promise<void> {
    const { device, signal } = this.#options;
    for (let cid = this.#unread.shift(); cid !== undefined && !signal.aborted; cid = this.#unread.shift()) {
      // A sub-device that refuses or is silent is shown without values.
      await device.query({ cid }).catch(() => undefined);
      await delay(this.#timings.gapMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #tell(line: ChildrenLine): void {
    if (!this.#options.signal.aborted) this.#options.tell(line);
  }
}
