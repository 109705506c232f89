import type { PointTable } from "../../datapoints/friendly/point-table";
import { type Climate, takeClimate } from "./climates";
import { type Lamp, takeLamps } from "./lamps";
import { Points } from "./points";
import { withLikelyAccess } from "./reported";
import { takeVacuum, type Vacuum } from "./vacuums";

/** The parts of a device that several data points make together. */
export interface Parts {
  readonly lamps: readonly Lamp[];
  readonly climate: Climate | undefined;
  readonly vacuum: Vacuum | undefined;
  /** The data points that belong to no part. */
  readonly rest: Points;
}

/** Finds the parts of a device by the codes of its data points alone: values would not tell a heater from a kettle. */
export function partsOf({ dataPoints }: PointTable): Parts {
  const rest = new Points(dataPoints.map(withLikelyAccess));
  const lamps = takeLamps(rest);
  const vacuum = takeVacuum(rest);
  return { lamps, vacuum, climate: takeClimate(rest), rest };
}
