import { withoutNuls } from "./readable";

/** The two numbers in a version header, both 0 in 3.1, which has a signature in their place. */
export interface VersionHeader {
  /** Counted up by whoever writes the header: a device with each STATUS, from 3.2 on. 0 = it does not count. */
  readonly number: number;
  /** Who wrote it: 1 = the device, 0 = unspecified, other numbers = apps, which choose them at random. */
  readonly source: number;
}

/** What a frame carries once it is verified and decrypted. The same in both directions. */
export interface Message {
  readonly sequence: number;
  readonly command: number;
  /** The payload: JSON, an error text, a nonce, or empty. */
  readonly payload: Buffer;
  /** Only in frames from devices; undefined if there is none. 0 = success, 1 = refusal or (3.5) a plain acknowledgement. */
  readonly returnCode?: number | undefined;
  /** The numbers in the version header; undefined if there is no header. */
  readonly header?: VersionHeader | undefined;
  /** Whether the payload was encrypted, so that having read it proves the key. */
  readonly encrypted: boolean;
}

/** An object that was read from JSON. */
export type JsonObject = { readonly [name: string]: unknown };

/** A payload, read. */
export type Body =
  | { readonly kind: "empty" }
  | { readonly kind: "json"; readonly value: JsonObject }
  /** Any other readable text, such as a refusal (`data format error` …). */
  | { readonly kind: "text"; readonly text: string };

/** Real bodies have four levels. Deeper ones could overflow the stack of recursive code. */
const MAX_DEPTH = 100;

/** A backslash in JSON, with what it escapes. */
const ESCAPE = /\\(["\\/bfnrt]|u[\da-fA-F]{4})?/g;

/** A text in JSON whose escapes are right; or one without an end, up to which nothing is looked at twice. */
const STRING = /"(?:[^"\\]|\\.)*(?:"|$)/g;

/**
 * Reads a payload. Tolerates what devices really send: trailing NUL bytes, bytes that are no UTF-8 (replaced), the
 * `"type":query` without quotes that 3.3 firmware writes, and backslashes and control characters that are not escaped. JSON
 * nested deeper than 100 levels is text.
 */
export function parseBody(payload: Buffer): Body {
  const text = withoutNuls(payload).toString();
  if (text === "") return { kind: "empty" };
  if (text.startsWith("{")) {
    const value = parseJsonObject(text) ?? parseJsonObject(repair(text));
    if (value) return { kind: "json", value };
  }
  return { kind: "text", text };
}

function repair(text: string): string {
  return text
    .replace(/"type":\s*query\b/, '"type":"query"')
    .replace(ESCAPE, (escape, escaped: string | undefined) => (escaped === undefined ? "\\\\" : escape))
    .replace(STRING, (string) => string.replace(/\p{Cc}/gu, escapeCharacter));
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    // Counts brackets first, because walking through the values of an ordinary body takes as long as parsing it.
    const isShallow = text.length <= 2 * MAX_DEPTH || count(text, "{") + count(text, "[") <= MAX_DEPTH;
    return isShallow || isNestedWithin(MAX_DEPTH, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** How often a character occurs; stops counting above the limit. */
function count(text: string, character: string): number {
  let times = 0;
  let at = text.indexOf(character);
  while (at !== -1 && times <= MAX_DEPTH) {
    times++;
    at = text.indexOf(character, at + 1);
  }
  return times;
}

function isNestedWithin(depth: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isNestedWithin(depth - 1, inner));
}

/** Whether a value from JSON is an object, and no list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
