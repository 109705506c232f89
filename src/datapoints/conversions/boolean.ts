import type { Conversion } from "./conversion";
import { asReported } from "./reported-type";
import { readBoolean } from "../notation/on-off";

/** On or off. A device that reports a word or a number instead is sent the same form. */
export const BOOLEAN: Conversion = {
  decode: (raw) => readBoolean(raw) ?? raw,
  encode(value, _dataPoint, known) {
    const flag = readBoolean(value);
    return flag === undefined ? { expects: "true or false" } : asReported({ value: flag }, known);
  },
};
