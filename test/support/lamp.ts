import type { CommandContext } from "../../nodes/tuya-out/command";
import { parseDataPoints } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";

export const LAMP = new DataPointMap(
  parseDataPoints([
    { dp: "20", code: "switch_led", type: "Boolean" },
    { dp: "21", code: "work_mode", type: "Enum", values: ["white", "colour", "toggle"] },
    { dp: "22", code: "bright_value", type: "Integer", min: 10, max: 1000 },
    { dp: "24", code: "colour_data", type: "String" },
    { dp: "25", code: "note", type: "String" },
    { dp: "27", code: "control_data", type: "Json" },
    { dp: "30", code: "temp", type: "Integer", scale: 1 },
  ]).dataPoints,
);

/** A message for this lamp, of which no value is known yet. */
export const LAMP_CONTEXT: CommandContext = {
  deviceId: "lamp0000000000000001",
  name: "Kitchen lamp",
  cid: undefined,
  chosen: "",
  dataPoints: LAMP,
  dataPointsOf: () => DataPointMap.EMPTY,
  values: () => ({}),
};
