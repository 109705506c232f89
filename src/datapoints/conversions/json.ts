import type { Coerced, Conversion } from "./conversion";
import { isPlainScalar } from "../notation/number";
import { isPlainObject } from "../../plain-object";
import type { DpValue } from "../../protocol/dps";
import { parseObject } from "../notation/json-text";

const EXPECTS = "an object or a JSON text";

/** An object or list in messages; on the wire a text with its JSON, or the object itself if the device reports it so. */
export const JSON_TEXT: Conversion = {
  decode: (raw) => (typeof raw === "string" ? (parseObject(raw) ?? raw) : raw),
  encode(value, _dataPoint, known) {
    if (typeof value === "string") return { value };
    const canBeWritten = value === null || isPlainScalar(value) || hasContent(value);
    return canBeWritten ? stringify(value, known) : { expects: EXPECTS };
  },
};

/** Whether JSON shows what is in an object. It writes a Map, an Error or a promise as {}, whatever is in it. */
function hasContent(value: unknown): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return Array.isArray(value) || isPlainObject(value) || "toJSON" in value;
}

function stringify(value: unknown, known: DpValue | undefined): Coerced {
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) return { expects: EXPECTS };
    return { value: typeof known === "object" && known !== null ? (JSON.parse(text) as DpValue) : text };
  } catch {
    // JSON cannot express it: it is circular, or contains a BigInt.
    return { expects: EXPECTS };
  }
}
