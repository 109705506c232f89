import { Accumulator, sumOf, type Increments } from "../../src/datapoints/accumulate";
import type { DataPointMap } from "../../src/datapoints/datapoint-map";

/** Saved sums: in device units, by data point number. */
export type KeptTotals = Readonly<Record<string, number>>;

/** Stores sums over a deploy and, if the store writes files, over a restart. */
export interface TotalsStore {
  /** Calls back once, maybe later, with the last saved value; undefined = there is none. */
  load(use: (totals: unknown) => void): void;
  save(totals: KeptTotals): void;
}

/** Sums in people's units by name: `{add_ele_total: 1.234}`. */
export type Sums = Readonly<Record<string, number>>;

/** The sums of a device's increments, shared by all nodes that use the device. */
export class Totals {
  readonly #store: TotalsStore;
  /**
   * The sums that each report has changed. A report of a sub-device comes twice: by its own node and by that of its
   * gateway.
   */
  readonly #counted = new WeakMap<Increments, Sums>();
  #accumulator: Accumulator;

  /** Undefined if no data point reports increments. */
  static of(dataPoints: DataPointMap, store: TotalsStore): Totals | undefined {
    const hasIncrements = dataPoints.dataPoints.some(({ accumulate }) => accumulate);
    return hasIncrements ? new Totals(dataPoints, store) : undefined;
  }

  private constructor(dataPoints: DataPointMap, store: TotalsStore) {
    this.#store = store;
    this.#accumulator = new Accumulator(dataPoints);
    store.load((saved) => {
      // Increments that came while the store was read are added.
      const counted = this.#accumulator.totals;
      const restored = new Accumulator(dataPoints, saved).totals;
      const sum = { ...restored };
      for (const [dp, total] of Object.entries(counted)) sum[dp] = sumOf(restored[dp] ?? 0, total) ?? total;
      this.#accumulator = new Accumulator(dataPoints, sum);
    });
  }

  /** All sums. */
  get sums(): Sums {
    return this.#accumulator.sums;
  }

  /** The sums that a report has changed. Counts a report only once, even if it is passed in again. */
  after(report: Increments): Sums {
    const known = this.#counted.get(report);
    if (known) return known;
    const sums = this.#accumulator.add(report);
    this.#counted.set(report, sums);
    if (Object.keys(sums).length > 0) this.#store.save(this.#accumulator.totals);
    return sums;
  }
}
