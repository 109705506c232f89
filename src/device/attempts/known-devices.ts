import type { ProtocolVersion } from "../../protocol/version";

/** Where a device has proved its key last, and in which version. */
export interface KnownDevice {
  /** As it was reached: an address, or a host name. */
  readonly ip: string;
  readonly version: ProtocolVersion;
}

/** What is remembered of devices that proved their key, by id. It outlives a connection, and in Node-RED a restart. */
export interface KnownDevices {
  recall(deviceId: string): KnownDevice | undefined;
  /** Must not throw. */
  remember(deviceId: string, known: KnownDevice): void;
}

/** Keeps it in memory only, as long as this object exists. */
export class RememberedDevices implements KnownDevices {
  readonly #devices = new Map<string, KnownDevice>();

  recall(deviceId: string): KnownDevice | undefined {
    return this.#devices.get(deviceId);
  }

  remember(deviceId: string, known: KnownDevice): void {
    this.#devices.set(deviceId, known);
  }
}
