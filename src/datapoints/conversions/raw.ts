import type { Conversion } from "./conversion";
import { type BytesForm, bytesOf, readBytes, readTypedBytes, writeBytes } from "../notation/bytes";
import type { DpValue } from "../../protocol/dps";

const EXPECTS = "a Buffer, or a text of base64 or hex digits";

/**
 * Bytes: a Buffer in messages, on the wire base64, or hex where that is what the device reports. Texts in messages mean the
 * bytes they write: firmware takes a text in another form than its own for other bytes, and acknowledges it.
 */
export const RAW: Conversion = {
  decode: (raw) => (typeof raw === "string" ? (readBytes(raw)?.bytes ?? raw) : raw),
  encode(value, _dataPoint, known) {
    const form = formOf(known);
    const bytes = typeof value === "string" ? readTypedBytes(value, form) : bytesOf(value);
    return bytes ? { value: writeBytes(bytes, form) } : { expects: EXPECTS };
  },
};

/** The form in which a device writes its bytes, by the last text it reported. */
function formOf(known: DpValue | undefined): BytesForm {
  return (typeof known === "string" ? readBytes(known)?.form : undefined) ?? "base64";
}
