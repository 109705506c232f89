import type { Dps, DpValue } from "../protocol/request";

/** What a report changed. */
export interface Merged {
  /** Data points whose value is new or differs from the last known one. */
  readonly changed: readonly string[];
  /** Last known values of the reported data points, before the report. */
  readonly previous: Dps;
}

/**
 * Last known values. Reports contain only some data points, so they are merged and nothing is ever deleted; a null says
 * that a data point exists and never replaces a value.
 */
export class Values {
  readonly #values = new Map<string, DpValue>();

  merge(dps: Dps): Merged {
    const changed: string[] = [];
    const previous: Record<string, DpValue> = {};
    for (const [dp, value] of Object.entries(dps)) {
      const known = this.#values.get(dp);
      if (known !== undefined) previous[dp] = known;
      if (known !== undefined && (value === null || sameValue(known, value))) continue;
      changed.push(dp);
      this.#values.set(dp, value);
    }
    return { changed, previous };
  }

  get(dp: string): DpValue | undefined {
    return this.#values.get(dp);
  }

  all(): Dps {
    return Object.fromEntries(this.#values);
  }
}

/** Whether two reported values are the same. Objects are rare and compared by their text. */
export function sameValue(a: DpValue, b: DpValue): boolean {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
