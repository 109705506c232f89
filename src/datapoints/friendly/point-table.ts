import type { DataPoint } from "../datapoint";

/** The part of a `DataPointMap` that the search for the parts of a device needs. A browser can provide it, too. */
export interface PointTable {
  readonly dataPoints: readonly DataPoint[];
}
