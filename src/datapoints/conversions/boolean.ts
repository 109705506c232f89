import type { Conversion } from "./conversion";
import { asReported } from "./reported-type";
import { readBoolean } from "../notation/on-off";

/** On or off. A device that says so in a word or a number is told in the same. */
export const BOOLEAN: Conversion = {
  decode: (raw) => readBoolean(raw) ?? raw,
  encode(value, _dataPoint, known) {
    const flag = readBoolean(value);
    return flag === undefined ? { expects: "true or false" } : asReported({ value: flag }, known);
  },
};
