import type { DataPoint } from "../datapoint";

/** What is configured for a device: all that finding its parts needs of a `DataPointMap`, so that a browser can. */
export interface PointTable {
  readonly dataPoints: readonly DataPoint[];
}
