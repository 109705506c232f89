import type { Discovery } from "../../src/discovery/discovery";
import type { HeardDevice } from "../../src/discovery/heard-devices";
import { configuredDevice, isConfiguredGateway } from "../link/configured-devices";
import { DEFAULT_PORT } from "../../src/limits";
import type { ListedDevice } from "../contract/devices";

/** A heard device as messages and the editor list it: with what is configured for it. */
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
