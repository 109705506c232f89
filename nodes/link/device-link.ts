import type { DataPointMap } from "../../src/datapoints/datapoint-map";
import type { DeviceReport, DeviceSettings, TuyaDevice } from "../../src/device/types";
import { type ListenerOf, Listeners } from "../../src/listeners";
import type { Logger } from "../../src/logger";
import type { EventMode } from "../../src/import/event-mode";
import { LinkHistory } from "./link-history";
import { linkError, type LinkState } from "./link-state";
import type { Totals } from "./totals";

/** The identity of a `tuya-device` in messages, and its data points. */
export interface LinkProfile {
  /** Display name; the device id if it has none. */
  readonly name: string;
  readonly deviceId: string;
  /** Set for a sub-device. */
  readonly cid: string | undefined;
  readonly dataPoints: DataPointMap;
  /** Sums of its increments; undefined if it has none. */
  readonly totals?: Totals | undefined;
}

/** The part of a message that names its device. */
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

/** Events of a link; some pass the link itself. An error in a listener is logged and affects nothing else. */
export interface LinkEvents {
  state: (state: LinkState, link: DeviceLink) => void;
  /** For a sub-device only its own reports; for any other device all, also those of its sub-devices. */
  report: (report: DeviceReport, link: DeviceLink) => void;
  /** The link has a device now, another one, or none any more. */
  device: (device: TuyaDevice | undefined) => void;
  /** A message changes which reports the compatible tuya-in nodes of the device pass on. */
  eventMode: (mode: EventMode) => void;
}

/**
 * The work of a `tuya-device` node, without Node-RED: while it has users, it has a device. There are two kinds:
 * `DirectLink` has its own connection to a device, `ChildLink` uses that of its gateway.
 */
export abstract class DeviceLink {
  readonly profile: LinkProfile;
  /** The events of the device. To keep a history over deploys, it is set here before the link is used. */
  history = new LinkHistory();
  readonly #listeners: Listeners<LinkEvents>;
  #users: readonly LinkUser[] = [];
  #state: LinkState = { kind: "idle" };
  #reportedAt: number | undefined;

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

  /** Undefined while the link has no users, and if settings are missing. */
  abstract get device(): TuyaDevice | undefined;

  /** The settings of the connection; for a sub-device those of its gateway. Undefined if they are missing. */
  abstract get settings(): DeviceSettings | undefined;

  /** The gateway of a sub-device, as configured at the moment. */
  abstract get gateway(): DeviceLink | undefined;

  /** When something was last received from the device, in milliseconds since 1970; undefined = never. */
  abstract get lastSeen(): number | undefined;

  /** The time of the last report, as its messages have it: in seconds by the device's clock, or ours if it sends none. */
  get reportedAt(): number | undefined {
    return this.#reportedAt;
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof LinkEvents>(event: E, listener: LinkEvents[E]): () => void {
    return this.#listeners.on(event, listener);
  }

  /** Adds an object whose methods are called for the events of their names, until `removeListener`. It counts once. */
  addListener(listener: ListenerOf<LinkEvents>): void {
    this.#listeners.add(listener);
  }

  /** Removes such an object. May be called again. */
  removeListener(listener: ListenerOf<LinkEvents>): void {
    this.#listeners.remove(listener);
  }

  /** Adds a user; the first one opens the connection. May be called again. */
  register(user: LinkUser): void {
    if (this.#state.kind === "closed") return;
    const isFirst = !this.hasUsers;
    // Not `push`: an array that grows by itself reserves room for sixteen more.
    this.#users = this.#users.filter(({ id }) => id !== user.id).concat(user);
    if (isFirst) this.open();
  }

  /** Removes a user. The connection stays until `settle`, because a user that is redeployed registers again at once. */
  deregister(id: string): void {
    this.#users = this.#users.filter((user) => user.id !== id);
  }

  /** A deploy is over. Without users the connection is closed, because devices have few places. */
  settle(): void {
    if (!this.hasUsers && this.#state.kind !== "closed") void this.release();
  }

  /** Ends the link. Resolves when the socket is gone, if no other link uses it. */
  async close(): Promise<void> {
    this.enter({ kind: "closed" });
    const released = this.release();
    this.#listeners.clear();
    await released;
  }

  /** The device, for a request. Throws the error of the request if there is none. */
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

  /** Called when the link gets its first user. */
  protected abstract open(): void;

  /** Called when the link has no users any more, even if it was not open. Resolves when that is done; never rejects. */
  protected abstract release(): Promise<void>;

  protected enter(state: LinkState): void {
    const { kind } = this.#state;
    if (state === this.#state || kind === "closed" || (kind === "idle" && state.kind === "idle")) return;
    this.#state = state;
    this.history.observe(state);
    this.#listeners.emit("state", state, this);
  }

  protected emitReport(report: DeviceReport): void {
    this.#reportedAt = report.t;
    // The table of a device does not apply to a sub-device behind it.
    if (report.cid === this.profile.cid) this.profile.totals?.after(report);
    this.#listeners.emit("report", report, this);
  }

  protected emitDevice(device: TuyaDevice | undefined): void {
    this.#listeners.emit("device", device);
  }
}

/** The address at which a device is connected, if that is not the configured one. */
export function movedTo(state: LinkState, link: DeviceLink | undefined): string | undefined {
  const configured = link?.settings?.ip;
  return state.kind === "ready" && configured && state.ip !== configured ? state.ip : undefined;
}
