import type { DataPoint, DataPointType } from "../../datapoints/datapoint";

/** The data points of a device. Each can belong to only one part, such as a lamp. */
export class Points {
  readonly #free: DataPoint[];

  constructor(dataPoints: readonly DataPoint[]) {
    this.#free = [...dataPoints];
  }

  /** Data points that belong to no part yet. */
  get free(): readonly DataPoint[] {
    return this.#free;
  }

  /** The first free one with such a code that is of one of these types. */
  find(code: RegExp, { types, isTwoWay = false, isRange = false }: Wanted = {}): DataPoint | undefined {
    return this.#free.find(
      (point) =>
        code.test(point.code) &&
        (types === undefined || types.includes(point.type)) &&
        (!isTwoWay || (isSettable(point) && point.access !== "wr")) &&
        !(isRange && point.min !== undefined && point.min === point.max),
    );
  }

  /** These data points belong to a part from now on. */
  take(...points: readonly (DataPoint | undefined)[]): void {
    for (const point of points) {
      const at = point ? this.#free.indexOf(point) : -1;
      if (at >= 0) this.#free.splice(at, 1);
    }
  }
}

/** Whether it may be set, and has possible values: its minimum must not be above its maximum. */
export function isSettable({ access, type, min, max }: DataPoint): boolean {
  const isImpossible = type === "Integer" && min !== undefined && max !== undefined && min > max;
  return access !== "ro" && !isImpossible;
}

/** What a data point has to be, besides its code. */
export interface Wanted {
  /** If undefined is among them, the type may be missing. */
  readonly types?: readonly (DataPointType | undefined)[];
  /** Whether it must be both reported and settable. */
  readonly isTwoWay?: boolean;
  /** Whether it must have more than one value. */
  readonly isRange?: boolean;
}

/** On and off. */
export const SWITCH: Wanted = { types: ["Boolean"], isTwoWay: true };
/** A number that can be set. */
export const LEVEL: Wanted = { types: ["Integer"], isTwoWay: true, isRange: true };
/** A number that may be reported only. */
export const READING: Wanted = { types: ["Integer"] };
/** One of several words. */
export const CHOICE: Wanted = { types: ["Enum"], isTwoWay: true };
