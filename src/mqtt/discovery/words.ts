import { acceptedBy } from "../../datapoints/accepts";
import type { DataPoint } from "../../datapoints/datapoint";

/**
 * The words of a choice as published, each once. Commands to a cover are the English ones, whatever the device's words
 * are.
 */
export function wordsOf(point: DataPoint): readonly string[] {
  const accepted = acceptedBy(point);
  return accepted.kind === "word" ? [...new Set(accepted.words)] : [];
}
