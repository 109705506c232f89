import assert from "node:assert/strict";
import { inspect } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { Device } from "../../src/device/device";
import type { Timings } from "../../src/session/timings";
import type { DeviceReport } from "../../src/device/types";
import { ERROR_CODES, TuyaError } from "../../src/errors";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../src/protocol/version";
import { Random } from "../support/random";
import { HostileDevice, type Tried } from "./hostile-device";
import { VitalMonitor, type VitalSigns } from "./vital-signs";

/** Invented, with what JSON, HTML and shells like to spoil. */
const KEY = "7{O<&\"$M}N0z/'|q";

/** Minutes in seconds: what is waited for with real devices. */
const TIMINGS: Partial<Timings> = {
  negotiationTimeoutMs: 200,
  replyTimeoutMs: 150,
  settleMs: 20,
  pauseMs: 10,
  heartbeatIntervalMs: 100,
  deadAfterMs: 400,
  stalledFrameMs: 200,
  ackGraceMs: 20,
  reportTimeoutMs: 50,
  queryRetryMs: 20,
  backoffMs: [10, 20, 40],
  hopelessBackoffMs: 100,
  closeGraceMs: 100,
};

/** What an attacker knows: the key, another one, or that there is one. */
const KEYS = { right: Buffer.from(KEY), wrong: Buffer.from("kV3tWq8ZrX1nLp5e"), none: undefined };

export interface DeviceFuzzOptions {
  readonly seed: number;
  /** Acts of each device, all its connections together, before it is enough. */
  readonly acts: number;
  /** Even if the acts do not come about. */
  readonly maxMs: number;
  readonly only?: readonly string[];
}

export interface DeviceFuzzReport {
  readonly devices: number;
  readonly connections: number;
  /** By name, of all devices together. */
  readonly tried: Tried;
  readonly reports: number;
  readonly frames: number;
  /** Lines above `debug` that were written into the log. */
  readonly logged: readonly string[];
  /** Commands that were sent, and what became of them. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Promises that were never settled. */
  readonly open: number;
  readonly before: VitalSigns;
  readonly during: VitalSigns;
  readonly after: VitalSigns;
}

/** One client, and the device that means it harm. */
class Pair {
  readonly hostile: HostileDevice;
  readonly device: Device;
  readonly outcomes = new Map<string, number>();
  readonly logged: string[] = [];
  readonly #fault: (error: unknown) => void;
  reports = 0;
  frames = 0;
  open = 0;

  /** @param fault is told of what must not be */
  constructor(hostile: HostileDevice, version: ProtocolVersion | "auto", fault: (error: unknown) => void) {
    const { deviceId } = hostile.options;
    this.hostile = hostile;
    this.#fault = fault;
    const log = (text: string): void => {
      if (this.logged.length < 1_000) this.logged.push(text);
      this.#expect(() => assert.doesNotMatch(text, UNSEEN));
    };
    const settings = { deviceId, localKey: KEY, name: deviceId, ip: "127.0.0.1", port: hostile.port };
    this.device = new Device(
      { ...settings, version, refreshSeconds: 1 },
      {
        timings: TIMINGS,
        logger: {
          // Only faults of ours are errors.
          error: fault,
          warn: log,
          info: log,
          debug: (text) => log(text()),
          trace: (text) => log(text()),
        },
      },
    );
    this.#listen();
  }

  /** Something a flow might ask for. */
  ask(random: Random): void {
    const { device } = this;
    const cid = random.chance(0.2) ? `cid-${random.below(10)}` : undefined;
    const confirm = random.pick(["ack", "report"] as const);
    switch (random.below(6)) {
      case 0:
        return this.#follow(device.set({ "1": random.chance(0.5) }, { cid, confirm }));
      case 1:
        return this.#follow(device.set({ [String(random.between(1, 255))]: random.text(20) }, { confirm }));
      case 2:
        return this.#follow(device.query({ cid }));
      case 3:
        return this.#follow(device.refresh());
      case 4:
        return this.#follow(device.listChildren());
      default:
        return this.#follow(device.sendRaw(random.pick([9, 10, 16, 64]), Buffer.from("{}")));
    }
  }

  #listen(): void {
    const { device } = this;
    device.on("report", (report) => {
      this.reports++;
      this.#expect(() => checkReport(report));
    });
    device.on("frame", ({ raw }) => {
      this.frames++;
      this.#expect(() => assert.ok(raw.length <= 17 * 1024, `${raw.length} bytes in a frame`));
    });
    device.on("state", (state) => {
      if (state.kind === "waiting") this.#expect(() => checkError(state.error));
    });
    device.on("children", (children) => this.#expect(() => assert.ok(children.size <= 1_000)));
  }

  #follow(request: Promise<unknown>): void {
    this.open++;
    const note = (outcome: string): void => {
      this.open--;
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    };
    request.then(
      () => note("done"),
      (error: unknown) => {
        this.#expect(() => checkError(error));
        note(error instanceof TuyaError ? error.code : String(error));
      },
    );
  }

  #expect(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#fault(error);
    }
  }
}

/** What nobody sees, or what makes two lines of one. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function checkReport({ dps, changed, previous, cid }: DeviceReport): void {
  for (const [dp, value] of Object.entries(dps)) {
    assert.ok(Number(dp) >= 1 && Number(dp) <= 255, `data point ${dp.slice(0, 80)}`);
    assert.ok(typeof value !== "number" || Number.isFinite(value), `${dp} is no number`);
  }
  assert.ok(changed.length <= 255 && Object.keys(previous).length <= 255);
  assert.ok(cid === undefined || cid.length <= 64, `a sub-device with an id of ${cid?.length} characters`);
}

function checkError(error: unknown): void {
  assert.ok(error instanceof TuyaError, inspect(error));
  assert.ok(ERROR_CODES.includes(error.code), error.code);
  assert.ok(error.message.length < 1_000, `an error of ${error.message.length} characters`);
  assert.doesNotMatch(error.message, UNSEEN);
}

/** Every version, by every attacker, with the version set and to be found out. */
async function startPairs(
  { seed, only }: DeviceFuzzOptions,
  fault: (error: unknown) => void,
): Promise<Pair[]> {
  const cases = PROTOCOL_VERSIONS.flatMap((version) =>
    Object.values(KEYS).flatMap((key) => [version, "auto" as const].map((set) => ({ version, key, set }))),
  );
  return Promise.all(
    cases.map(async ({ version, key, set }, index) => {
      const deviceId = `vhostile${String(index).padStart(12, "0")}`;
      const options = { deviceId, version, key, seed: seed + index, acts: 30, ...(only && { only }) };
      const hostile = new HostileDevice(options);
      await hostile.listen();
      return new Pair(hostile, set, fault);
    }),
  );
}

/** Each once, with how often it was. */
function describeFaults(faults: readonly unknown[]): string {
  const texts = faults.map((fault) => (fault instanceof Error ? fault.message : String(fault)).slice(0, 300));
  const counts = [...new Set(texts)].map(
    (text) => `${texts.filter((other) => other === text).length}x ${text}`,
  );
  return `${faults.length} things that must not be:\n${counts.slice(0, 20).join("\n")}`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function merged(maps: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const map of maps) for (const [name, times] of map) all.set(name, (all.get(name) ?? 0) + times);
  return all;
}

/**
 * Lets hostile devices loose on the device class, over sockets on loopback. Throws where something comes through that must
 * not: a value no device has, an error without a code or with somebody else's control characters, an unhandled rejection.
 */
export async function fuzzDevices(options: DeviceFuzzOptions): Promise<DeviceFuzzReport> {
  const monitor = new VitalMonitor();
  const faults: unknown[] = [];
  const fault = (error: unknown): void => void faults.push(error);
  process.on("unhandledRejection", fault);
  const before = monitor.look();
  const all = await startPairs(options, fault);
  try {
    const random = new Random(options.seed);
    for (const { device } of all) device.connect();
    const deadline = performance.now() + options.maxMs;
    while (performance.now() < deadline && all.some(({ hostile }) => hostile.acts < options.acts)) {
      for (let i = 0; i < 5; i++) random.pick(all).ask(random);
      await sleep(5);
    }
    const during = monitor.look();
    await Promise.all(all.map(({ device }) => device.close()));
    await Promise.all(all.map(({ hostile }) => hostile.close()));
    // What was asked last is settled by the closing, and told in the next turns.
    await sleep(20);
    if (faults.length > 0) throw new AggregateError(faults, describeFaults(faults));
    return {
      devices: all.length,
      connections: sum(all.map(({ hostile }) => hostile.connections)),
      tried: merged(all.map(({ hostile }) => hostile.tried)),
      reports: sum(all.map(({ reports }) => reports)),
      frames: sum(all.map(({ frames }) => frames)),
      logged: all.flatMap(({ logged }) => logged),
      outcomes: merged(all.map(({ outcomes }) => outcomes)),
      open: sum(all.map(({ open }) => open)),
      before,
      during,
      after: monitor.look(),
    };
  } finally {
    monitor.stop();
    process.off("unhandledRejection", fault);
  }
}
