/** How a device writes bytes as text. Base64 is the rule; some products report hex, in one case or the other. */
export type BytesForm = "base64" | "hex" | "HEX";

export interface ReadBytes {
  readonly bytes: Buffer;
  readonly form: BytesForm;
}

/**
 * Texts of hex digits that are taken for hex although they are base64 too: eight characters of one case come out of base64
 * by chance once in 30,000 times. Capitals do oftener, for zeros are "AAAA" there: a digit must be among them, and no row
 * of As.
 */
const SURELY_HEX = /^(?:[\da-f]{8,}|(?=.*\d)(?!.*AAA)[\dA-F]{8,})$/;

/** What people write as hex and never as base64: with `0x` before it, or too long in both cases to be base64 by chance. */
const PLAINLY_HEX = /^0x|^(?=.*\d)(?!.*AAA)[\da-f]{16,}$/i;

/** The bytes a device reported as text; undefined where they could not be written back as the same text. */
export function readBytes(text: string): ReadBytes | undefined {
  if (isBase64(text) && !SURELY_HEX.test(text)) return { bytes: Buffer.from(text, "base64"), form: "base64" };
  const form = hexFormOf(text);
  return form && { bytes: Buffer.from(text, "hex"), form };
}

/** Whether a text is base64 of the standard alphabet with padding, such that nothing of it is ignored. */
export function isBase64(text: string): boolean {
  return Buffer.from(text, "base64").toString("base64") === text;
}

/** Which case a text of pairs of hex digits is written in; undefined for any other text. */
export function hexFormOf(text: string): "hex" | "HEX" | undefined {
  if (/^(?:[\da-f]{2})+$/.test(text)) return "hex";
  return /^(?:[\dA-F]{2})+$/.test(text) ? "HEX" : undefined;
}

/**
 * The bytes somebody wrote in a message for a device that writes its own in some form: hex digits in either case, also with
 * `0x` before them or blanks, colons or dashes between the bytes, or base64. A text that is both is hex where it can hardly
 * be meant as anything else, or where the device writes hex itself. Undefined where it is neither.
 */
export function readTypedBytes(text: string, form: BytesForm): Buffer | undefined {
  const trimmed = text.trim();
  const isHex = /^(?:0x)?[\da-f]{2}(?:[ :-]?[\da-f]{2})*$/i.test(trimmed);
  const isSurelyHex = SURELY_HEX.test(trimmed) || PLAINLY_HEX.test(trimmed);
  const isMeantAsHex = isHex && (form !== "base64" || isSurelyHex || !isBase64(trimmed));
  if (isMeantAsHex) return Buffer.from(trimmed.replace(/^0x|[ :-]/gi, ""), "hex");
  return isBase64(trimmed) ? Buffer.from(trimmed, "base64") : undefined;
}

export function writeBytes(bytes: Uint8Array, form: BytesForm): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (form === "base64") return buffer.toString("base64");
  const hex = buffer.toString("hex");
  return form === "hex" ? hex : hex.toUpperCase();
}

/** The bytes in a message: a Buffer, a Buffer that went through JSON, or a list of numbers from 0 to 255. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
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
