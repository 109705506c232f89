import { COVER_COMMANDS, coverCommandOf, coverWord } from "./notation/cover";
import type { DataPoint } from "./datapoint";
import { kindOf } from "./conversions/kind";
import { toPeople } from "./scale";

/** What a data point can be set to, for a person to read. Limits are in people's units: after scaling, 23.5 and not 235. */
export type Accepted =
  /** On and off. */
  | { readonly kind: "switch" }
  | {
      readonly kind: "number";
      readonly min: number | undefined;
      readonly max: number | undefined;
      readonly unit: string | undefined;
      /** Whether "-10" is one of its values, and not a change by minus ten. */
      readonly isSigned: boolean;
    }
  /** One of these words, or a list of them. */
  | { readonly kind: "word" | "names"; readonly words: readonly string[] }
  | { readonly kind: "colour" | "phase" | "bytes" | "json" | "text" | "infrared" | "code" | "anything" };

/** What `DataPointMap.encode` takes for a data point. Whether the device lets it be set is another question. */
export function acceptedBy(dataPoint: DataPoint): Accepted {
  const { values: words } = dataPoint;
  const kind = kindOf(dataPoint);
  switch (kind) {
    case "Boolean":
      return { kind: "switch" };
    case "Integer":
      return numbersOf(dataPoint);
    case "Enum":
      return words.length > 0 ? { kind: "word", words } : { kind: "text" };
    case "cover-control":
      return { kind: "word", words: coverWordsOf(dataPoint) };
    case "Bitmap":
      return words.length > 0
        ? { kind: "names", words }
        : numbersOf({ ...dataPoint, min: dataPoint.min ?? 0, scale: 0, divisor: undefined });
    case "colour":
    case "phase":
      return { kind };
    case "Raw":
      return { kind: "bytes" };
    case "Json":
      return { kind: "json" };
    case "String":
      return { kind: "text" };
    case "infrared-send":
      return { kind: "infrared" };
    case "infrared-learned":
      return { kind: "code" };
    case "untyped":
      return { kind: "anything" };
  }
}

function numbersOf(dataPoint: DataPoint): Accepted {
  const { min, max, unit } = dataPoint;
  const shown = (limit: number | undefined) => (limit === undefined ? undefined : toPeople(limit, dataPoint));
  return {
    kind: "number",
    min: shown(min),
    max: shown(max),
    unit,
    isSigned: min !== undefined && min < 0,
  };
}

/** The commands the cover has a word for, and its own other words. */
function coverWordsOf({ type, values }: DataPoint): readonly string[] {
  const known = type === "Boolean" ? true : undefined;
  const commands = COVER_COMMANDS.filter((command) => coverWord(command, values, known) !== undefined);
  return [...commands, ...values.filter((word) => coverCommandOf(word, values) === undefined)];
}
