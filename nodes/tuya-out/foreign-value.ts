import { isPlainScalar, readNumber } from "../../src/datapoints/notation/number";
import type { DataPoint } from "../../src/datapoints/datapoint";
import { jsonTypeOf } from "../../src/datapoints/describe";
import type { DpValue } from "../../src/protocol/dps";
import { readBoolean } from "../../src/datapoints/notation/on-off";

/**
 * A value as node-red-contrib-tuya-smart-device takes it: in the device's own units, whatever scale is configured here.
 * Only its JSON type becomes the one the device uses, where that is known: "50" is 50 to a device that counts.
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

/** What the device reports counts more than what is configured. */
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
