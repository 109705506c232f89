import { BoundedMap } from "../../src/bounded-map";
import type { Band } from "../../src/datapoints/band";

/** Memory for the last values, in bytes: about 3,500 data points. */
const MAX_BYTES = 512 * 1024;

/** For rounding errors: 230.1 - 229.9 is a little less than 0.2, but counts as a change by 0.2. */
const TOLERANCE = 1e-9;

/**
 * Suppresses small changes. A number is compared with the last one that was passed on, not with the last one received, so
 * a slow drift is passed on when it has added up. Values that are no numbers always pass.
 */
export class Deadband {
  readonly #band: Band;
  /**
   * The last passed value by data point. If there are too many, the oldest are forgotten: their next value counts as a
   * first one.
   */
  readonly #passed = new BoundedMap<number>({
    budget: MAX_BYTES,
    bytesOf: () => 16,
    whenFull: "forget-oldest",
  });

  constructor(band: Band) {
    this.#band = band;
  }

  /** Whether a value of this key differs enough; true for the first one. */
  passes(key: string, value: unknown): boolean {
    const last = this.#passed.get(key);
    if (last === undefined || typeof value !== "number" || !Number.isFinite(value)) return true;
    const { size, isPercent } = this.#band;
    const least = isPercent ? (Math.abs(last) * size) / 100 : size;
    const slack = TOLERANCE * Math.max(Math.abs(last), Math.abs(value), least);
    const change = Math.abs(value - last);
    return change > 0 && change >= least - slack;
  }

  /** A value was passed on, for any reason: the next ones are compared with it. */
  remember(key: string, value: unknown): void {
    if (typeof value === "number" && Number.isFinite(value)) this.#passed.set(key, value);
    else this.#passed.delete(key);
  }

  /** The next value of each key counts as a first one. */
  reset(): void {
    this.#passed.clear();
  }
}
