import { DataPointMap } from "../../src/datapoints/datapoint-map";
import type { FriendlyOptions } from "../../src/datapoints/friendly/context";
import { mapOf } from "./datapoints";
import type { Dps, DpValue } from "../../src/protocol/dps";

/*
 * Devices to be spoken to in friendly words, by their tables and by what they report.
 */

export const LAMP = mapOf(
  { dp: "20", code: "switch_led", type: "Boolean" },
  { dp: "21", code: "work_mode", type: "Enum", values: ["white", "colour", "scene"] },
  { dp: "22", code: "bright_value_v2", type: "Integer", min: 10, max: 1000 },
  { dp: "23", code: "temp_value_v2", type: "Integer", min: 0, max: 1000 },
  { dp: "24", code: "colour_data_v2", type: "Json" },
);
export const DIMMER = mapOf(
  { dp: "1", code: "switch_led_1", type: "Boolean" },
  { dp: "2", code: "bright_value_1", type: "Integer", min: 10, max: 1000 },
);
export const COVER = mapOf(
  { dp: "1", code: "control", type: "Enum", values: ["FZ", "ZZ", "STOP"] },
  { dp: "2", code: "percent_control", type: "Integer", min: 0, max: 100 },
  { dp: "3", code: "percent_state", type: "Integer", min: 0, max: 100, access: "ro" },
);
export const UPSIDE_DOWN = mapOf({ dp: "2", code: "percent_control", type: "Integer", invert: true });
export const DARK = mapOf({ dp: "2", code: "bright_value", type: "Integer", min: 10, max: 1000 });
export const THERMOSTAT = mapOf(
  { dp: "1", code: "switch", type: "Boolean" },
  { dp: "16", code: "temp_set", type: "Integer", scale: 1, unit: "°C" },
);
export const FAN = mapOf(
  { dp: "60", code: "fan_switch", type: "Boolean" },
  { dp: "61", code: "fan_mode", type: "Enum", values: ["normal", "sleep"] },
  { dp: "62", code: "fan_speed", type: "Enum", values: ["low", "high"] },
);
export const FAN_LAMP = mapOf(...FAN.dataPoints, ...DIMMER.dataPoints);
export const PLUG = mapOf({ dp: "1", code: "switch_1", type: "Boolean" });
/** The state comes first; the gate has a control of its own, and words in another spelling. */
export const GATE = mapOf(
  { dp: "1", code: "door_state", type: "Enum", values: ["open", "close"], access: "ro" },
  { dp: "2", code: "switch", type: "Enum", values: ["Open", "Stop", "Close"], access: "rw" },
  { dp: "3", code: "position", type: "Integer", access: "ro" },
  { dp: "4", code: "position_set", type: "Integer", divisor: 2, min: 0, max: 200, access: "rw" },
);
/** An outer door beside a cover that is called as covers are. */
export const BOTH = mapOf(
  { dp: "1", code: "lock", type: "Enum", values: ["open", "close"] },
  { dp: "2", code: "control", type: "Enum", values: ["up", "down", "stop"] },
);
export const NONE = DataPointMap.EMPTY;
export const IN_COLOUR: Dps = { "20": true, "21": "colour", "22": 800, "24": "00f003e803e8" };
export const LAMP_B: Dps = { "20": false, "21": "white", "22": 500, "23": 0, "24": "000003e803e8" };
export const LAMP_A: Dps = { "1": true, "2": "white", "3": 255, "4": 0, "5": "ff00000000ffff" };

export function options(dataPoints: DataPointMap, values: Dps, force = false): FriendlyOptions {
  return { dataPoints, values, force };
}

/** What the device would be sent. */
export function sent(
  entries: readonly (readonly [string, unknown])[],
  { dataPoints, values, force }: FriendlyOptions,
): Dps {
  const raw = [...new Map(entries)].map(([dp, value]): [string, DpValue] => [
    dp,
    dataPoints.encode(dp, value, { known: values[dp], force }),
  ]);
  return Object.fromEntries(raw);
}
