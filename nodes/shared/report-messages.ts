import type { NodeMessage } from "node-red";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import type { DeviceReport, Dps, DpValue } from "../../src/device/types";
import type { LinkProfile } from "./device-link";

/** What a tuya-in passes on, and how. */
export interface ReportOptions {
  readonly output: "object" | "each";
  /** Data points by number or code; empty = all. */
  readonly dps: readonly string[];
  /** Values that changed, every report the device makes by itself, or answers to queries too. */
  readonly when: "change" | "push" | "all";
  /** Whether first values after a start or a connect are passed on. */
  readonly initial: boolean;
}

/** The messages a report becomes, in the order of its data points; none where nothing in it is wanted. */
export function messagesOf(
  report: DeviceReport,
  profile: LinkProfile,
  options: ReportOptions,
): NodeMessage[] {
  // What is configured for a device says nothing of a sub-device behind it.
  const dataPoints = report.cid === profile.cid ? profile.dataPoints : DataPointMap.EMPTY;
  const dps = Object.keys(report.dps).filter(
    (dp) => isChosen(dp, options.dps, dataPoints) && isWanted(dp, report, dataPoints, options),
  );
  if (dps.length === 0) return [];
  return options.output === "each"
    ? dps.map((dp) => eachMessage(dp, report, profile, dataPoints))
    : [objectMessage(dps, report, profile, dataPoints)];
}

/** The last known values as a report: for a node that starts when the device is connected already. */
export function replayOf(values: Dps, cid: string | undefined): DeviceReport {
  return {
    cid,
    dps: values,
    changed: Object.keys(values),
    previous: {},
    reason: "initial",
    t: Math.floor(Date.now() / 1000),
  };
}

function isChosen(dp: string, chosen: readonly string[], dataPoints: DataPointMap): boolean {
  return chosen.length === 0 || chosen.some((name) => dataPoints.numberOf(name) === dp);
}

function isWanted(
  dp: string,
  { reason, changed, previous }: DeviceReport,
  dataPoints: DataPointMap,
  { when, initial }: ReportOptions,
): boolean {
  // A button pressed twice reports the same value twice, and its last press is old news to whoever asks later. So it is
  // with an increment that is to be added up.
  const dataPoint = dataPoints.get(dp);
  if (dataPoint?.event || dataPoint?.accumulate) return reason === "push";
  const hasChanged = changed.includes(dp);
  switch (reason) {
    case "push":
      return when !== "change" || hasChanged;
    case "reply":
      return when === "all" || (when === "change" && hasChanged);
    case "initial":
      // Without first values, what changed while the connection was gone is still a change.
      return initial || (when !== "push" && hasChanged && Object.hasOwn(previous, dp));
  }
}

function objectMessage(
  dps: readonly string[],
  report: DeviceReport,
  profile: LinkProfile,
  dataPoints: DataPointMap,
): NodeMessage {
  const raw = pick(report.dps, dps);
  return {
    topic: profile.name,
    payload: dataPoints.decodeAll(raw),
    tuya: { ...origin(report, profile), dps: raw, reason: report.reason, t: report.t },
  };
}

function eachMessage(
  dp: string,
  report: DeviceReport,
  profile: LinkProfile,
  dataPoints: DataPointMap,
): NodeMessage {
  const { code, unit } = dataPoints.get(dp) ?? {};
  const own = pick(report.dps, [dp]);
  const raw = own[dp] ?? null;
  const previous = pick(report.previous, [dp])[dp];
  return {
    topic: `${profile.name}/${dataPoints.nameOf(dp)}`,
    payload: dataPoints.decode(dp, raw),
    tuya: {
      ...origin(report, profile),
      dps: own,
      reason: report.reason,
      t: report.t,
      dp,
      ...(code && { code }),
      raw,
      ...(previous !== undefined && { previous: dataPoints.decode(dp, previous) }),
      ...(unit !== undefined && { unit }),
    },
  };
}

function origin({ cid }: DeviceReport, { deviceId, name }: LinkProfile): object {
  return { deviceId, name, ...(cid !== undefined && { cid }) };
}

/** A copy: messages belong to the flow, which may change them. */
function pick(dps: Dps, names: readonly string[]): Record<string, DpValue> {
  const known = names.filter((dp) => Object.hasOwn(dps, dp)).map((dp) => [dp, dps[dp]]);
  return structuredClone(Object.fromEntries(known)) as Record<string, DpValue>;
}
