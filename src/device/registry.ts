import type { Logger } from "../logger";
import { NONE } from "../none";
import { Device, type DeviceOptions } from "./device";
import { DEFAULT_PORT } from "../limits";
import type { DeviceSettings, TuyaDevice } from "./types";

/** A share in the one connection that this process has to a device. */
export interface DeviceLease {
  /** The device, the same for all its holders. */
  readonly device: TuyaDevice;
  /** Names of those who held the same device when this lease was given. */
  readonly twins: readonly string[];
  /**
   * Names of the settings in which this holder differs from the first one, whose settings count. As when the lease was
   * given.
   */
  readonly conflicts: readonly (keyof DeviceSettings)[];
  /**
   * Gives the share back. For the last holder it resolves when the socket is gone. May be called again: nothing happens.
   */
  release(): Promise<void>;
}

interface Entry {
  readonly device: Device;
  /** The settings of the first one count. */
  holders: readonly Lease[];
}

/** Devices by id: many devices accept one client only, so a process must never open two connections. */
const entries = new Map<string, Entry>();

/** Devices whose last lease was released, until their sockets are gone. */
const closing = new Map<string, Promise<void>>();

/**
 * Shares one connection to a device among all who ask for its id in this process; the first holder's settings and options
 * count. Never throws: settings that cannot be right lead to the state `waiting` with NOT_CONFIGURED, after `connect`.
 * The device does nothing before `connect`, and is closed when the last holder gives its lease back.
 * @param holderName name of the holder: others that hold the same device get it in `twins`
 * @param logger where the device logs, if this is its first holder
 */
export function acquireDevice(
  settings: DeviceSettings,
  holderName: string,
  logger: Logger,
  options: Omit<DeviceOptions, "logger" | "after"> = {},
): DeviceLease {
  const { deviceId } = settings;
  const entry = entries.get(deviceId) ?? {
    device: new Device(settings, { ...options, logger, after: closing.get(deviceId) }),
    holders: [],
  };
  entries.set(deviceId, entry);
  return new Lease(entry, settings, holderName);
}

class Lease implements DeviceLease {
  readonly twins: readonly string[];
  readonly conflicts: readonly (keyof DeviceSettings)[];
  readonly #entry: Entry;
  readonly #settings: DeviceSettings;
  readonly #holderName: string;

  constructor(entry: Entry, settings: DeviceSettings, holderName: string) {
    const { holders } = entry;
    const [first] = holders;
    this.twins = first ? holders.map((lease) => lease.#holderName) : NONE;
    this.conflicts = first ? conflictsOf(first.#settings, settings) : NONE;
    this.#entry = entry;
    this.#settings = settings;
    this.#holderName = holderName;
    // Not `push`: an array that grows by itself reserves room for sixteen more.
    entry.holders = holders.concat(this);
  }

  get device(): TuyaDevice {
    return this.#entry.device;
  }

  async release(): Promise<void> {
    const { device, holders } = this.#entry;
    const index = holders.indexOf(this);
    if (index < 0) return;
    const rest = holders.filter((lease) => lease !== this);
    this.#entry.holders = rest;
    const [first] = rest;
    if (!first) await closeDevice(this.#settings.deviceId, device);
    else if (index === 0 && differences(this.#settings, first.#settings).length > 0)
      device.configure(first.#settings);
  }
}

/** The last lease was released. Resolves when the socket is gone. */
async function closeDevice(deviceId: string, device: Device): Promise<void> {
  entries.delete(deviceId);
  const closed = Promise.all([closing.get(deviceId), device.close()]).then(() => {
    if (closing.get(deviceId) === closed) closing.delete(deviceId);
  });
  closing.set(deviceId, closed);
  await closed;
}

/**
 * Settings in which two holders differ. Not counted: settings that follow from the data point table, and a default that
 * one of them writes out.
 */
function conflictsOf(a: DeviceSettings, b: DeviceSettings): (keyof DeviceSettings)[] {
  const [one, other] = [a, b].map(asEntered) as [DeviceSettings, DeviceSettings];
  return differences(one, other);
}

function asEntered({ measuredDps: _derived, ...settings }: DeviceSettings): DeviceSettings {
  const { port = DEFAULT_PORT, device22Dps = [], sleepy = false } = settings;
  return { ...settings, port, sleepy, device22Dps: device22Dps.length > 0 ? ["all"] : [] };
}

function differences(a: DeviceSettings, b: DeviceSettings): (keyof DeviceSettings)[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof DeviceSettings)[];
  return names.filter((name) => name !== "name" && JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}
