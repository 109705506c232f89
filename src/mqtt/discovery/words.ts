import { acceptedBy } from "../../datapoints/accepts";
import type { DataPoint } from "../../datapoints/datapoint";

/**
 * The words of a choice (Enum) as published, each once: those of the device, but for a cover the English ones. Empty if
 * they are not known.
 */
export function wordsOf(point: DataPoint): readonly string[] {
  const accepted = acceptedBy(point);
  return accepted.kind === "word" ? [...new Set(accepted.words)] : [];
}
