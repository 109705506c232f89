import { builtInClass } from "../../plain-object";

/** How a device writes bytes as text: mostly base64; some products use hex, in lower or upper case. */
export type BytesForm = "base64" | "hex" | "HEX";

/** Bytes from a text, and how the text writes them. */
export interface ReadBytes {
  readonly bytes: Buffer;
  readonly form: BytesForm;
}

/**
 * Texts that are valid hex and valid base64, and count as hex: base64 of random bytes has eight hex digits of one case
 * only once in 30,000 times. Upper case is more frequent, because zeros are "AAAA" in base64: so a digit must be among
 * them, and no "AAA".
 */
const SURELY_HEX = /^(?:[\da-f]{8,}|(?=.*\d)(?!.*AAA)[\dA-F]{8,})$/;

/**
 * Texts by people that count as hex: with `0x` in front, or with digits of both cases but too long to be base64 by
 * chance.
 */
const PLAINLY_HEX = /^0x|^(?=.*\d)(?!.*AAA)[\da-f]{16,}$/i;

/** The bytes in a text that a device reported; undefined if writing them again would make another text. */
export function readBytes(text: string): ReadBytes | undefined {
  if (isBase64(text) && !SURELY_HEX.test(text)) return { bytes: Buffer.from(text, "base64"), form: "base64" };
  const form = hexFormOf(text);
  return form && { bytes: Buffer.from(text, "hex"), form };
}

/** Whether a text is base64 in the standard alphabet, with padding and without characters that would be ignored. */
export function isBase64(text: string): boolean {
  return Buffer.from(text, "base64").toString("base64") === text;
}

/** The case of a text that consists of pairs of hex digits; undefined for any other text. */
function hexFormOf(text: string): "hex" | "HEX" | undefined {
  if (/^(?:[\da-f]{2})+$/.test(text)) return "hex";
  return /^(?:[\dA-F]{2})+$/.test(text) ? "HEX" : undefined;
}

/**
 * The bytes in a text of a message: hex digits in any case, also with `0x` in front or with blanks, colons or dashes
 * between the bytes; or base64. A text that is both counts as hex if base64 is very unlikely, or if the device writes hex
 * (`form`). Undefined if it is neither.
 */
export function readTypedBytes(text: string, form: BytesForm): Buffer | undefined {
  const trimmed = text.trim();
  const isHex = /^(?:0x)?[\da-f]{2}(?:[ :-]?[\da-f]{2})*$/i.test(trimmed);
  const isSurelyHex = SURELY_HEX.test(trimmed) || PLAINLY_HEX.test(trimmed);
  const isMeantAsHex = isHex && (form !== "base64" || isSurelyHex || !isBase64(trimmed));
  if (isMeantAsHex) return Buffer.from(trimmed.replace(/^0x|[ :-]/gi, ""), "hex");
  return isBase64(trimmed) ? Buffer.from(trimmed, "base64") : undefined;
}

/** Bytes as text in the form of a device. */
export function writeBytes(bytes: Uint8Array, form: BytesForm): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (form === "base64") return buffer.toString("base64");
  const hex = buffer.toString("hex");
  return form === "hex" ? hex : hex.toUpperCase();
}

/** Whether a value consists of bytes: a Buffer, or a Uint8Array, that of a Function node included. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && builtInClass(value) === "Uint8Array";
}

/** The bytes in a message: a Buffer, a Buffer that went through JSON, or a list of numbers from 0 to 255. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (isBytes(value)) return value;
  const list = Array.isArray(value) ? (value as readonly unknown[]) : listOfBufferJson(value);
  return list?.every(isByte) ? Uint8Array.from(list) : undefined;
}

function isByte(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}

function listOfBufferJson(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, data } = value as { readonly type?: unknown; readonly data?: unknown };
  return type === "Buffer" && Array.isArray(data) ? data : undefined;
}
