import { deviceKey, deviceLevels } from "../../src/mqtt/levels";
import type { MqttDevice } from "../../src/mqtt/types";
import { configuredLinks } from "./configured-devices";
import type { DeviceLink } from "./device-link";

/** A configured device, for MQTT. */
export interface MqttMember {
  /** Identifies it, whatever its name is. */
  readonly key: string;
  readonly device: MqttDevice;
  readonly link: DeviceLink;
}

let knownLinks: readonly DeviceLink[] = [];
let known: readonly MqttMember[] = [];

/**
 * All configured devices with their levels, each once: if a device has two nodes, the first one counts. The same list as
 * long as the nodes are the same.
 */
export function mqttMembers(): readonly MqttMember[] {
  const links = configuredLinks();
  const isSame =
    links.length === knownLinks.length && links.every((link, index) => link === knownLinks[index]);
  if (isSame) return known;
  knownLinks = links;
  known = membersOf(links);
  return known;
}

/** The device with this level or id. */
export function mqttMemberCalled(word: string): MqttMember | undefined {
  const members = mqttMembers();
  return (
    members.find(({ device }) => device.level === word) ??
    members.find(({ device }) => device.id === word && device.cid === undefined) ??
    members.find(({ device }) => device.id === word || device.cid === word)
  );
}

function membersOf(links: readonly DeviceLink[]): readonly MqttMember[] {
  const identified = new Map<
    string,
    { readonly link: DeviceLink; readonly device: Omit<MqttDevice, "level"> }
  >();
  for (const link of links) {
    const { deviceId: id, name, cid, dataPoints } = link.profile;
    const gatewayId = link.gateway?.profile.deviceId;
    const key = deviceKey({ id, cid, gatewayId });
    // Without an id a device has no values.
    if (id === "" || identified.has(key)) continue;
    identified.set(key, {
      link,
      device: {
        id,
        name,
        dataPoints,
        ...(cid !== undefined && { cid }),
        ...(gatewayId !== undefined && { gatewayId }),
      },
    });
  }
  const levels = deviceLevels(
    Array.from(identified, ([key, { device }]) => ({ key, id: device.id, name: device.name })),
  );
  return Array.from(identified, ([key, { link, device }]) => ({
    key,
    link,
    device: { ...device, level: levels.get(key) ?? device.id },
  }));
}
