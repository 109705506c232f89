import type { DataPointMap } from "../../src/datapoints/datapoint-map";
import { friendlyPoints, friendlyWordOf } from "../../src/datapoints/friendly/points";
import type { DeviceReport } from "../../src/device/types";
import { configuredChildren, linkForCid } from "../link/configured-devices";
import type { DeviceLink, LinkProfile } from "../link/device-link";
import { replayOf } from "./report-messages";

/**
 * The profile (name and data points) for a report of a link: that of the sub-device, if it is configured, otherwise that
 * of the device. So one node can be used for all sub-devices of a gateway.
 */
export function speakerOf(link: DeviceLink, { cid }: DeviceReport): LinkProfile {
  return (linkForCid(link, cid) ?? link).profile;
}

/** The known values of a device, as reports; for a gateway also those of its sub-devices, unless `isOwnOnly`. */
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
  return profiles.some(
    ({ dataPoints }) => dataPoints.numberOf(name) !== undefined || mayHaveWord(dataPoints, name),
  );
}

/** Whether the device has this friendly name. Without a table it may have it: its values will tell. */
function mayHaveWord(dataPoints: DataPointMap, name: string): boolean {
  const word = friendlyWordOf(name);
  if (word === undefined) return false;
  return (
    dataPoints.dataPoints.length === 0 || friendlyPoints(dataPoints).some((point) => point.word === word)
  );
}
