import { reportedNumber } from "./conversions/reported-type";
import type { DataPoint } from "./datapoint";
import type { DataPointMap } from "./datapoint-map";
import { toPeople } from "./scale";
import type { Dps } from "../protocol/dps";

/** The name of the sum of an increment: `add_ele` becomes `add_ele_total`. */
export function totalName({ code, dp }: Pick<DataPoint, "code" | "dp">): string {
  return `${code || dp}_total`;
}

/** The parts of a report that sums need. */
export interface Increments {
  readonly dps: Dps;
  readonly reason: "push" | "reply" | "initial";
}

/**
 * Sums of the data points that report increments, such as `add_ele` of meters. Each push counts, two equal ones twice.
 * The answer to a query, and the first values of a connection, repeat the last increment and do not count. Sums are kept
 * in device units, which are whole numbers, so no rounding errors add up. An increment too large to be added exactly is
 * ignored.
 */
export class Accumulator {
  readonly #dataPoints: DataPointMap;
  readonly #totals = new Map<string, number>();

  /** `totals`: the `totals` of an earlier accumulator, to continue from. Values that are no numbers are left out. */
  constructor(dataPoints: DataPointMap, totals: unknown = {}) {
    this.#dataPoints = dataPoints;
    if (typeof totals !== "object" || totals === null) return;
    for (const [dp, total] of Object.entries(totals)) {
      if (typeof total === "number" && Number.isFinite(total)) this.#totals.set(dp, total);
    }
  }

  /** Sums in device units by data point number: plain JSON, to be kept over a restart. */
  get totals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#totals);
  }

  /** All sums, by name and in people's units: `{add_ele_total: 1.234}`. */
  get sums(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#totals].flatMap(([dp, total]) => {
        const dataPoint = this.#dataPoints.get(dp);
        return dataPoint?.accumulate ? [[totalName(dataPoint), toPeople(total, dataPoint)]] : [];
      }),
    );
  }

  /** Counts a report. Returns the sums it changed, by name and in people's units: `{add_ele_total: 1.234}`. */
  add({ dps, reason }: Increments): Record<string, number> {
    if (reason !== "push") return {};
    const sums: Record<string, number> = {};
    for (const [dp, reported] of Object.entries(dps)) {
      const dataPoint = this.#dataPoints.get(dp);
      const increment = reportedNumber(reported);
      if (!dataPoint?.accumulate || increment === undefined) continue;
      const total = sumOf(this.#totals.get(dp) ?? 0, increment);
      if (total === undefined) continue;
      this.#totals.set(dp, total);
      sums[totalName(dataPoint)] = toPeople(total, dataPoint);
    }
    return sums;
  }
}

/** The new sum; undefined if it, or a later one, could not be exact. */
export function sumOf(total: number, increment: number): number | undefined {
  const sum = total + increment;
  return Math.abs(sum) <= Number.MAX_SAFE_INTEGER ? sum : undefined;
}
