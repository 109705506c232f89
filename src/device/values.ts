import type { Report } from "../protocol/report";
import type { DeviceReport } from "./types";
import type { ReportReason } from "../session/queries";
import { type Dps, type DpValue, sameValue } from "../protocol/dps";

/** What a report changed. */
export interface Merged {
  /** Data points whose value is new or differs from the last known one. */
  readonly changed: readonly string[];
  /** Last known values of the reported data points, before the report. */
  readonly previous: Dps;
}

/** More than any device has, gateways with all their sub-devices included: a bound for what hostile ones invent. */
const MAX_VALUES = 10_000;

/**
 * Last known values. Reports contain only some data points, so they are merged and nothing is ever deleted; a null says
 * that a data point exists and never replaces a value.
 */
export class Values {
  readonly #values = new Map<string, DpValue>();

  get size(): number {
    return this.#values.size;
  }

  /** @param room how many data points may be added; values of others are compared with nothing and forgotten */
  merge(dps: Dps, room = Infinity): Merged {
    const changed: string[] = [];
    const previous: Record<string, DpValue> = {};
    const limit = this.size + room;
    for (const [dp, value] of Object.entries(dps)) {
      const known = this.#values.get(dp);
      if (known !== undefined) previous[dp] = known;
      if (known !== undefined && (value === null || sameValue(known, value))) continue;
      changed.push(dp);
      if (known !== undefined || this.size < limit) this.#values.set(dp, value);
    }
    return { changed, previous };
  }

  all(): Dps {
    return Object.fromEntries(this.#values);
  }
}

/** Last known values of a device and of the sub-devices behind it. */
export class KnownValues {
  readonly #byCid = new Map<string | undefined, Values>();
  #room = MAX_VALUES;

  /** Sub-devices of which values are known. */
  cids(): readonly string[] {
    return [...this.#byCid.keys()].filter((cid) => cid !== undefined);
  }

  of(cid: string | undefined): Dps {
    return this.#byCid.get(cid)?.all() ?? {};
  }

  /** Takes a report over and says what it changed. */
  merge(report: Report, reason: ReportReason): DeviceReport {
    const { dps, cid, t = Math.floor(Date.now() / 1000), extras } = report;
    const values = this.#byCid.get(cid) ?? new Values();
    const { size } = values;
    const merged = values.merge(dps, this.#room);
    this.#room -= values.size - size;
    if (values.size > 0) this.#byCid.set(cid, values);
    return { cid, dps, ...merged, reason, t, ...(extras && { extras }) };
  }
}
