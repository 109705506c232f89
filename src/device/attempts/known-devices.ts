import type { ProtocolVersion } from "../../protocol/version";

/** Where a device has proved its key last, and in which version. */
export interface KnownDevice {
  /** As it was reached: an address, or a host name. */
  readonly ip: string;
  /** The version it spoke. No older one is spoken to it again by itself. */
  readonly version: ProtocolVersion;
}

/** What is remembered of devices that proved their key, by id. It outlives a connection, and in Node-RED a restart. */
export interface KnownDevices {
  /** What was remembered last of this device; undefined if it has not proved its key yet. Must not throw. */
  recall(deviceId: string): KnownDevice | undefined;
  /** Called whenever a device has proved its key, also with what is known already. Must not throw. */
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
