import type { DataPoint } from "../../../src/datapoints/datapoint";
import type { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { isCoverControl } from "../../../src/datapoints/notation/cover";
import type { DpValue } from "../../../src/protocol/dps";
import type { Announced } from "./expand";
import type { Press } from "./presses";

/** Platforms whose commands are the value of one data point. */
const PLAIN = ["switch", "siren", "number", "select", "text", "button", "lock"];

/**
 * The data point a press sets, and the value it has to have on the wire then: worked out here by the table, not by what is
 * tested. Undefined for what is made of several.
 */
export function wireValue(
  { platform, uniqueId }: Announced,
  { payload }: Press,
  dataPoints: DataPointMap,
): readonly [dp: string, value: DpValue] | undefined {
  const point = dataPoints.get(/_(\d+)$/.exec(uniqueId)?.[1] ?? "");
  if (!PLAIN.includes(platform) || !point || isCoverControl(point) || point.type === undefined)
    return undefined;
  return [point.dp, ofType(point, payload)];
}

function ofType({ type, scale, divisor }: DataPoint, payload: string): DpValue {
  if (type === "Boolean") return payload === "true";
  return type === "Integer" ? Math.round(Number(payload) * (divisor ?? 10 ** scale)) : payload;
}
