import { readColour } from "../notation/colour";
import { decodeColour, encodeColour } from "../notation/colour-format";
import type { Coerced, Conversion } from "./conversion";
import { jsonTypeOf } from "../describe";
import { isPlainScalar } from "../notation/number";
import type { DpValue } from "../../protocol/dps";

/**
 * Nothing is configured: values pass as they are, as long as the device is not known to use another JSON type. Only a
 * colour is written as the device writes it.
 */
export const UNTYPED: Conversion = {
  decode: (raw) => raw,
  encode(value, _dataPoint, known) {
    const colour = encodeAsColour(value, known);
    if (colour) return colour;
    if (typeof value !== "string" && !isPlainScalar(value)) return { expects: "a boolean, number or text" };
    const expected = known === undefined || known === null ? typeof value : jsonTypeOf(known);
    if (expected !== typeof value) return { expects: `a ${expected} (that is what it reports)` };
    return { value };
  },
};

/** What can only be meant as a colour, for a device whose last value has the form of one. */
function encodeAsColour(value: unknown, known: DpValue | undefined): Coerced | undefined {
  if (typeof value !== "object" && !(typeof value === "string" && value.trim().startsWith("#")))
    return undefined;
  const format = decodeColour(known, undefined)?.format;
  const colour = format && readColour(value);
  return colour && { value: encodeColour(colour, format) };
}
