import type { DataPointMap } from "../datapoints/datapoint-map";
import type { DpValue } from "../protocol/dps";
import type { Json } from "./types";

/** An empty payload removes a retained topic: an empty text has its quotes. */
export const EMPTY_TEXT = '""';

/**
 * What is published of a value: booleans, numbers and texts as they are, objects and lists to be written as JSON. Bytes stay
 * the text the device sends, which can be sent back. Undefined for nothing: a broker takes that for the end of the topic.
 *
 * @param name number of a data point, or a friendly name the map has as one
 */
export function valuePayload(
  dataPoints: DataPointMap,
  name: string,
  raw: DpValue | undefined,
): Json | undefined {
  if (raw === undefined) return undefined;
  const shown = dataPoints.decode(name, raw);
  const value = (ArrayBuffer.isView(shown) ? raw : shown) as Json | undefined;
  if (value === undefined || value === null) return undefined;
  return value === "" ? EMPTY_TEXT : value;
}
