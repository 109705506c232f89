import type { DeviceReport } from "../../src/device/types";
import { configuredChildren } from "./configured-devices";
import type { DeviceLink, LinkProfile } from "./device-link";
import { replayOf } from "./report-messages";

/**
 * Whose name and data points the messages of a report carry: of a sub-device that is configured its own, so that one node
 * can hear all sub-devices of a gateway; otherwise those of the link it came by.
 */
export function profileOf({ cid }: DeviceReport, { profile }: DeviceLink): LinkProfile {
  if (cid === undefined || cid === profile.cid) return profile;
  const child = configuredChildren(profile.deviceId).find((link) => link.profile.cid === cid);
  return child?.profile ?? profile;
}

/** What is known of a device as reports; of a gateway also what is known of its sub-devices, unless `isOwnOnly`. */
export function replaysOf({ device, profile }: DeviceLink, isOwnOnly: boolean): DeviceReport[] {
  if (!device) return [];
  const isGateway = profile.cid === undefined && !isOwnOnly;
  const children = isGateway ? device.knownChildren().map(({ cid }) => cid) : [];
  return [profile.cid, ...children].map((cid) => replayOf(device.values(cid), cid));
}

/** Whether the device, or a configured sub-device behind it, has a data point of this number or name. */
export function hasDataPoint({ profile }: DeviceLink, name: string): boolean {
  const children = profile.cid === undefined ? configuredChildren(profile.deviceId) : [];
  const profiles = [profile, ...children.map((child) => child.profile)];
  return profiles.some(({ dataPoints }) => dataPoints.numberOf(name) !== undefined);
}
