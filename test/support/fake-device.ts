import type { AcquireDevice } from "../../nodes/link/direct-link";
import type {
  DeviceEvents,
  DeviceReport,
  DeviceSettings,
  DeviceState,
  DeviceStatistics,
  KnownChild,
  TuyaDevice,
} from "../../src/device/types";
import type { ChildrenAnswer } from "../../src/session/requests/children-question";
import type { Dps } from "../../src/protocol/dps";
import { TuyaError } from "../../src/errors";
import { type ListenerOf, Listeners } from "../../src/listeners";
import { SILENT } from "../../src/logger";
import type { FrameEvent } from "../../src/session/connection/frame-event";
import type { ExpectedValues, SetOptions, SetResult } from "../../src/session/requests/set-command";

export const READY: DeviceState = {
  kind: "ready",
  ip: "192.0.2.7",
  version: "3.4",
  keyProven: true,
  takesCommands: true,
};

export function waiting(code: TuyaError["code"], message = `${code} happened.`): DeviceState {
  return { kind: "waiting", error: new TuyaError(code, message), retryAt: 0 };
}

/** A device that does what the test says, and writes down what it is asked. */
export class FakeDevice implements TuyaDevice {
  settings: DeviceSettings;
  state: DeviceState = { kind: "idle" };
  /** Every call, as `["set", …arguments]`. */
  readonly calls: unknown[][] = [];
  /** Values by cid; "" is the device itself. */
  readonly known = new Map<string, Dps>();
  /** Values that are under way, by cid. */
  readonly underWay = new Map<string, Dps>();
  /** Whether a change may start from the expected value of a data point. */
  isSure: (dp: string) => boolean = () => true;
  readonly children = new Map<string, boolean>();
  readonly unknownChildren = new Set<string>();
  /** What a set answers; by default that everything was confirmed. */
  onSet: (dps: Dps, options: SetOptions) => Promise<SetResult> = (dps) => Promise.resolve({ confirmed: dps });
  onQuery: (cid: string | undefined) => Promise<Dps> = (cid) => Promise.resolve(this.values(cid));
  readonly #listeners = new Listeners<DeviceEvents>(SILENT);

  constructor(settings: Partial<DeviceSettings> = {}) {
    this.settings = { deviceId: "fake0000000000000001", localKey: "", ip: "", version: "auto", ...settings };
  }

  statistics(): DeviceStatistics {
    return { bytesIn: 0, bytesOut: 0, roundTripMs: undefined, lastSeen: undefined, notAuthentic: 0 };
  }

  values(cid = ""): Dps {
    return this.known.get(cid) ?? {};
  }

  ownValues(cid?: string): Dps {
    return this.values(cid);
  }

  expected(cid?: string): ExpectedValues {
    return { dps: { ...this.values(cid), ...this.underWay.get(cid ?? "") }, isSure: (dp) => this.isSure(dp) };
  }

  childOnline(cid: string): boolean | undefined {
    return this.children.get(cid);
  }

  isChildUnknown(cid: string): boolean {
    return this.unknownChildren.has(cid);
  }

  knownChildren(): readonly KnownChild[] {
    return Array.from(this.children, ([cid, online]) => ({ cid, online, isNearby: false }));
  }

  listChildren(): Promise<ChildrenAnswer> {
    this.calls.push(["listChildren"]);
    return Promise.resolve("listed");
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
    this.calls.push(["connect"]);
  }

  disconnect(): void {
    this.calls.push(["disconnect"]);
    this.enter({ kind: "idle" });
  }

  reconnect(): void {
    this.calls.push(["reconnect"]);
    this.enter({ kind: "connecting", ip: "192.0.2.7" });
  }

  whenReady(): Promise<void> {
    throw new Error("The nodes wait by themselves.");
  }

  set(dps: Dps, options: SetOptions = {}): Promise<SetResult> {
    this.calls.push(["set", dps, options]);
    return this.onSet(dps, options);
  }

  query({ cid }: { cid?: string | undefined } = {}): Promise<Dps> {
    this.calls.push(["query", cid]);
    return this.onQuery(cid);
  }

  refresh(dps?: readonly number[], { cid }: { cid?: string | undefined } = {}): Promise<void> {
    this.calls.push(["refresh", dps, cid]);
    return Promise.resolve();
  }

  sendRaw(command: number, payload: Buffer): Promise<FrameEvent | undefined> {
    this.calls.push(["sendRaw", command, payload]);
    return Promise.resolve(undefined);
  }

  addChild(cid: string): () => void {
    this.calls.push(["addChild", cid]);
    return () => void this.calls.push(["removeChild", cid]);
  }

  heard(): void {}

  /** The device enters a state and tells everybody. */
  enter(state: DeviceState): void {
    const previous = this.state;
    this.state = state;
    this.#listeners.emit("state", state, previous);
  }

  /** The device reports values. Which of them changed follows from what it reported before. */
  report(dps: Dps, more: Partial<DeviceReport> = {}): void {
    const key = more.cid ?? "";
    const known = this.known.get(key) ?? {};
    const changed = Object.keys(dps).filter((dp) => known[dp] !== dps[dp]);
    const previous = Object.fromEntries(Object.entries(known).filter(([dp]) => dp in dps));
    this.known.set(key, { ...known, ...dps });
    this.#listeners.emit("report", {
      cid: undefined,
      dps,
      changed,
      previous,
      reason: "push",
      t: 1_700_000_000,
      ...more,
    });
  }

  /** A frame arrives, or is sent. */
  frame(more: Partial<FrameEvent> = {}): void {
    const frame: FrameEvent = {
      time: 1_700_000_000_000,
      direction: "in",
      format: "55AA",
      version: "3.4",
      sequence: 1,
      command: 8,
      returnCode: 0,
      payload: Buffer.alloc(0),
      valid: true,
      reason: undefined,
      raw: Buffer.alloc(0),
      ...more,
    };
    this.#listeners.emit("frame", frame);
  }

  /** The gateway says which of its sub-devices are online. */
  reportChildren(children: Readonly<Record<string, boolean>>): void {
    for (const [cid, online] of Object.entries(children)) this.children.set(cid, online);
    this.#listeners.emit("children", this.children);
  }

  /** Calls of one method. */
  callsOf(method: string): unknown[][] {
    return this.calls.filter(([name]) => name === method).map(([, ...args]) => args);
  }
}

/** What the nodes acquire instead of real devices: one fake per device id, shared as real ones are. */
export class FakeRegistry {
  readonly devices = new Map<string, FakeDevice>();
  /** Settings and holders, in the order of acquisition. */
  readonly acquired: { readonly settings: DeviceSettings; readonly holder: string }[] = [];
  /** Ids of devices that were released, by every holder. */
  readonly released: string[] = [];
  /** Settings the next twin is said to differ in. */
  conflicts: (keyof DeviceSettings)[] = [];
  /** Resolves when a released socket is gone. */
  closing: Promise<void> = Promise.resolve();
  readonly #holders = new Map<string, string[]>();

  readonly acquire: AcquireDevice = (settings, holder) => {
    const { deviceId } = settings;
    this.acquired.push({ settings, holder });
    const device = this.devices.get(deviceId) ?? new FakeDevice(settings);
    this.devices.set(deviceId, device);
    const holders = this.#holders.get(deviceId) ?? [];
    const twins = [...holders];
    this.#holders.set(deviceId, [...holders, holder]);
    return {
      device,
      twins,
      conflicts: twins.length > 0 ? this.conflicts : [],
      release: async () => {
        const left = this.#holders.get(deviceId) ?? [];
        left.splice(left.indexOf(holder), 1);
        if (left.length > 0) return;
        this.released.push(deviceId);
        await this.closing;
      },
    };
  };

  /** The device of an id, whether or not a node has acquired it yet. */
  device(deviceId: string): FakeDevice {
    const device = this.devices.get(deviceId) ?? new FakeDevice({ deviceId });
    this.devices.set(deviceId, device);
    return device;
  }
}
