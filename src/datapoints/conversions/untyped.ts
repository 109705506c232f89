import { readColour } from "../notation/colour";
import { decodeColour, encodeColour } from "../notation/colour-format";
import type { Coerced, Conversion } from "./conversion";
import { jsonTypeOf } from "../describe";
import { asSwitchWord, expectedType } from "./reported-type";
import { isPlainScalar } from "../notation/number";
import type { DpValue } from "../../protocol/dps";

/**
 * For data points without a configured type. A value is passed unchanged if its JSON type is that of the last reported
 * value, or none was reported. Only a colour, and on and off, are converted to the form the device uses.
 */
export const UNTYPED: Conversion = {
  decode: (raw) => raw,
  encode(value, _dataPoint, known) {
    const colour = encodeAsColour(value, known);
    if (colour) return colour;
    const word = asSwitchWord(value, known);
    if (word !== undefined) return { value: word };
    if (typeof value !== "string" && !isPlainScalar(value)) return { expects: "a boolean, number or text" };
    if (known === undefined || known === null || jsonTypeOf(known) === typeof value) return { value };
    return { expects: expectedType(known) };
  },
};

/** Texts that are colours in any case: others, such as "red", may be words of the device. */
const PLAINLY_COLOUR = /^\s*(?:#|(?:rgb|hsv|hsl)a?\()/i;

/** Converts a colour if the last reported value is one; undefined otherwise. */
function encodeAsColour(value: unknown, known: DpValue | undefined): Coerced | undefined {
  if (typeof value !== "object" && !(typeof value === "string" && PLAINLY_COLOUR.test(value)))
    return undefined;
  const format = decodeColour(known, undefined)?.format;
  const colour = format && readColour(value);
  return colour && { value: encodeColour(colour, format) };
}
