import type { Conversion } from "./conversion";
import type { DpValue } from "../../protocol/dps";
import { parseObject, writeJson } from "../notation/json-text";

/** An object or list in messages; on the wire a text with its JSON, or the object itself if the device reports it so. */
export const JSON_TEXT: Conversion = {
  decode: (raw) => (typeof raw === "string" ? (parseObject(raw) ?? raw) : raw),
  encode(value, _dataPoint, known) {
    if (typeof value === "string") return { value };
    const text = writeJson(value);
    if (text === undefined) return { expects: "an object or a JSON text" };
    return { value: typeof known === "object" && known !== null ? (JSON.parse(text) as DpValue) : text };
  },
};
