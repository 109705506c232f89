import type { DataPoint } from "../../datapoints/datapoint";
import { toPeople } from "../../datapoints/scale";
import { READING } from "../virtual/points";
import type { EntityContext } from "./context";
import type { Keys } from "./entity";

/** The limits of a humidity in percent; undefined if they are impossible, because its table lacks the scale for tenths. */
export function humidityLimits(point: DataPoint): Keys | undefined {
  const { min = 0, max } = point;
  const [least, most] = [toPeople(min, point), max === undefined ? FULL : toPeople(max, point)];
  return least >= 0 && least < most && most <= FULL ? { min_humidity: least, max_humidity: most } : undefined;
}

const FULL = 100;

/** The present humidity, for an entity that shows it beside the target. Takes the data point. */
export function presentHumidity({ parts: { rest }, topics }: EntityContext): Keys {
  const point = rest.find(/^(?:humidity_current|humidity_indoor)$/, READING);
  if (!point || !humidityLimits(point)) return {};
  rest.take(point);
  return { current_humidity_topic: topics.value(point.dp) };
}
