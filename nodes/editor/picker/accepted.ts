import { type Accepted, acceptedBy } from "../../../src/datapoints/accepts";
import type { DataPoint } from "../../../src/datapoints/datapoint";
import type { NamedDp } from "./device-codes";
import type { Translate } from "../base/red";

/** How many words of a long list are shown at most. */
const MAX_WORDS = 10;

/**
 * A sentence about the values that a data point or a friendly name accepts.
 *
 * @param known undefined = it is not in the device's table
 * @param translate of a tuya-out
 */
export function acceptedSentence(known: NamedDp | undefined, translate: Translate): string {
  const { word, dataPoint } = known ?? {};
  if (word && !dataPoint) return translate(`tuya-out.accepts.words.${word}`);
  if (!dataPoint) return translate("tuya-out.accepts.unknown");
  if (dataPoint.access === "ro" && !isSent(dataPoint)) return translate("tuya-out.accepts.nothing");
  const accepted = acceptedBy(dataPoint);
  if (accepted.kind === "number") return numberSentence(accepted, translate);
  const words = "words" in accepted ? { words: listed(accepted.words) } : undefined;
  return translate(`tuya-out.accepts.${accepted.kind}`, words);
}

/** Whether it is a learned infra-red code: report only, but a message to it sends the code. */
function isSent(dataPoint: DataPoint): boolean {
  return acceptedBy(dataPoint).kind === "code";
}

function numberSentence(
  { min, max, unit, isSigned }: Extract<Accepted, { kind: "number" }>,
  translate: Translate,
): string {
  const number = translate(`tuya-out.accepts.number.${limitsOf(min, max)}`, {
    min: min ?? "",
    max: max ?? "",
  });
  const withUnit = unit === undefined ? number : `${number} ${unit}`;
  return translate(`tuya-out.accepts.${isSigned ? "signed" : "unsigned"}`, { number: withUnit });
}

/** Which of the two limits there are, as the last part of a catalogue key. */
function limitsOf(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return max === undefined ? "any" : "most";
  return max === undefined ? "least" : "range";
}

/** Words in quotes, with commas between them. */
function listed(words: readonly string[]): string {
  const shown = words.slice(0, MAX_WORDS).map((word) => `"${word}"`);
  return words.length > MAX_WORDS ? `${shown.join(", ")} …` : shown.join(", ");
}
