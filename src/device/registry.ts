import type { Logger } from "../logger";
import { Device, type DeviceOptions } from "./device";
import { DEFAULT_PORT, type DeviceSettings, type TuyaDevice } from "./types";

/** A share in the one connection that this process has to a device. */
export interface DeviceLease {
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

interface Holder {
  readonly name: string;
  readonly settings: DeviceSettings;
}

interface Entry {
  readonly device: Device;
  /** The settings of the first one count. */
  holders: readonly Holder[];
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
  const [first] = entry.holders;
  const twins = entry.holders.map(({ name }) => name);
  const holder: Holder = { name: holderName, settings };
  // Not `push`: an array that grows by itself reserves room for sixteen more.
  entry.holders = entry.holders.concat(holder);
  return {
    device: entry.device,
    twins,
    conflicts: first ? conflictsOf(first.settings, settings) : [],
    release: () => release(deviceId, entry, holder),
  };
}

async function release(deviceId: string, entry: Entry, holder: Holder): Promise<void> {
  const index = entry.holders.indexOf(holder);
  if (index < 0) return;
  entry.holders = entry.holders.filter((each) => each !== holder);
  const [first] = entry.holders;
  if (!first) {
    entries.delete(deviceId);
    const closed = Promise.all([closing.get(deviceId), entry.device.close()]).then(() => {
      if (closing.get(deviceId) === closed) closing.delete(deviceId);
    });
    closing.set(deviceId, closed);
    await closed;
  } else if (index === 0 && differences(holder.settings, first.settings).length > 0) {
    entry.device.configure(first.settings);
  }
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
