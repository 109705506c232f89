import type { Discovery } from "../../src/discovery/discovery";
import type { HeardDevice } from "../../src/discovery/heard-devices";
import { configuredDevice, isConfiguredGateway } from "../link/configured-devices";
import { DEFAULT_PORT } from "../../src/device/types";

/** A device that announced itself, as messages and the admin routes show it. What it did not say is null. */
export interface ListedDevice {
  readonly id: string;
  readonly ip: string;
  readonly version: string | null;
  readonly productKey: string | null;
  readonly encrypted: boolean | null;
  /** Whether a configured sub-device names it as its gateway: devices do not say what they are. */
  readonly gateway: boolean;
  /** Whether a `tuya-device` node with this id runs. */
  readonly configured: boolean;
  /** The display name of that node. */
  readonly name?: string;
  /** TCP port: the configured one, or the usual one. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export function listedDevice(heard: HeardDevice): ListedDevice {
  const { id, ip, version = null, productKey = null, encrypted = null, firstSeen, lastSeen } = heard;
  const link = configuredDevice(id);
  return {
    id,
    ip,
    version,
    productKey,
    encrypted,
    gateway: isConfiguredGateway(id),
    configured: link !== undefined,
    ...(link && link.profile.name !== id && { name: link.profile.name }),
    port: link?.settings?.port ?? DEFAULT_PORT,
    firstSeen,
    lastSeen,
  };
}

/** All devices heard and not lost, in the order in which they were found. */
export function listedDevices(discovery: Discovery): ListedDevice[] {
  return discovery
    .devices()
    .map(listedDevice)
    .sort((a, b) => a.firstSeen - b.firstSeen);
}
