import type { Conversion } from "./conversion";
import { type BytesForm, bytesOf, hexFormOf, isBase64, readBytes, writeBytes } from "../notation/bytes";
import type { DpValue } from "../../protocol/dps";

const EXPECTS = "a Buffer or a base64 text";

/** Bytes: a Buffer in messages, on the wire base64, or hex where that is what the device reports. */
export const RAW: Conversion = {
  decode: (raw) => (typeof raw === "string" ? (readBytes(raw)?.bytes ?? raw) : raw),
  encode(value, _dataPoint, known) {
    const form = formOf(known);
    const bytes = bytesOf(value);
    if (bytes) return { value: writeBytes(bytes, form) };
    if (typeof value !== "string") return { expects: EXPECTS };
    if (form === "base64" ? isBase64(value) : hexFormOf(value) !== undefined) return { value };
    const read = readBytes(value);
    // Firmware takes a text that is no base64 for no bytes at all, and acknowledges it.
    return read ? { value: writeBytes(read.bytes, form) } : { expects: EXPECTS };
  },
};

/** The form in which a device writes its bytes, by the last text it reported. */
function formOf(known: DpValue | undefined): BytesForm {
  return (typeof known === "string" ? readBytes(known)?.form : undefined) ?? "base64";
}
