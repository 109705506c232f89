import { isColour } from "./notation/colour-format";
import { BITMAP } from "./conversions/bitmap";
import { COLOUR } from "./conversions/colour";
import { COVER_CONTROL } from "./conversions/cover-control";
import { INTEGER } from "./conversions/integer";
import { isCoverControl } from "./notation/cover";
import type { DataPoint } from "./datapoint";
import { fits } from "./profiles";
import type { DpValue } from "../protocol/dps";

/** A reported value, for a person to read. */
export interface Reading {
  /** As the device reported it: a text as it is, anything else as JSON. */
  readonly raw: string;
  /** As the table converts it, with the unit. */
  readonly shown: string;
  /** Whether the conversion changed it, apart from the unit. */
  readonly isConverted: boolean;
  /** `#rrggbb`, if it is a colour. */
  readonly colour?: string;
  /** False if the value does not fit the table: another type, outside the limits, or not one of the words. */
  readonly fits: boolean;
}

/** Shows a value by a table that may be incomplete. Runs in a browser too, so bytes stay the text the device sent. */
export function readingOf(dataPoint: DataPoint, value: DpValue): Reading {
  const raw = textOf(value);
  const decoded = decode(dataPoint, value);
  const isHex = typeof decoded === "object" && decoded !== null && "hex" in decoded;
  const colour = isHex && isColour(dataPoint) ? String(decoded.hex) : undefined;
  const text = colour ?? (Array.isArray(decoded) ? decoded.join(", ") || "–" : textOf(decoded));
  const unit = typeof decoded === "number" ? (dataPoint.unit ?? "") : "";
  return {
    raw,
    shown: unit === "" ? text : `${text} ${unit}`,
    isConverted: text !== raw,
    ...(colour !== undefined && { colour }),
    fits: fits(dataPoint, value),
  };
}

function decode(dataPoint: DataPoint, value: DpValue): unknown {
  if (isColour(dataPoint)) return COLOUR.decode(value, dataPoint);
  if (isCoverControl(dataPoint)) return COVER_CONTROL.decode(value, dataPoint);
  if (dataPoint.type === "Integer") return INTEGER.decode(value, dataPoint);
  return dataPoint.type === "Bitmap" ? BITMAP.decode(value, dataPoint) : value;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
