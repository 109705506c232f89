import type { DeviceStory } from "../../contract/overview";
import { redact } from "../connection/test/test-report";
import type { DeviceRow } from "./device-rows";

/** The facts in the report about a device. */
export interface DeviceFacts {
  /** The version of Node-RED. */
  readonly nodeRed: string;
  readonly row: DeviceRow;
  /** Undefined = not known, or the device does not run. */
  readonly story: DeviceStory | undefined;
  /** Names given by users, of the device and its gateway. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A report for others to read: without keys and names, with ids shortened and without the last number of addresses. */
export function deviceReport({ nodeRed, row, story, names, now }: DeviceFacts): string {
  const { device, live, badge } = row;
  const lines = [
    "A Tuya device (@localtuya/node-red-tuya)",
    `Node-RED ${nodeRed}; ${time(now)}`,
    device.cid === ""
      ? `Settings: version ${device.version}, address ${device.ip === "" ? "followed" : device.ip}`
      : "Behind a gateway",
    `State: ${live?.state ?? badge.key}${live ? ` since ${time(live.since)}` : ""}`,
    ...(live?.ip === undefined ? [] : [`At ${live.ip}, protocol ${live.version ?? "not measured"}`]),
    ...(live?.keyProven === undefined ? [] : [`The key is ${live.keyProven ? "proven" : "not proven"}`]),
    ...(live?.lastSeen === undefined ? [] : [`Seen last ${time(live.lastSeen)}`]),
    `Used by ${Math.max(device.users, live?.users ?? 0)} nodes`,
    ...(story ? storyLines(story) : []),
    ...(live?.error ? ["", `${live.error.code}: ${live.error.message}`] : []),
    "",
    ...(story?.events ?? []).map(({ time: first, until, count, sentence }) =>
      count === 1
        ? `${time(first)}  ${sentence}`
        : `${time(first)}  ${sentence} (${count} times, last ${time(until)})`,
    ),
  ];
  return redact(lines.join("\n"), { ids: [device.deviceId, device.cid], names, secrets: [] });
}

function storyLines({
  connects,
  drops,
  roundTripMs,
  bytesIn,
  bytesOut,
  notAuthentic,
}: DeviceStory): string[] {
  const lost = Object.entries(drops).map(([code, count]) => `${count} × ${code}`);
  return [
    `Connected ${connects} times; lost: ${lost.length === 0 ? "never" : lost.join(", ")}`,
    `Round trip ${roundTripMs === undefined ? "not known" : `${roundTripMs.toFixed(1)} ms`}; ${bytesIn} bytes in, ${bytesOut} bytes out`,
    ...(notAuthentic > 0 ? [`Dropped as not authentic: ${notAuthentic}`] : []),
  ];
}

/** In universal time, so that the time zone is not shown. */
function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
