import type { DeviceFuzzReport } from "./device-fuzz";
import type { NodeRedFuzzReport } from "./node-red-fuzz";
import { describeSigns } from "./vital-signs";

const MEGABYTE = 2 ** 20;

/** For people, line by line: what was tried, and how everything stood. */
export function describeDeviceFuzz(report: DeviceFuzzReport): string[] {
  const { devices, connections, tried, reports, frames, outcomes, open, before, during, after } = report;
  return [
    `${devices} hostile devices, ${connections} connections; ${reports} reports and ${frames} frames came through`,
    ...listed("tried", tried),
    ...listed("commands", outcomes),
    `  promises left open: ${open}`,
    `  before: ${describeSigns(before)}`,
    `  during: ${describeSigns(during)}`,
    `  after:  ${describeSigns(after)}`,
  ];
}

/** What a Node-RED went through, as figures. */
export interface Verdict {
  /** Half of the answers to `GET /` came within, in milliseconds. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Heap after a collection: of the second quarter of the time, and of the last. Bytes. */
  readonly early: number;
  readonly late: number;
  readonly failures: number;
}

export function verdictOf({ answersMs, samples, failures }: NodeRedFuzzReport): Verdict {
  const at = (share: number): number => answersMs[Math.floor((answersMs.length - 1) * share)] ?? Infinity;
  const quarter = Math.ceil(samples.length / 4);
  const heap = (part: typeof samples): number => median(part.map(({ signs }) => signs.heap));
  return {
    medianMs: at(0.5),
    p99Ms: at(0.99),
    early: heap(samples.slice(quarter, 2 * quarter)),
    late: heap(samples.slice(-quarter)),
    failures,
  };
}

export function describeNodeRedFuzz(report: NodeRedFuzzReport): string[] {
  const { fleet, samples, lines, answersMs } = report;
  const { medianMs, p99Ms, early, late, failures } = verdictOf(report);
  const worst = Math.max(...samples.map(({ signs }) => signs.lateMs.max));
  const last = samples.at(-1)?.signs;
  return [
    `Node-RED: ${fleet.connections} connections, ${fleet.datagrams} lies by UDP`,
    ...listed("tried", new Map(fleet.tried)),
    `  GET / ${answersMs.length} times: ${medianMs.toFixed(0)} ms (median), ${p99Ms.toFixed(0)} ms (99 %), ${failures} failed`,
    `  heap after collection: ${(early / MEGABYTE).toFixed(1)} MB early, ${(late / MEGABYTE).toFixed(1)} MB late`,
    `  event loop late by ${worst.toFixed(0)} ms at worst, ${last?.timers} timers, ${last?.sockets} sockets at the end`,
    `  ${lines} lines in its log`,
  ];
}

function listed(what: string, counts: ReadonlyMap<string, number>): string[] {
  const total = [...counts.values()].reduce((sum, times) => sum + times, 0);
  const each = [...counts].sort(([, a], [, b]) => b - a).map(([name, times]) => `${name} ${times}`);
  return [`  ${what}: ${total}`, ...each.map((text) => `    ${text}`)];
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
