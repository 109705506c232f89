import type { DataPointMap } from "../../src/datapoints/datapoint-map";
import type { DeviceReport, DeviceSettings, TuyaDevice } from "../../src/device/types";
import { Listeners } from "../../src/listeners";
import type { Logger } from "../../src/logger";
import type { EventMode } from "../../src/import/event-mode";
import { LinkHistory } from "./link-history";
import { linkError, type LinkState } from "./link-state";
import type { Totals } from "./totals";

/** Who a `tuya-device` is, in messages. */
export interface LinkProfile {
  /** Display name, else the device id. */
  readonly name: string;
  readonly deviceId: string;
  /** Set for a sub-device. */
  readonly cid: string | undefined;
  readonly dataPoints: DataPointMap;
  /** Sums of its increments, where it has any and somebody keeps them. */
  readonly totals?: Totals | undefined;
}

/** How messages say which device they are about. */
export function originOf({ deviceId, name, cid }: LinkProfile): {
  readonly deviceId: string;
  readonly name: string;
  readonly cid?: string;
} {
  return { deviceId, name, ...(cid !== undefined && { cid }) };
}

/** A node that uses a device. */
export interface LinkUser {
  readonly id: string;
  /** The tab or subflow it is on. */
  readonly z?: string;
}

/** Events of a link, told with the link itself where a user has to know it. A listener that throws is logged and disturbs nobody. */
export interface LinkEvents {
  state: (state: LinkState, link: DeviceLink) => void;
  /** Of a sub-device its own reports only; of any other device all, those of its sub-devices included. */
  report: (report: DeviceReport, link: DeviceLink) => void;
  /** The link has a device now, another one, or none any more. */
  device: (device: TuyaDevice | undefined) => void;
  /** A message asks the compatible tuya-in nodes of the device to pass on other reports. */
  eventMode: (mode: EventMode) => void;
}

/**
 * What a `tuya-device` node does, without Node-RED: it has users, and as long as it has any it has a device. Two kinds:
 * `DirectLink` holds the connection to a device of its own, `ChildLink` uses that of its gateway.
 */
export abstract class DeviceLink {
  readonly profile: LinkProfile;
  /** What has happened to the device. Whoever keeps one over deploys puts it here before the link is used. */
  history = new LinkHistory();
  readonly #listeners: Listeners<LinkEvents>;
  #users: readonly LinkUser[] = [];
  #state: LinkState = { kind: "idle" };

  constructor(profile: LinkProfile, logger: Logger) {
    this.profile = profile;
    this.#listeners = new Listeners(logger);
  }

  /** Nodes that use the device, each once. */
  get users(): readonly LinkUser[] {
    return this.#users;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Undefined while nobody uses the link, and where settings are missing. */
  abstract get device(): TuyaDevice | undefined;

  /** How the device is reached: of a sub-device its gateway's settings. Undefined where they are missing. */
  abstract get settings(): DeviceSettings | undefined;

  /** The gateway a sub-device is behind, as configured at the moment. */
  abstract get gateway(): DeviceLink | undefined;

  /** The last sign of life, in milliseconds since 1970. */
  abstract get lastSeen(): number | undefined;

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof LinkEvents>(event: E, listener: LinkEvents[E]): () => void {
    return this.#listeners.on(event, listener);
  }

  /** The first user opens the connection. Harmless when repeated. */
  register(user: LinkUser): void {
    if (this.#state.kind === "closed") return;
    const isFirst = !this.hasUsers;
    // Not `push`: an array that grows by itself reserves room for sixteen more.
    this.#users = this.#users.filter(({ id }) => id !== user.id).concat(user);
    if (isFirst) this.open();
  }

  /** The connection stays until `settle`: a user that is merely redeployed registers again at once. */
  deregister(id: string): void {
    this.#users = this.#users.filter((user) => user.id !== id);
  }

  /** A deploy is over: without users there is no reason to occupy one of the device's few places. */
  settle(): void {
    if (!this.hasUsers && this.#state.kind !== "closed") void this.release();
  }

  /** For good. Resolves when the socket, where this link was the last to use it, is gone. */
  async close(): Promise<void> {
    this.enter({ kind: "closed" });
    const released = this.release();
    this.#listeners.clear();
    await released;
  }

  /** The device, for a request. Throws what the request ends with where there is none. */
  requireDevice(): TuyaDevice {
    if (this.device && this.#state.kind !== "closed") return this.device;
    throw linkError(this.#state, this.profile.name);
  }

  /** Tells the compatible tuya-in nodes of the device which reports to pass on; returns whether there are any. */
  setEventMode(mode: EventMode): boolean {
    this.#listeners.emit("eventMode", mode);
    return this.#listeners.has("eventMode");
  }

  get hasUsers(): boolean {
    return this.#users.length > 0;
  }

  /** Somebody uses the link from now on. */
  protected abstract open(): void;

  /** Nobody uses it any more. Harmless when it was not open; resolves when that is done, never rejects. */
  protected abstract release(): Promise<void>;

  protected enter(state: LinkState): void {
    const { kind } = this.#state;
    if (state === this.#state || kind === "closed" || (kind === "idle" && state.kind === "idle")) return;
    this.#state = state;
    this.history.observe(state);
    this.#listeners.emit("state", state, this);
  }

  protected emitReport(report: DeviceReport): void {
    // What is configured for a device says nothing of a sub-device behind it.
    if (report.cid === this.profile.cid) this.profile.totals?.after(report);
    this.#listeners.emit("report", report, this);
  }

  protected emitDevice(device: TuyaDevice | undefined): void {
    this.#listeners.emit("device", device);
  }
}

/** Where a device was met, if that is not where it is configured to be. */
export function movedTo(state: LinkState, link: DeviceLink | undefined): string | undefined {
  const configured = link?.settings?.ip;
  return state.kind === "ready" && configured && state.ip !== configured ? state.ip : undefined;
}
