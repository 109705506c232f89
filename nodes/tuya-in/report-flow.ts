import type { NodeMessage } from "node-red";
import { type Band, Deadband } from "./deadband";
import type { LinkProfile, LinkReport } from "../link/device-link";
import {
  dataPointsOf,
  isMomentary,
  messagesByDp,
  messagesOf,
  namesOf,
  type ReportOptions,
  select,
  type Selection,
} from "./report-messages";
import { Throttle } from "./throttle";

export interface ReportFlowOptions extends ReportOptions {
  /** Shortest time between two messages; 0 = no limit. */
  readonly throttleMs: number;
  /** How much a number has to change, with `when: "change"`. */
  readonly deadband: Band | undefined;
}

/** What `node.send` takes: messages for each output. */
export type Outputs = (NodeMessage[] | null)[];

/** How many outputs values have: one, or one for each chosen data point. The output with the connection comes after them. */
export function valueOutputs(options: ReportOptions, profile: LinkProfile | undefined): number {
  if (options.output !== "ports") return 1;
  const names = profile ? namesOf(options, profile.dataPoints) : options.dps;
  return Math.max(1, names?.length ?? 0);
}

/**
 * The way from reports to messages: what is wanted, not too often, and not for too small a change. What a button or a
 * counter says is never held back. Values that wait give way to newer ones of the same data point; with one message for
 * all values, all of them wait together.
 */
export class ReportFlow {
  readonly #options: ReportFlowOptions;
  readonly #send: (outputs: Outputs) => void;
  readonly #throttle: Throttle<Selection>;
  readonly #deadband: Deadband | undefined;

  constructor(options: ReportFlowOptions, send: (outputs: Outputs) => void) {
    const { when, throttleMs: windowMs, deadband } = options;
    this.#options = options;
    this.#send = send;
    this.#throttle = new Throttle({ windowMs, merge, deliver: (held) => this.#pass(held) });
    this.#deadband = when === "change" && deadband ? new Deadband(deadband) : undefined;
  }

  /** A report arrived. */
  receive(report: LinkReport, profile: LinkProfile): void {
    const wanted = select(report, profile, this.#options);
    const dataPoints = dataPointsOf(report, profile);
    const now = new Set(wanted.dps.filter((dp) => isMomentary(dp, dataPoints)));
    for (const dps of this.#groups(wanted.dps.filter((dp) => !now.has(dp)))) {
      const key = this.#key(report, dps);
      if (this.#throttle.hold(key, { report, profile, dps })) continue;
      const changed = dps.filter((dp) => this.#differs(dp, wanted));
      if (changed.length === 0) continue;
      for (const dp of changed) now.add(dp);
      this.#throttle.open(key);
    }
    this.#emit({ ...wanted, dps: wanted.dps.filter((dp) => now.has(dp)) });
  }

  /** Another device, or the same one with other settings: what waits is sent, and nothing is compared with what was. */
  restart(): void {
    this.#throttle.flush();
    this.#deadband?.reset();
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#throttle.close();
  }

  /** What shares a window. */
  #groups(dps: readonly string[]): readonly (readonly string[])[] {
    if (this.#options.output !== "object") return dps.map((dp) => [dp]);
    return dps.length > 0 ? [dps] : [];
  }

  /** Sub-devices of a gateway have windows of their own. */
  #key({ cid = "" }: LinkReport, [dp = ""]: readonly string[]): string {
    return this.#options.output === "object" ? cid : keyOf(cid, dp);
  }

  /** Sends what is still worth it; returns whether anything was. */
  #pass(selection: Selection): boolean {
    const dps = selection.dps.filter((dp) => this.#differs(dp, selection));
    this.#emit({ ...selection, dps });
    return dps.length > 0;
  }

  #differs(dp: string, { report, profile }: Selection): boolean {
    if (!this.#deadband || report.reason === "initial") return true;
    return this.#deadband.passes(keyOf(report.cid, dp), shown(dp, report, profile));
  }

  #emit(selection: Selection): void {
    const { report, profile, dps } = selection;
    if (dps.length === 0) return;
    for (const dp of dps) this.#deadband?.remember(keyOf(report.cid, dp), shown(dp, report, profile));
    const { output } = this.#options;
    this.#send(output === "ports" ? this.#byOutput(selection) : [messagesOf(selection, { output })]);
  }

  /** Each data point on the output of its name. */
  #byOutput(selection: Selection): Outputs {
    const { report, profile, dps } = selection;
    const dataPoints = dataPointsOf(report, profile);
    const messages = messagesByDp(selection);
    const names = namesOf(this.#options, profile.dataPoints) ?? [];
    return names.map((name) => messages[dps.indexOf(dataPoints.numberOf(name) ?? "")] ?? null);
  }
}

function keyOf(cid: string | undefined, dp: string): string {
  return `${cid ?? ""}/${dp}`;
}

/** A value as messages show it. */
function shown(dp: string, report: LinkReport, profile: LinkProfile): unknown {
  return dataPointsOf(report, profile).decode(dp, report.dps[dp] ?? null);
}

/** The newest value of every data point, as if the last report had contained them all. */
function merge(held: Selection, newer: Selection): Selection {
  const waiting = held.dps.map((dp) => [dp, held.report.dps[dp] ?? null] as const);
  return {
    profile: newer.profile,
    report: { ...newer.report, dps: { ...Object.fromEntries(waiting), ...newer.report.dps } },
    dps: [...new Set([...held.dps, ...newer.dps])],
  };
}
