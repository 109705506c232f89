import type { NodeMessage } from "node-red";
import type { DeviceReport } from "../../src/device/types";
import type { DpValue } from "../../src/protocol/dps";
import { memoryOf } from "../../src/protocol/limits";
import { Deadband } from "./deadband";
import type { Band } from "../../src/datapoints/band";
import type { LinkProfile } from "../link/device-link";
import {
  isMomentary,
  messagesByDp,
  namesOf,
  objectMessage,
  type ReportOptions,
  select,
  type Selection,
} from "./report-messages";
import type { FriendlyReport } from "./friendly-reports";
import { Throttle } from "./throttle";

export interface ReportFlowOptions extends ReportOptions {
  /** The shortest time between two messages, in milliseconds; 0 = no limit. */
  readonly throttleMs: number;
  /** How much a number must change to be passed on, with `when: "change"`. */
  readonly deadband: Band | undefined;
}

/** What a report flow calls. */
export interface ReportFlowOwner {
  /** These values, at least one, are to be sent: see `outputsOf`. */
  pass(selection: Selection): void;
}

/** The argument of `node.send`: a message for the first output, or messages for each output. */
export type Outputs = NodeMessage | (NodeMessage[] | null)[];

/**
 * The number of outputs for values: one, or one for each chosen data point. The output for the connection comes after
 * them.
 */
export function valueOutputs(options: ReportOptions, profile: LinkProfile | undefined): number {
  if (options.output !== "ports") return 1;
  const names = profile ? namesOf(options, profile.dataPoints) : options.dps;
  return Math.max(1, names?.length ?? 0);
}

/**
 * Decides which values of reports are sent: those that are chosen, not too often, and not after too small a change.
 * Reports of buttons and increments are never held back. A waiting value is replaced by a newer one of the same data
 * point. With one message for all values, all of them wait together.
 */
export class ReportFlow {
  readonly #options: ReportFlowOptions;
  readonly #owner: ReportFlowOwner;
  readonly #throttle: Throttle<Selection> | undefined;
  readonly #deadband: Deadband | undefined;

  constructor(options: ReportFlowOptions, owner: ReportFlowOwner) {
    const { when, throttleMs: windowMs, deadband } = options;
    this.#options = options;
    this.#owner = owner;
    const deliver = (held: Selection): boolean => this.#pass(held);
    if (windowMs > 0) this.#throttle = new Throttle({ windowMs, merge, deliver, bytesOf });
    if (when === "change" && deadband) this.#deadband = new Deadband(deadband);
  }

  /** A report arrived. */
  receive(report: FriendlyReport, profile: LinkProfile): void {
    const selection = select(report, profile, this.#options);
    const isFree = !this.#throttle && !this.#deadband;
    this.#emit(isFree ? selection : { ...selection, dps: this.#due(selection) });
  }

  /** There is another device, or other settings: sends waiting values, and forgets earlier ones. */
  restart(): void {
    this.#throttle?.flush();
    this.#deadband?.reset();
  }

  /** Sends nothing any more. */
  close(): void {
    this.#throttle?.close();
  }

  /** The data points of a selection that are sent at once. */
  #due(selection: Selection): readonly string[] {
    const { report, dataPoints, dps } = selection;
    const due = new Set(dps.filter((dp) => isMomentary(dp, dataPoints)));
    for (const group of this.#groups(dps.filter((dp) => !due.has(dp)))) {
      const key = this.#key(report, group);
      if (this.#throttle?.hold(key, only(group, selection))) continue;
      const changed = group.filter((dp) => this.#differs(dp, selection));
      if (changed.length === 0) continue;
      for (const dp of changed) due.add(dp);
      this.#throttle?.open(key);
    }
    return dps.filter((dp) => due.has(dp));
  }

  /** The data points grouped by the window they share. */
  #groups(dps: readonly string[]): readonly (readonly string[])[] {
    if (this.#options.output !== "object") return dps.map((dp) => [dp]);
    return dps.length > 0 ? [dps] : [];
  }

  /** The key of a window. Sub-devices have their own. */
  #key({ cid = "" }: DeviceReport, [dp = ""]: readonly string[]): string {
    return this.#options.output === "object" ? cid : keyOf(cid, dp);
  }

  /** Sends the values that have changed enough; returns whether there were any. */
  #pass(selection: Selection): boolean {
    const dps = selection.dps.filter((dp) => this.#differs(dp, selection));
    this.#emit({ ...selection, dps });
    return dps.length > 0;
  }

  #differs(dp: string, selection: Selection): boolean {
    const { report } = selection;
    if (!this.#deadband || report.reason === "initial") return true;
    return this.#deadband.passes(keyOf(report.cid, dp), shown(dp, selection));
  }

  #emit(selection: Selection): void {
    const { report, dps } = selection;
    if (dps.length === 0) return;
    if (this.#deadband)
      for (const dp of dps) this.#deadband.remember(keyOf(report.cid, dp), shown(dp, selection));
    this.#owner.pass(selection);
  }
}

/** The messages of a selection. */
export function outputsOf(selection: Selection, options: ReportOptions): Outputs {
  switch (options.output) {
    case "object":
      return objectMessage(selection);
    case "each":
      return [messagesByDp(selection).flat()];
    case "ports":
      return byOutput(selection, options);
  }
}

/** Puts each data point on its output. */
function byOutput(selection: Selection, options: ReportOptions): Outputs {
  const { profile, dataPoints, dps } = selection;
  const messages = messagesByDp(selection);
  const names = namesOf(options, profile.dataPoints) ?? [];
  return names.map((name) => messages[dps.indexOf(dataPoints.numberOf(name) ?? "")] ?? null);
}

/**
 * The part of a selection that has to wait. Other values of its report are removed, because what waits is kept and merged
 * with later reports.
 */
function only(group: readonly string[], selection: Selection): Selection {
  const { fields: _fields, original: _original, sources, ...report } = selection.report;
  const pick = <T>(from: Readonly<Record<string, T>>): Record<string, T> => {
    const picked: Record<string, T> = {};
    for (const dp of group) if (Object.hasOwn(from, dp)) picked[dp] = from[dp] as T;
    return picked;
  };
  const narrowed = { ...report, dps: pick(report.dps), previous: pick(report.previous) };
  return {
    ...selection,
    report: { ...narrowed, ...(sources && { sources: pick(sources) }) },
    dps: group,
  };
}

/** The approximate memory of a waiting selection. */
function bytesOf({ report: { dps, previous } }: Selection): number {
  return memoryOf(dps) + memoryOf(previous);
}

function keyOf(cid: string | undefined, dp: string): string {
  return `${cid ?? ""}/${dp}`;
}

/** A value as messages show it. */
function shown(dp: string, { report, dataPoints }: Selection): unknown {
  return dataPoints.decode(dp, report.dps[dp] ?? null);
}

/** Merges two selections: the newest value of each data point, as if one report had contained them all. */
function merge(held: Selection, newer: Selection): Selection {
  const dps: Record<string, DpValue> = {};
  for (const dp of held.dps) dps[dp] = held.report.dps[dp] ?? null;
  Object.assign(dps, newer.report.dps);
  const sources = { ...held.report.sources, ...newer.report.sources };
  const wanted = new Set([...held.dps, ...newer.dps]);
  return {
    ...newer,
    report: { ...newer.report, dps, sources },
    dps: Object.keys(dps).filter((dp) => wanted.has(dp)),
  };
}
