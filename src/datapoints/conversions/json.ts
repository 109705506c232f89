import type { Coerced, Conversion } from "./conversion";
import { isPlainScalar } from "../notation/number";
import type { DpValue } from "../../protocol/dps";
import { parseObject } from "../notation/json-text";

const EXPECTS = "an object or a JSON text";

/** An object or list in messages; on the wire a text with its JSON, or the object itself if the device reports it so. */
export const JSON_TEXT: Conversion = {
  decode: (raw) => (typeof raw === "string" ? (parseObject(raw) ?? raw) : raw),
  encode(value, _dataPoint, known) {
    if (typeof value === "string") return { value };
    if (typeof value !== "object" ? !isPlainScalar(value) : ArrayBuffer.isView(value)) {
      return { expects: EXPECTS };
    }
    return stringify(value, known);
  },
};

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
