import type { NodeMessage } from "node-red";
import { totalName } from "../../src/datapoints/accumulate";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import type { DeviceReport } from "../../src/device/types";
import type { Dps, DpValue } from "../../src/protocol/dps";
import type { LinkProfile } from "../link/device-link";
import type { Sums } from "../link/totals";
import type { FriendlyReport, Source } from "./friendly-reports";

/** Which values a tuya-in sends, and how. */
export interface ReportOptions {
  /** One message with all values, one per value, or one per value on an output of its own. */
  readonly output: "object" | "each" | "ports";
  /** Data points by number or code; empty = all. */
  readonly dps: readonly string[];
  /** Changed values only; all reports that the device makes by itself; or answers to queries, too. */
  readonly when: "change" | "push" | "all";
  /** Whether first values after a start or a connect are passed on. */
  readonly initial: boolean;
}

/** The values of a report that are to be sent. */
export interface Selection {
  readonly report: FriendlyReport;
  readonly profile: LinkProfile;
  /** The table of the device that reported; empty for a sub-device without a node. */
  readonly dataPoints: DataPointMap;
  /** Sums of increments the report has changed. */
  readonly totals: Sums | undefined;
  /** The data points of the values, by number. */
  readonly dps: readonly string[];
}

/** Selects the wanted values of a report, in its order. */
export function select(report: FriendlyReport, profile: LinkProfile, options: ReportOptions): Selection {
  const isOwn = report.cid === profile.cid;
  const dataPoints = isOwn ? profile.dataPoints : DataPointMap.EMPTY;
  const totals = isOwn ? profile.totals?.after(report.original ?? report) : undefined;
  const names = namesOf(options, profile.dataPoints);
  const chosen = names && new Set(names.map((name) => dataPoints.numberOf(name)));
  const dps = Object.keys(report.dps).filter(
    (dp) => (chosen?.has(dp) ?? true) && isWanted(dp, report, dataPoints, options),
  );
  return { report, profile, dataPoints, totals, dps };
}

/** One message with all values of a selection. */
export function objectMessage(selection: Selection): NodeMessage {
  const { dps, report, profile, dataPoints } = selection;
  const raw: Record<string, DpValue> = {};
  for (const dp of dps) raw[dp] = copyOf(report.dps[dp]);
  const payload = dataPoints.decodeAll(raw, dps);
  const tuya = about(selection, report.sources ? behind(raw, report.sources) : raw);
  addLegend(tuya, selection);
  for (const dp of dps) {
    const total = totalOf(dp, selection);
    if (total) payload[total.name] = total.value;
  }
  return { topic: profile.name, payload, tuya };
}

/** For each data point of a selection its message, followed by that of its sum. */
export function messagesByDp(selection: Selection): NodeMessage[][] {
  return selection.dps.map((dp) => [eachMessage(dp, selection), ...totalMessage(dp, selection)]);
}

/**
 * Whether each report of a data point counts, equal ones too: a button pressed twice reports the same value twice, and
 * increments are added up.
 */
export function isMomentary(dp: string, dataPoints: DataPointMap): boolean {
  const { event = false, accumulate = false } = dataPoints.get(dp) ?? {};
  return event || accumulate;
}

/** The names of the data points with outputs: the chosen ones; without a choice all that have a code. */
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
  // In an answer to a query it would be an old press.
  if (isMomentary(dp, dataPoints)) return reason === "push";
  const hasChanged = changed.includes(dp);
  switch (reason) {
    case "push":
      return when !== "change" || hasChanged;
    case "reply":
      return when === "all" || (when === "change" && hasChanged);
    case "initial":
      // Even without first values, a value that changed while the connection was gone counts as changed.
      return initial || (when !== "push" && hasChanged && Object.hasOwn(previous, dp));
  }
}

function eachMessage(dp: string, selection: Selection): NodeMessage {
  const { report, profile, dataPoints } = selection;
  const { code, unit, label } = dataPoints.get(dp) ?? {};
  const value = copyOf(report.dps[dp]);
  const { dp: number, raw } = report.sources?.[dp] ?? { dp, raw: value };
  const previous = Object.hasOwn(report.previous, dp) ? copyOf(report.previous[dp]) : undefined;
  return {
    topic: `${profile.name}/${dataPoints.nameOf(dp)}`,
    payload: dataPoints.decode(dp, value),
    tuya: {
      ...about(selection, { [number]: raw }),
      dp: number,
      ...(code && { code }),
      raw,
      ...(previous !== undefined && { previous: dataPoints.decode(dp, previous) }),
      ...(unit !== undefined && { unit }),
      ...(label !== undefined && { label }),
    },
  };
}

/** Adds the units and labels of the values of a selection, by name. */
function addLegend(about: About, { dps, dataPoints }: Selection): void {
  for (const dp of dps) {
    const { unit, label } = dataPoints.get(dp) ?? {};
    if (unit !== undefined) (about.units ??= {})[dataPoints.nameOf(dp)] = unit;
    if (label !== undefined) (about.labels ??= {})[dataPoints.nameOf(dp)] = label;
  }
}

/** The data points behind values, which may be those of friendly names. */
function behind(
  values: Readonly<Record<string, DpValue>>,
  sources: Readonly<Record<string, Source>>,
): Record<string, DpValue> {
  const own = Object.entries(values).map(([name, value]) => {
    const source = sources[name];
    return source ? ([source.dp, source.raw] as const) : ([name, value] as const);
  });
  return Object.fromEntries(own);
}

/** The message with the sum of an increment; empty if the report did not change it. */
function totalMessage(dp: string, selection: Selection): NodeMessage[] {
  const total = totalOf(dp, selection);
  if (!total) return [];
  const { report, profile, dataPoints } = selection;
  const { unit } = dataPoints.get(dp) ?? {};
  return [
    {
      topic: `${profile.name}/${total.name}`,
      payload: total.value,
      tuya: {
        ...about(selection, { [dp]: copyOf(report.dps[dp]) }),
        dp,
        code: total.name,
        ...(unit !== undefined && { unit }),
      },
    },
  ];
}

/** The sum of an increment; undefined if the report did not change it. */
function totalOf(
  dp: string,
  { totals, dataPoints }: Selection,
): { readonly name: string; readonly value: number } | undefined {
  const dataPoint = dataPoints.get(dp);
  if (!totals || !dataPoint?.accumulate) return undefined;
  const name = totalName(dataPoint);
  const value = totals[name];
  return value === undefined ? undefined : { name, value };
}

/** The property `msg.tuya`: where the values come from and, with several values, their units and labels. */
interface About {
  readonly deviceId: string;
  readonly name: string;
  readonly cid?: string;
  readonly dps: Readonly<Record<string, DpValue>>;
  readonly reason: DeviceReport["reason"];
  readonly t: number;
  units?: Record<string, string>;
  labels?: Record<string, string>;
}

function about({ report, profile }: Selection, dps: Record<string, DpValue>): About {
  const { cid, reason, t } = report;
  const { deviceId, name } = profile;
  return cid === undefined ? { deviceId, name, dps, reason, t } : { deviceId, name, cid, dps, reason, t };
}

/** A copy of a value, because flows may change messages. */
function copyOf(value: DpValue | undefined): DpValue {
  return typeof value === "object" ? structuredClone(value) : (value ?? null);
}
