import type { DeviceLink } from "./device-link";

/** The links of all running `tuya-device` nodes in all flows of this process, by node id. */
const links = new Map<string, DeviceLink>();

/** Registers the link of a running `tuya-device` node, until `delist`. */
export function enlist(nodeId: string, link: DeviceLink): void {
  links.set(nodeId, link);
}

/** Removes the link of a node that closes, unless another link has taken its place. */
export function delist(nodeId: string, link: DeviceLink): void {
  if (links.get(nodeId) === link) links.delete(nodeId);
}

/** The links of all running `tuya-device` nodes. A copy. */
export function configuredLinks(): readonly DeviceLink[] {
  return [...links.values()];
}

/** The same by node id. Live: it changes with each deploy. */
export function configuredNodes(): ReadonlyMap<string, DeviceLink> {
  return links;
}

/** The link of a running `tuya-device` node; undefined if there is none with this id. */
export function configuredNode(nodeId: string): DeviceLink | undefined {
  return links.get(nodeId);
}

/** The link of the device with this device id; undefined if there is none. Never a sub-device. */
export function configuredDevice(deviceId: string): DeviceLink | undefined {
  return Array.from(links.values()).find(
    ({ profile }) => profile.deviceId === deviceId && profile.cid === undefined,
  );
}

/** Whether a configured sub-device names this device as its gateway. */
export function isConfiguredGateway(deviceId: string): boolean {
  return Array.from(links.values()).some(({ gateway }) => gateway?.profile.deviceId === deviceId);
}

/** Display names of all configured devices, by device id. */
export function configuredNames(): Map<string, string> {
  const own = Array.from(links.values()).filter(({ profile }) => profile.cid === undefined);
  return new Map(own.map(({ profile }) => [profile.deviceId, profile.name]));
}

/** The links of the configured sub-devices of the gateway with this device id. */
export function configuredChildren(deviceId: string): DeviceLink[] {
  return Array.from(links.values()).filter(
    ({ profile, gateway }) => profile.cid !== undefined && gateway?.profile.deviceId === deviceId,
  );
}

/**
 * The link of the device with this cid on the connection of `link`: `link` itself, or a configured sub-device of the same
 * gateway; undefined if there is none.
 */
export function linkForCid(link: DeviceLink, cid: string | undefined): DeviceLink | undefined {
  if (cid === link.profile.cid) return link;
  const { deviceId } = (link.gateway ?? link).profile;
  return configuredChildren(deviceId).find(({ profile }) => profile.cid === cid);
}

/** Display names of the configured sub-devices of the gateway with this device id, by cid. */
export function childNames(deviceId: string): Map<string, string> {
  return new Map(configuredChildren(deviceId).map(({ profile }) => [profile.cid ?? "", profile.name]));
}
