import { isColour } from "../colour-format";
import type { Conversion } from "../conversion";
import { isCoverControl } from "../cover";
import type { DataPoint } from "../datapoint";
import { BITMAP } from "./bitmap";
import { BOOLEAN } from "./boolean";
import { COLOUR } from "./colour";
import { COVER_CONTROL } from "./cover-control";
import { ENUM } from "./enumeration";
import { INTEGER } from "./integer";
import { JSON_TEXT } from "./json";
import { isPhase, PHASE } from "./phase";
import { RAW } from "./raw";
import { TEXT } from "./text";
import { UNTYPED } from "./untyped";

/** How the values of a data point are converted: by its code where that says more than its type. */
export function conversionOf(dataPoint: DataPoint): Conversion {
  if (isColour(dataPoint)) return COLOUR;
  if (isPhase(dataPoint)) return PHASE;
  if (isCoverControl(dataPoint)) return COVER_CONTROL;
  switch (dataPoint.type) {
    case undefined:
      return UNTYPED;
    case "Boolean":
      return BOOLEAN;
    case "Integer":
      return INTEGER;
    case "Enum":
      return ENUM;
    case "String":
      return TEXT;
    case "Raw":
      return RAW;
    case "Bitmap":
      return BITMAP;
    case "Json":
      return JSON_TEXT;
  }
}
