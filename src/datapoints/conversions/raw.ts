import type { Conversion } from "./conversion";
import { type BytesForm, bytesOf, readBytes, readTypedBytes, writeBytes } from "../notation/bytes";
import type { DpValue } from "../../protocol/dps";

const EXPECTS = "a Buffer, or a text of base64 or hex digits";

/**
 * Bytes: a Buffer in messages; on the wire base64, or hex if the device reports that. A text in a message is read as hex
 * or base64 and written in the device's form: firmware would take the other form for other bytes, and acknowledge it.
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
