import type { DataPointMap } from "../datapoints/datapoint-map";
import type { DpValue } from "../protocol/dps";
import type { Json } from "./types";

/** The payload for an empty text: without the quotes it would remove the retained topic. */
export const EMPTY_TEXT = '""';

/**
 * The payload for a value: booleans, numbers and texts unchanged, objects and lists to be written as JSON. Bytes stay the
 * text the device reported, which can be sent back. Undefined if there is no value: an empty payload would remove the
 * topic.
 *
 * @param dp number of the data point; if the table does not have it, the value is unchanged
 * @param raw the value as reported
 */
export function valuePayload(
  dataPoints: DataPointMap,
  dp: string,
  raw: DpValue | undefined,
): Json | undefined {
  if (raw === undefined) return undefined;
  const shown = dataPoints.decode(dp, raw);
  const value = (ArrayBuffer.isView(shown) ? raw : shown) as Json | undefined;
  if (value === undefined || value === null) return undefined;
  return value === "" ? EMPTY_TEXT : value;
}
