import type { Conversion } from "./conversion";
import { isPlainScalar } from "../notation/number";

export const TEXT: Conversion = {
  decode: (raw) => raw,
  encode: (value) =>
    typeof value === "string" || isPlainScalar(value) ? { value: String(value) } : { expects: "a text" },
};
