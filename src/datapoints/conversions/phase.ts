import type { Coerced, Conversion } from "./conversion";
import { type ReadBytes, readBytes, writeBytes } from "../notation/bytes";
import { parseObject } from "../notation/json-text";
import { readPhase, writePhase } from "../notation/phase";
import { JSON_TEXT } from "./json";
import { RAW } from "./raw";
import type { DpValue } from "../../protocol/dps";

/**
 * `phase_a`, `phase_b`, `phase_c` of meters and breakers: an object of numbers, see `Phase`. Bytes in an unknown form
 * stay a Buffer. Some devices write JSON: then it is the object in it.
 */
export const PHASE: Conversion = {
  decode(raw, dataPoint) {
    const read = bytesOf(raw);
    return read ? (readPhase(read.bytes) ?? read.bytes) : JSON_TEXT.decode(raw, dataPoint);
  },
  encode(value, dataPoint, known) {
    if (isJson(known)) return JSON_TEXT.encode(value, dataPoint, known);
    const raw = RAW.encode(value, dataPoint, known);
    return "value" in raw ? raw : encodePhase(value, known);
  },
};

const EXPECTS = "an object such as {voltage: 230.1, current: 4.39, power: 1010}, a Buffer or a base64 text";

function isJson(raw: DpValue | undefined): boolean {
  return typeof raw === "string" ? parseObject(raw) !== undefined : typeof raw === "object" && raw !== null;
}

function bytesOf(raw: DpValue | undefined): ReadBytes | undefined {
  return typeof raw === "string" ? readBytes(raw) : undefined;
}

/** Writes a phase in the form the device uses. Other bytes of that form stay as last reported. */
function encodePhase(value: unknown, known: DpValue | undefined): Coerced {
  if (typeof value !== "object" || value === null) return { expects: EXPECTS };
  const last = bytesOf(known);
  const bytes = writePhase(value as Readonly<Record<string, unknown>>, last?.bytes);
  return bytes ? { value: writeBytes(bytes, last?.form ?? "base64") } : { expects: EXPECTS };
}
