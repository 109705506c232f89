import { isColour } from "../notation/colour-format";
import { isCoverControl } from "../notation/cover";
import { DATA_POINT_TYPES, type DataPoint } from "../datapoint";

/** The kinds of data points: each has a conversion of its own. */
export const DATA_POINT_KINDS = [
  ...DATA_POINT_TYPES,
  "untyped",
  "colour",
  "phase",
  "cover-control",
  "infrared-send",
  "infrared-learned",
] as const;

/** One of `DATA_POINT_KINDS`. */
export type DataPointKind = (typeof DATA_POINT_KINDS)[number];

/** The kind of a data point: by its code if that says more than its type. */
export function kindOf(dataPoint: DataPoint): DataPointKind {
  if (isColour(dataPoint)) return "colour";
  if (isPhase(dataPoint)) return "phase";
  if (isCoverControl(dataPoint)) return "cover-control";
  if (isInfraredSend(dataPoint)) return "infrared-send";
  if (isInfraredLearned(dataPoint)) return "infrared-learned";
  return dataPoint.type ?? "untyped";
}

/** Whether a data point is one phase of a meter. */
export function isPhase({ code, type }: DataPoint): boolean {
  const canBe = type === undefined || type === "Raw" || type === "String" || type === "Json";
  return canBe && /^phase_[abc]$/.test(code);
}

/** Whether a data point takes commands for an infra-red blaster, as JSON in a text. */
function isInfraredSend({ code, type }: DataPoint): boolean {
  return code === "ir_send" && (type === "String" || type === "Json" || type === undefined);
}

/** Whether a data point reports what an infra-red blaster has learned. */
function isInfraredLearned({ code, type }: DataPoint): boolean {
  return /^(?:ir_)?study_code$/.test(code) && (type === "String" || type === "Raw" || type === undefined);
}
