import type { Conversion } from "./conversion";
import type { DataPoint } from "../datapoint";
import { type DataPointKind, kindOf } from "./kind";
import { BITMAP } from "./bitmap";
import { BOOLEAN } from "./boolean";
import { COLOUR } from "./colour";
import { COVER_CONTROL } from "./cover-control";
import { ENUM } from "./enumeration";
import { INFRARED_LEARNED, INFRARED_SEND } from "./infrared";
import { INTEGER } from "./integer";
import { JSON_TEXT } from "./json";
import { PHASE } from "./phase";
import { RAW } from "./raw";
import { TEXT } from "./text";
import { UNTYPED } from "./untyped";

const CONVERSIONS: Readonly<Record<DataPointKind, Conversion>> = {
  colour: COLOUR,
  phase: PHASE,
  "cover-control": COVER_CONTROL,
  "infrared-send": INFRARED_SEND,
  "infrared-learned": INFRARED_LEARNED,
  Boolean: BOOLEAN,
  Integer: INTEGER,
  Enum: ENUM,
  String: TEXT,
  Raw: RAW,
  Bitmap: BITMAP,
  Json: JSON_TEXT,
  untyped: UNTYPED,
};

/** How the values of a data point are converted. */
export function conversionOf(dataPoint: DataPoint): Conversion {
  return CONVERSIONS[kindOf(dataPoint)];
}
