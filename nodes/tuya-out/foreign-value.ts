import { isPlainScalar, readNumber } from "../../src/datapoints/notation/number";
import type { DataPoint } from "../../src/datapoints/datapoint";
import { jsonTypeOf } from "../../src/datapoints/describe";
import type { DpValue } from "../../src/protocol/dps";
import { readBoolean } from "../../src/datapoints/notation/on-off";

/**
 * Reads a value as node-red-contrib-tuya-smart-device does: in device units, without the configured scale. Only its JSON
 * type is changed to that of the device, if it is known: "50" becomes 50 for a number.
 */
export function foreignValue(
  value: unknown,
  dataPoint: DataPoint | undefined,
  known: DpValue | undefined,
): unknown {
  const type = typeOf(dataPoint, known);
  if (type === "boolean") return readBoolean(value) ?? value;
  if (type === "number") return readNumber(value) ?? value;
  return type === "string" && isPlainScalar(value) ? String(value) : value;
}

/** The JSON type: that of the reported value, otherwise by the configured type. */
function typeOf(dataPoint: DataPoint | undefined, known: DpValue | undefined): string | undefined {
  if (known !== undefined && known !== null) return jsonTypeOf(known);
  switch (dataPoint?.type) {
    case "Boolean":
      return "boolean";
    case "Integer":
    case "Bitmap":
      return "number";
    case "Enum":
    case "String":
    case "Raw":
    case "Json":
      return "string";
    case undefined:
      return undefined;
  }
}
