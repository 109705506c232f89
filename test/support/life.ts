import assert from "node:assert/strict";
import { type KnownDevice, RememberedDevices } from "../../src/device/attempts/known-devices";
import { Lifecycle } from "../../src/device/lifecycle";
import type { LifecycleOwner } from "../../src/device/lifecycle-owner";
import type { DeviceSettings, DeviceState } from "../../src/device/types";
import type { TuyaError } from "../../src/errors";
import type { ChildrenReport, Report } from "../../src/protocol/report";
import type { ConnectionEnd } from "../../src/session/connection/connection-end";
import type { Session, SessionOwner } from "../../src/session/session";
import type { SessionOptions, SessionStatistics } from "../../src/session/session-options";
import { DEFAULT_TIMINGS, type Timings } from "../../src/session/timings";
import { type Clock, useClock } from "./clock";
import { Logs } from "./logs";

export const HOME = "192.0.2.7";
export const NEW = "192.0.2.8";
export const OTHER = "192.0.2.9";
export const YEAR_2023 = 1_700_000_000_000;
/** Longer than anything a device waits for by itself. */
export const NEVER_MS = 2_000;

/** In the proportions of the real ones, and short: each millisecond of the clock of tests costs some work. */
export const LIFE_TIMINGS: Timings = {
  ...DEFAULT_TIMINGS,
  pauseMs: 10,
  probeTimeoutMs: 30,
  listenMs: 600,
  lookIntervalMs: 300,
  searchTimeoutMs: 300,
  backoffMs: [20, 50],
  hopelessBackoffMs: 600,
  steadyAfterMs: 600,
};

/** A connection without a socket: the test says what the device does. What it calls, and when, is as in `Session`. */
export class PlayedSession {
  readonly options: SessionOptions;
  readonly #owner: SessionOwner;
  wasOpened = false;
  isListening = false;
  /** Whether it has answered with proof of the key. */
  isProven = false;
  hungUpWhenAsked = false;
  asking: Promise<void> | undefined;
  statistics: SessionStatistics = {
    bytesIn: 0,
    bytesOut: 0,
    roundTripMs: undefined,
    lastSeen: undefined,
    notAuthentic: 0,
  };
  /** How often it was asked for a sign of life. */
  probes = 0;
  /** Why it ended; undefined while it has not. */
  ended: ConnectionEnd | undefined;
  /** The error of a request that was under way when it ended. */
  loss: TuyaError | undefined;
  /** The socket is gone. */
  goes: () => void = () => {};
  readonly closed = new Promise<void>((resolve) => (this.goes = resolve));

  constructor(options: SessionOptions, owner: SessionOwner) {
    this.options = options;
    this.#owner = owner;
  }

  get host(): string {
    return this.options.host;
  }

  get asSession(): Session {
    return this as unknown as Session;
  }

  /** TCP is open. */
  opens(): void {
    this.wasOpened = true;
    this.#owner.opened(this.asSession);
  }

  answers(keyProven: boolean): void {
    if (keyProven) {
      this.isProven = true;
      this.isListening = false;
    }
    this.#owner.answered(keyProven, this.asSession);
  }

  /** It waits for proof of the key from now on. */
  listens(): void {
    this.isListening = true;
    this.#owner.listening(this.asSession);
  }

  reports(dps: Report["dps"]): void {
    const numbers = Object.keys(dps);
    this.#owner.report({ dps, numbers, fields: { dps }, isCut: false }, "push", this.asSession);
  }

  lists(children: ChildrenReport): void {
    this.#owner.children(children, this.asSession);
  }

  refuses(text: string): void {
    this.#owner.refused(text, this.asSession);
  }

  asksForChild(cid: string): boolean | undefined {
    return this.#owner.childOnline(cid);
  }

  answersForChild(cid: string, isKnown: boolean): void {
    this.#owner.childAnswered(cid, isKnown, this.asSession);
  }

  /** The connection ends by itself, or because it is told to. The first reason counts. */
  end(end: ConnectionEnd): void {
    if (this.ended) return;
    this.ended = end;
    this.loss = this.#owner.lossError(end, true, this.asSession);
    this.#owner.ended(end, this.asSession);
  }

  probe(): void {
    this.probes++;
  }
}

export interface LifeOptions {
  readonly settings?: Partial<DeviceSettings>;
  /** Where and how the device proved its key earlier. */
  readonly known?: KnownDevice;
  readonly after?: Promise<void>;
}

/** A `Lifecycle` whose connections are played, and all that it tells. */
export class Life implements LifecycleOwner {
  readonly logs = new Logs();
  readonly sessions: PlayedSession[] = [];
  readonly states: DeviceState[] = [];
  /** All it told but states, in order. */
  readonly told: unknown[][] = [];
  readonly lifecycle: Lifecycle;
  /** What a listener does when it hears of a state. */
  onState: (state: DeviceState) => void = () => {};

  constructor({ settings, known, after }: LifeOptions = {}) {
    const remembered = new RememberedDevices();
    if (known) remembered.remember("lamp", known);
    this.lifecycle = new Lifecycle(
      {
        deviceId: "lamp",
        name: "Desk lamp",
        localKey: "7{O<&\"$M}N0z/'|q",
        ip: HOME,
        version: "3.4",
        ...settings,
      },
      {
        logger: this.logs,
        timings: LIFE_TIMINGS,
        frames: { active: false, frame: () => {} },
        random: () => 0.5,
        known: remembered,
        after,
        makeSession: (options, owner) => {
          const session = new PlayedSession(options, owner);
          this.sessions.push(session);
          return session.asSession;
        },
      },
      this,
    );
  }

  get kinds(): string[] {
    return this.states.map(({ kind }) => kind);
  }

  /** Where it has connected to, in order. */
  get hosts(): string[] {
    return this.sessions.map(({ host }) => host);
  }

  /** The session that was opened last. */
  get last(): PlayedSession {
    const session = this.sessions.at(-1);
    assert.ok(session, "it has not connected yet");
    return session;
  }

  /** Those that have not ended. */
  get open(): PlayedSession[] {
    return this.sessions.filter(({ ended }) => !ended);
  }

  get obstacle(): string {
    const { code, message } = this.lifecycle.obstacle;
    return `${code}: ${message}`;
  }

  /** Connects, and the device answers. */
  connected(keyProven = true): PlayedSession {
    this.lifecycle.connect();
    const { last } = this;
    last.opens();
    last.answers(keyProven);
    assert.equal(this.lifecycle.state.kind, "ready");
    return last;
  }

  // LifecycleOwner

  stateChanged(state: DeviceState): void {
    this.states.push(state);
    this.onState(state);
  }

  ready(session: Session): void {
    this.told.push(["ready", session]);
  }

  report(report: Report, reason: string): void {
    this.told.push(["report", report.dps, reason]);
  }

  children(report: ChildrenReport): void {
    this.told.push(["children", report]);
  }

  refused(text: string, session: Session): void {
    this.told.push(["refused", text, session]);
  }

  childOnline(cid: string): boolean | undefined {
    return cid === "online";
  }

  childAnswered(cid: string, isKnown: boolean): void {
    this.told.push(["childAnswered", cid, isKnown]);
  }
}

/** How far a connection has come. "trying": the device waits, and an attempt is under way. */
export const STAGES = [
  "connecting",
  "checking",
  "ready",
  "waiting",
  "trying",
  "asleep",
  "searching",
  "connected elsewhere",
] as const;

export type Stage = (typeof STAGES)[number];

/** What tests of a lifecycle need of time: it passes only when they say so. The calendar says 2023. */
export interface Course {
  readonly clock: Clock;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** The states from now on as texts: what they say about address and cause. Times count from now. */
  readonly follow: (life: Life) => () => string[];
  /** Nothing is open, and nothing happens by itself any more. */
  readonly assertStill: (life: Life) => Promise<void>;
  /** A life that has come so far. */
  readonly at: (stage: Stage, options?: LifeOptions) => Promise<Life>;
}

/** To be called in a `describe`. */
export function useCourse(): Course {
  const clock = useClock();
  const realNow = Date.now;
  const now = (): number => YEAR_2023 + clock.now;
  beforeEach(() => (Date.now = now));
  afterEach(() => (Date.now = realNow));
  return {
    clock,
    now,
    follow: (life) => {
      const [from, begun] = [life.states.length, now()];
      return () => life.states.slice(from).map((state) => tell(state, begun));
    },
    assertStill: async (life) => {
      assert.deepEqual([life.open.length, clock.pending], [0, 0]);
      const [states, sessions] = [life.states.length, life.sessions.length];
      await clock.pass(NEVER_MS);
      assert.deepEqual([life.states.length, life.sessions.length], [states, sessions]);
    },
    at: (stage, options) => reach(stage, clock, options),
  };
}

async function reach(stage: Stage, clock: Clock, options: LifeOptions = {}): Promise<Life> {
  const settings = {
    ...options.settings,
    ...(stage === "searching" && { ip: "" }),
    ...(stage === "asleep" && { sleepy: true }),
  };
  const known = stage === "connected elsewhere" ? { ip: NEW, version: "3.4" as const } : options.known;
  const life = new Life({ ...options, settings, ...(known && { known }) });
  life.lifecycle.connect();
  switch (stage) {
    case "connecting":
    case "searching":
      break;
    case "checking":
      life.last.opens();
      break;
    case "ready":
      life.connected();
      break;
    case "waiting":
    case "asleep":
      life.last.end({ reason: "refused" });
      break;
    case "trying":
      life.last.end({ reason: "refused" });
      await clock.pass(LIFE_TIMINGS.backoffMs[0] ?? 0);
      break;
    case "connected elsewhere":
      life.connected();
      // It looks at the configured address meanwhile.
      await clock.pass(LIFE_TIMINGS.pauseMs);
      assert.deepEqual(life.hosts, [NEW, HOME]);
  }
  return life;
}

function tell(state: DeviceState, begun: number): string {
  switch (state.kind) {
    case "connecting":
      return `connecting ${state.ip}`;
    case "checking":
      return `checking ${state.ip} ${state.version}`;
    case "ready": {
      const { ip, version, keyProven, takesCommands } = state;
      return `ready ${ip} ${version}${keyProven ? " proven" : ""}${takesCommands ? "" : ", deaf"}`;
    }
    case "waiting":
      return `waiting ${state.error.code} ${state.retryAt - begun}`;
    case "asleep":
      return `asleep ${state.lastSeen}`;
    case "idle":
    case "searching":
    case "closed":
      return state.kind;
  }
}
