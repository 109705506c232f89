import type { MqttDevice, VirtualValue } from "../types";
import { climateValues } from "./climate-values";
import { lampValue } from "./lamp-value";
import { partsOf } from "./parts";
import { vacuumValue } from "./vacuums";

/**
 * The values a device has besides its data points: `lamp`, `lamp_2` …, `hvac_mode`, `hvac_preset`, `vacuum`. Keep the
 * result as long as the table does not change: a lamp that plays a scene shows the light it gave before, which is
 * remembered.
 */
export function virtualValuesOf({ dataPoints }: Pick<MqttDevice, "dataPoints">): readonly VirtualValue[] {
  const { lamps, climate, vacuum } = partsOf(dataPoints);
  return [
    ...lamps.map(lampValue),
    ...(climate ? climateValues(climate) : []),
    ...(vacuum ? [vacuumValue(vacuum)] : []),
  ];
}
