import type { DataPoint, DataPointType } from "../../datapoints/datapoint";

/** Data points of a device of which each can belong to one part of it only, such as a lamp. */
export class Points {
  readonly #free: DataPoint[];

  constructor(dataPoints: readonly DataPoint[]) {
    this.#free = [...dataPoints];
  }

  /** Those that belong to no part so far. */
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

  /** They belong to a part from now on. */
  take(...points: readonly (DataPoint | undefined)[]): void {
    for (const point of points) {
      const at = point ? this.#free.indexOf(point) : -1;
      if (at >= 0) this.#free.splice(at, 1);
    }
  }
}

/** Whether there is a value it can be set to: none fits limits that are upside down. */
export function isSettable({ access, type, min, max }: DataPoint): boolean {
  const isImpossible = type === "Integer" && min !== undefined && max !== undefined && min > max;
  return access !== "ro" && !isImpossible;
}

export interface Wanted {
  /** Undefined among them: nobody said of which type it is. */
  readonly types?: readonly (DataPointType | undefined)[];
  /** Not one that is only reported, nor one that is never reported. */
  readonly isTwoWay?: boolean;
  /** Not one that has a single value. */
  readonly isRange?: boolean;
}

export const SWITCH: Wanted = { types: ["Boolean"], isTwoWay: true };
export const LEVEL: Wanted = { types: ["Integer"], isTwoWay: true, isRange: true };
export const READING: Wanted = { types: ["Integer"] };
export const CHOICE: Wanted = { types: ["Enum"], isTwoWay: true };
