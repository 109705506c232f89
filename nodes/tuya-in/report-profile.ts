import type { DeviceReport } from "../../src/device/types";
import { configuredChildren, linkForCid } from "../link/configured-devices";
import type { DeviceLink, LinkProfile, LinkReport } from "../link/device-link";
import { replayOf } from "./report-messages";

/** A report, and whose name and data points its messages carry. */
export interface HeardReport {
  readonly report: LinkReport;
  readonly profile: LinkProfile;
}

/**
 * What came by a link, as that of the device itself, or of the sub-device where that is configured: so one node can hear
 * all sub-devices of a gateway, with the sums of each.
 */
export function withProfile(link: DeviceLink, report: LinkReport): HeardReport {
  const speaker = linkForCid(link, report.cid) ?? link;
  const totals = speaker === link ? report.totals : speaker.totals?.add(report);
  return { report: totals ? { ...report, totals } : report, profile: speaker.profile };
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
