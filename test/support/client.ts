import { inspect } from "node:util";
import { Device, type DeviceOptions } from "../../src/device/device";
import type { Timings } from "../../src/session/timings";
import type { DeviceReport, DeviceSettings, DeviceState } from "../../src/device/types";
import type { ReceivedRequest, SetEvent } from "../../src/virtual/options";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { Logs } from "./logs";
import { PATIENCE_MS } from "./patience";
import { DEVICE_ID, LOCAL_KEY } from "./virtual";
import type { FrameEvent } from "../../src/session/connection/frame-event";

/** What is waited for in vain is short, what the other end has time for is long: nothing depends on a fast machine. */
export const SHORT_TIMINGS: Timings = {
  connectTimeoutMs: 2_000,
  negotiationTimeoutMs: 2_000,
  replyTimeoutMs: 2_000,
  settleMs: 100,
  pauseMs: 10,
  heartbeatIntervalMs: 1_000,
  deadAfterMs: 3_000,
  probeTimeoutMs: 500,
  stalledFrameMs: 300,
  ackGraceMs: 30,
  reportTimeoutMs: 60,
  listenMs: 300,
  lookIntervalMs: 100,
  queryRetryMs: 20,
  childGapMs: 5,
  childrenIntervalMs: 10_000,
  absentAfterMs: 20_000,
  searchTimeoutMs: 60,
  backoffMs: [10, 20, 40],
  hopelessBackoffMs: 200,
  steadyAfterMs: 10_000,
  closeGraceMs: 200,
};

type StateOf<K extends DeviceState["kind"]> = Extract<DeviceState, { kind: K }>;

/** A `Device` under observation. Whatever it did is kept, and can be waited for. */
export class Client {
  readonly device: Device;
  readonly states: DeviceState[] = [];
  readonly reports: DeviceReport[] = [];
  readonly logs = new Logs();
  #wakes = new Set<() => void>();

  constructor(settings: DeviceSettings, options: Omit<DeviceOptions, "logger"> = {}) {
    const timings = { ...SHORT_TIMINGS, ...options.timings };
    this.device = new Device(settings, { random: () => 0.5, ...options, timings, logger: this.logs });
    this.device.on("state", (state) => this.#note(() => this.states.push(state)));
    this.device.on("report", (report) => this.#note(() => this.reports.push(report)));
    clients.add(this);
  }

  /** Kinds of all states so far, in order. */
  get kinds(): string[] {
    return this.states.map(({ kind }) => kind);
  }

  /** Frames from now on. */
  watchFrames(): FrameEvent[] {
    const frames: FrameEvent[] = [];
    this.device.on("frame", (frame) => this.#note(() => frames.push(frame)));
    return frames;
  }

  /** Forgets the past: only what comes is waited for. */
  forget(): void {
    this.states.length = 0;
    this.reports.length = 0;
  }

  /** Resolves when something that was or will be observed makes the condition true. */
  async until(what: string, condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#wakes.delete(look);
      };
      const look = (): void => {
        if (!condition()) return;
        finish();
        resolve();
      };
      const timer = setTimeout(() => {
        finish();
        const past = this.states.map((state) =>
          state.kind === "waiting" ? `waiting (${state.error.message})` : state.kind,
        );
        const reports = inspect(this.reports.slice(-3), { breakLength: 200 });
        reject(new Error(`Waited in vain for ${what}. Last: ${past.slice(-6).join(", ")}; ${reports}`));
      }, PATIENCE_MS);
      this.#wakes.add(look);
    });
  }

  /** The present state if it is of this kind, or the next one that is. */
  async reached<K extends DeviceState["kind"]>(kind: K): Promise<StateOf<K>> {
    const { state } = this.device;
    if (state.kind === kind) return state as StateOf<K>;
    const seen = this.states.length;
    let found: DeviceState | undefined;
    await this.until(`state ${kind}`, () => {
      found = this.states.slice(seen).find((candidate) => candidate.kind === kind);
      return found !== undefined;
    });
    return found as StateOf<K>;
  }

  /** The present state if the key is proved, or the next one in which it is. */
  async proven(): Promise<StateOf<"ready">> {
    const found = (): StateOf<"ready"> | undefined => {
      const { state } = this.device;
      return state.kind === "ready" && state.keyProven ? state : undefined;
    };
    await this.until("proof of the key", () => found() !== undefined);
    return found()!;
  }

  /** The first report, of those so far or to come, that fits. */
  async reported(what: string, fits: (report: DeviceReport) => boolean): Promise<DeviceReport> {
    await this.until(`report of ${what}`, () => this.reports.some(fits));
    return this.reports.find(fits)!;
  }

  /** Has something else that is observed wake those who wait. */
  #note(note: () => void): void {
    note();
    this.wake();
  }

  /** To be called when a condition may have become true that this client does not observe by itself. */
  wake(): void {
    for (const look of this.#wakes) look();
  }
}

/** Settings for a virtual device. */
export function settingsFor(device: VirtualDevice, overrides: Partial<DeviceSettings> = {}): DeviceSettings {
  return {
    deviceId: DEVICE_ID,
    name: "Lamp",
    localKey: LOCAL_KEY,
    ip: device.host,
    port: device.port,
    version: device.version,
    ...overrides,
  };
}

export interface ClientOptions extends Omit<DeviceOptions, "logger"> {
  readonly settings?: Partial<DeviceSettings>;
}

/** A client of a virtual device that was not told to connect yet. It is closed after the test. */
export function clientOf(device: VirtualDevice, { settings, ...options }: ClientOptions = {}): Client {
  return new Client(settingsFor(device, settings), options);
}

/** A client that is connected and has read the first values. */
export async function connect(device: VirtualDevice, options: ClientOptions = {}): Promise<Client> {
  const client = clientOf(device, options);
  client.device.connect();
  await client.reached("ready");
  await client.reported("first values", ({ reason }) => reason === "initial");
  return client;
}

/** What a virtual device saw, from now on. */
export class Witness {
  readonly requests: ReceivedRequest[] = [];
  readonly sets: SetEvent[] = [];
  connects = 0;
  rejects = 0;

  constructor(device: VirtualDevice, client?: Client) {
    device.on("request", (request) => {
      this.requests.push(request);
      client?.wake();
    });
    device.on("set", (set) => {
      // A null asks, on all firmware that is asked for anything.
      if (Object.values(set.dps).some((value) => value !== null)) this.sets.push(set);
      client?.wake();
    });
    device.on("connect", () => {
      this.connects++;
      client?.wake();
    });
    device.on("reject", () => {
      this.rejects++;
      client?.wake();
    });
    device.on("disconnect", () => client?.wake());
  }

  /** Payloads of the requests with this command, as text. */
  payloads(...commands: readonly number[]): string[] {
    return this.requests
      .filter(({ command }) => commands.includes(command))
      .map(({ payload }) => payload.toString("utf8"));
  }

  count(...commands: readonly number[]): number {
    return this.payloads(...commands).length;
  }
}

const clients = new Set<Client>();

afterEach(async () => {
  const open = [...clients];
  clients.clear();
  await Promise.all(open.map(({ device }) => device.close()));
});
