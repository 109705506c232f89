import { acceptedBy } from "../../datapoints/accepts";
import type { DataPoint } from "../../datapoints/datapoint";

/** The words of a choice as they are published, each once: commands to a cover are in English, whatever the device calls them. */
export function wordsOf(point: DataPoint): readonly string[] {
  const accepted = acceptedBy(point);
  return accepted.kind === "word" ? [...new Set(accepted.words)] : [];
}
