import type { Dps } from "../../protocol/dps";
import type { DataPoint } from "../datapoint";
import { toPeople } from "../scale";
import type { PointTable } from "./point-table";
import { friendlyPoints, type FriendlyWord } from "./points";

/** Examples of values, the most useful first. */
const EXAMPLES: readonly (readonly [FriendlyWord, value: string])[] = [
  ["brightness", "40"],
  ["position", "50"],
  ["target", "21"],
  ["on", "true"],
];

/**
 * An example of values that this device takes, for a sentence: `{brightness: 40}`. Undefined if nothing is known about
 * it.
 */
export function exampleFor(table: PointTable, values: Dps): string | undefined {
  const words = friendlyPoints(table, values).map(({ word }) => word);
  const example = EXAMPLES.find(([word]) => words.includes(word));
  if (example) return `{${example.join(": ")}}`;
  const settable = table.dataPoints.find(({ access, code }) => access !== "ro" && code !== "");
  if (settable) return `{${nameOf(settable.code)}: ${valueOf(settable)}}`;
  const reported = Object.entries(values).find(([, value]) => typeof value !== "object");
  return reported && `{"${reported[0]}": ${JSON.stringify(reported[1])}}`;
}

function nameOf(code: string): string {
  return /^[a-z_$][\w$]*$/i.test(code) ? code : JSON.stringify(code);
}

function valueOf(dataPoint: DataPoint): string {
  const { type, min = 0, values } = dataPoint;
  switch (type) {
    case "Boolean":
      return "true";
    case "Integer":
      return String(toPeople(min, dataPoint));
    case "Enum":
      return JSON.stringify(values[0] ?? "…");
    case "Bitmap":
    case "String":
    case "Raw":
    case "Json":
    case undefined:
      return "…";
  }
}
