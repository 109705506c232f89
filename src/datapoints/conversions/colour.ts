import { COLOUR_EXPECTS, readColour, showColour } from "../notation/colour";
import { decodeColour, encodeColour, usualFormat } from "../notation/colour-format";
import type { Conversion } from "./conversion";

/**
 * A colour: `{h, s, v, hex}` in messages, which may also write it in other ways. A text in a device's own form is taken,
 * too.
 */
export const COLOUR: Conversion = {
  decode(raw, dataPoint) {
    const decoded = decodeColour(raw, dataPoint);
    return decoded ? showColour(decoded.colour) : raw;
  },
  encode(value, dataPoint, known) {
    const format = decodeColour(known, dataPoint)?.format;
    const written = typeof value === "string" ? decodeColour(value, dataPoint) : undefined;
    if (written && (format === undefined || format.kind === written.format.kind))
      return { value: value as string };
    const colour = written?.colour ?? readColour(value);
    if (!colour) return { expects: COLOUR_EXPECTS };
    return { value: encodeColour(colour, format ?? usualFormat(dataPoint)) };
  },
};
