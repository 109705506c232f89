import assert from "node:assert/strict";
import { type DataPoint, parseDataPoints } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { TuyaError } from "../../src/errors";

/** A data point as an entry describes it, which must be free of problems. Its number is 1 unless it says otherwise. */
export function dataPointOf(entry: object): DataPoint {
  const { dataPoints, problems } = parseDataPoints([{ dp: "1", ...entry }]);
  assert.deepEqual(problems, []);
  const [dataPoint] = dataPoints;
  assert.ok(dataPoint);
  return dataPoint;
}

/** Data points as entries describe them, which must be free of problems. */
export function mapOf(...entries: readonly object[]): DataPointMap {
  const { dataPoints, problems } = parseDataPoints(entries);
  assert.deepEqual(problems, []);
  return new DataPointMap(dataPoints);
}

/** The BAD_INPUT an action ends with. */
export function refused(action: () => unknown): TuyaError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof TuyaError, String(error));
    assert.equal(error.code, "BAD_INPUT");
    return error;
  }
  assert.fail("It was not refused.");
}
