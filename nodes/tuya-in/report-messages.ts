import type { NodeMessage } from "node-red";
import { TOTAL_SUFFIX } from "../../src/datapoints/accumulate";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import type { DeviceReport } from "../../src/device/types";
import type { Dps, DpValue } from "../../src/protocol/dps";
import type { LinkProfile, LinkReport } from "../link/device-link";

/** What a tuya-in passes on, and how. */
export interface ReportOptions {
  /** One message with all values, one per value, or one per value on an output of its own. */
  readonly output: "object" | "each" | "ports";
  /** Data points by number or code; empty = all. */
  readonly dps: readonly string[];
  /** Values that changed, every report the device makes by itself, or answers to queries too. */
  readonly when: "change" | "push" | "all";
  /** Whether first values after a start or a connect are passed on. */
  readonly initial: boolean;
}

/** Values of a report that are on their way to a message. */
export interface Selection {
  readonly report: LinkReport;
  readonly profile: LinkProfile;
  /** Their data points, by number. */
  readonly dps: readonly string[];
}

/** Everything in a report that is wanted, in its order. */
export function select(report: LinkReport, profile: LinkProfile, options: ReportOptions): Selection {
  const dataPoints = dataPointsOf(report, profile);
  const names = namesOf(options, profile.dataPoints);
  const dps = Object.keys(report.dps).filter(
    (dp) =>
      (names === undefined || names.some((name) => dataPoints.numberOf(name) === dp)) &&
      isWanted(dp, report, dataPoints, options),
  );
  return { report, profile, dps };
}

/** The messages a selection becomes; none where it is empty. */
export function messagesOf(selection: Selection, { output }: Pick<ReportOptions, "output">): NodeMessage[] {
  if (selection.dps.length === 0) return [];
  return output === "object" ? [objectMessage(selection)] : messagesByDp(selection).flat();
}

/** For each data point of a selection its message and, behind it, that of its sum. */
export function messagesByDp(selection: Selection): NodeMessage[][] {
  return selection.dps.map((dp) => [eachMessage(dp, selection), ...totalMessage(dp, selection)]);
}

/** What is configured for a device says nothing of a sub-device behind it. */
export function dataPointsOf({ cid }: DeviceReport, profile: LinkProfile): DataPointMap {
  return cid === profile.cid ? profile.dataPoints : DataPointMap.EMPTY;
}

/**
 * Whether every report of a data point counts, equal ones too: a button pressed twice reports the same value twice, and an
 * increment is to be added up.
 */
export function isMomentary(dp: string, dataPoints: DataPointMap): boolean {
  const { event = false, accumulate = false } = dataPoints.get(dp) ?? {};
  return event || accumulate;
}

/** The chosen data points. Outputs cannot be had for all there may ever be: without a choice those with a name have one. */
export function namesOf(
  { output, dps }: Pick<ReportOptions, "output" | "dps">,
  { dataPoints }: DataPointMap,
): readonly string[] | undefined {
  if (dps.length > 0) return dps;
  return output === "ports" ? dataPoints.map(({ code }) => code).filter((code) => code !== "") : undefined;
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

function isWanted(
  dp: string,
  { reason, changed, previous }: DeviceReport,
  dataPoints: DataPointMap,
  { when, initial }: ReportOptions,
): boolean {
  // The last press is old news to whoever asks later.
  if (isMomentary(dp, dataPoints)) return reason === "push";
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

function objectMessage({ dps, report, profile }: Selection): NodeMessage {
  const dataPoints = dataPointsOf(report, profile);
  const raw = pick(report.dps, dps);
  const totals = dps.flatMap((dp) => totalOf(dp, report, dataPoints));
  return {
    topic: profile.name,
    payload: { ...dataPoints.decodeAll(raw), ...Object.fromEntries(totals) },
    tuya: { ...origin(report, profile), dps: raw, reason: report.reason, t: report.t },
  };
}

function eachMessage(dp: string, { report, profile }: Selection): NodeMessage {
  const dataPoints = dataPointsOf(report, profile);
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

/** The sum of an increment, where the report changed it: no message or one. */
function totalMessage(dp: string, { report, profile }: Selection): NodeMessage[] {
  const dataPoints = dataPointsOf(report, profile);
  const { unit } = dataPoints.get(dp) ?? {};
  const { reason, t } = report;
  return totalOf(dp, report, dataPoints).map(([code, payload]) => ({
    topic: `${profile.name}/${code}`,
    payload,
    tuya: {
      ...origin(report, profile),
      dps: pick(report.dps, [dp]),
      reason,
      t,
      dp,
      code,
      ...(unit !== undefined && { unit }),
    },
  }));
}

/** Name and value of the sum of an increment, where the report changed it. */
function totalOf(dp: string, { totals = {} }: LinkReport, dataPoints: DataPointMap): [string, number][] {
  if (!dataPoints.get(dp)?.accumulate) return [];
  const name = `${dataPoints.nameOf(dp)}${TOTAL_SUFFIX}`;
  const total = totals[name];
  return total === undefined ? [] : [[name, total]];
}

function origin({ cid }: DeviceReport, { deviceId, name }: LinkProfile): object {
  return { deviceId, name, ...(cid !== undefined && { cid }) };
}

/** A copy: messages belong to the flow, which may change them. */
function pick(dps: Dps, names: readonly string[]): Record<string, DpValue> {
  const known = names.filter((dp) => Object.hasOwn(dps, dp)).map((dp) => [dp, dps[dp]]);
  return structuredClone(Object.fromEntries(known)) as Record<string, DpValue>;
}
