import type { Conversion } from "./conversion";
import { asReported, asSwitchWord } from "./reported-type";
import { isPlainScalar } from "../notation/number";

/** A text, unchanged. A device that reports a number or a boolean instead is sent one; one that reports "ON" its word. */
export const TEXT: Conversion = {
  decode: (raw) => raw,
  encode(value, _dataPoint, known) {
    const isText = typeof value === "string" || isPlainScalar(value);
    return isText
      ? asReported({ value: asSwitchWord(value, known) ?? String(value) }, known)
      : { expects: "a text" };
  },
};
