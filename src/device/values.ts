import { BoundedMap, type BoundedMapOptions, Budget } from "../bounded-map";
import { memoryOf } from "../protocol/limits";
import type { Report } from "../protocol/report";
import type { DeviceReport } from "./types";
import { type Dps, type DpValue, sameValue } from "../protocol/dps";
import type { ReportReason } from "../session/report-reason";

/** What a report changed. */
export interface Merged {
  /** Data points whose value is new or differs from the last known one. */
  readonly changed: readonly string[];
  /** Last known values of the reported data points, before the report. */
  readonly previous: Dps;
  /** The data points of the report, without those for which there was no room. */
  readonly kept: Dps;
}

/** Memory for the values of a device itself, in bytes: twenty times what the largest devices need. */
const OWN_BYTES = 128 * 1024;
/**
 * Memory for the values of all sub-devices together, in bytes: enough for more than a hundred. Separate from the
 * gateway's own.
 */
const CHILDREN_BYTES = 512 * 1024;
/** Memory of a sub-device besides its values, in bytes. */
const CHILD_BYTES = 400;

/** How the values of a device itself are kept: one object for all devices. */
const OWN: BoundedMapOptions<DpValue> = { budget: OWN_BYTES, bytesOf: memoryOf, whenFull: "refuse" };

/**
 * Last known values. Reports contain only some data points, so they are merged, and nothing is deleted. A null only shows
 * that a data point exists, and never replaces a value. A value for which there is no room is left out, and the former
 * value of its data point is forgotten.
 */
export class Values {
  readonly #values: BoundedMap<DpValue>;

  constructor(budget?: Budget | number) {
    this.#values = new BoundedMap(budget === undefined ? OWN : { ...OWN, budget });
  }

  /** @param numbers the numbers of all data points in `dps` */
  merge(dps: Dps, numbers: readonly string[] = Object.keys(dps)): Merged {
    const changed: string[] = [];
    const previous: Record<string, DpValue> = {};
    const refused: string[] = [];
    for (const dp of numbers) {
      const value = dps[dp]!;
      const known = this.#values.get(dp);
      if (known !== undefined) previous[dp] = known;
      if (known !== undefined && (value === null || sameValue(known, value))) continue;
      if (this.#values.set(dp, value)) changed.push(dp);
      else {
        this.#values.delete(dp);
        refused.push(dp);
      }
    }
    return { changed, previous, kept: refused.length > 0 ? without(dps, refused) : dps };
  }

  all(): Dps {
    return Object.fromEntries(this.#values.entries());
  }
}

/** The owner of known values. */
export interface KnownValuesOwner {
  /** A report says more than can be kept: the rest was left out. */
  saysTooMuch(): void;
}

/** Last known values of a device and of the sub-devices behind it. */
export class KnownValues {
  readonly #own = new Values();
  /** Values of sub-devices; made when it is needed. */
  #children: ChildrenValues | undefined;
  readonly #owner: KnownValuesOwner | undefined;

  constructor(owner?: KnownValuesOwner) {
    this.#owner = owner;
  }

  /** Sub-devices whose values are known. */
  cids(): readonly string[] {
    return [...(this.#children?.byCid.keys() ?? [])];
  }

  of(cid: string | undefined): Dps {
    return (cid === undefined ? this.#own : this.#children?.byCid.get(cid))?.all() ?? {};
  }

  /** Takes over the values of a report. Returns the report with what it changed. */
  merge(report: Report, reason: ReportReason): DeviceReport {
    const { cid, dps, numbers, fields } = report;
    const now = Math.floor(Date.now() / 1000);
    const t = isPlausible(report.t, now) ? report.t : now;
    const { changed, previous, kept } = this.#valuesFor(report).merge(dps, numbers);
    if (report.isCut || kept !== dps) this.#owner?.saysTooMuch();
    return { cid, dps: kept, changed, previous, reason, t, fields };
  }

  /** The values of the device or sub-device of a report. If there is no room for a sub-device, its values are not kept. */
  #valuesFor({ cid, numbers }: Report): Values {
    if (cid === undefined) return this.#own;
    const { byCid, budget } = (this.#children ??= new ChildrenValues());
    const known = byCid.get(cid);
    if (known) return known;
    const values = new Values(budget);
    return numbers.length > 0 && byCid.set(cid, values) ? values : new Values(0);
  }
}

class ChildrenValues {
  readonly budget = new Budget(CHILDREN_BYTES);
  readonly byCid = new BoundedMap<Values>({
    budget: this.budget,
    bytesOf: () => CHILD_BYTES,
    whenFull: "refuse",
  });
}

/** 2020-01-01, in seconds since 1970: no firmware that reports a time is older. */
const EARLIEST = 1_577_836_800;
const DAY = 86_400;

/** Whether the time in a report is a time of day. Without internet the clock of a device begins at 0 when it boots. */
function isPlausible(t: number | undefined, now: number): t is number {
  return t !== undefined && t >= EARLIEST && t <= now + DAY;
}

function without(dps: Dps, names: readonly string[]): Dps {
  return Object.fromEntries(Object.entries(dps).filter(([dp]) => !names.includes(dp)));
}
