import type { DpValue } from "../protocol/request";
import type { DataPoint } from "./datapoint";

/**
 * A value in the JSON type the device needs, or what it takes instead, as the end of "… takes"; `converted` is the value
 * in device units where only its size is wrong.
 */
export type Coerced =
  { readonly value: DpValue } | { readonly expects: string; readonly converted?: number | undefined };

const ON_WORDS: readonly unknown[] = [true, "true", "on", 1, "1"];
const OFF_WORDS: readonly unknown[] = [false, "false", "off", 0, "0"];

/** What a word for on or off means; undefined for any other value. */
export function readBoolean(value: unknown): boolean | undefined {
  const word = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (ON_WORDS.includes(word)) return true;
  if (OFF_WORDS.includes(word)) return false;
  return undefined;
}

/**
 * Converts a value to the exact JSON type of a data point. Real firmware turns a wrong type into 0, false or the first
 * member of an enum, and acknowledges it.
 */
export function coerce(
  value: unknown,
  dataPoint: DataPoint | undefined,
  known: DpValue | undefined,
): Coerced {
  switch (dataPoint?.type) {
    case undefined:
      return coerceUntyped(value, known);
    case "Boolean": {
      const flag = readBoolean(value);
      return flag === undefined ? { expects: "true or false" } : { value: flag };
    }
    case "Integer":
      return coerceInteger(value, dataPoint);
    case "Bitmap":
      return coerceInteger(value, { ...dataPoint, scale: 0, min: dataPoint.min ?? 0 });
    case "Enum":
      return coerceEnum(value, dataPoint.values);
    case "String":
      return typeof value === "string" || isPlainScalar(value)
        ? { value: String(value) }
        : { expects: "a text" };
    case "Raw":
      if (value instanceof Uint8Array) return { value: Buffer.from(value).toString("base64") };
      return typeof value === "string" ? { value } : { expects: "a Buffer or a base64 text" };
    case "Json":
      return coerceJson(value);
  }
}

/** Nothing is configured: the value passes if the device is not known to use another JSON type. */
function coerceUntyped(value: unknown, known: DpValue | undefined): Coerced {
  if (typeof value !== "string" && !isPlainScalar(value)) return { expects: "a boolean, number or text" };
  const expected = known === undefined || known === null ? typeof value : jsonTypeOf(known);
  if (expected !== typeof value) return { expects: `a ${expected} (that is what it reports)` };
  return { value };
}

function coerceInteger(value: unknown, dataPoint: DataPoint): Coerced {
  const { min, max, scale } = dataPoint;
  const expects = `a number${describeRange(dataPoint)}`;
  const parsed = typeof value === "string" ? readNumber(value) : value;
  if (typeof parsed !== "number" || !Number.isFinite(parsed)) return { expects };
  // Adding 0 turns -0 into 0.
  const integer = Math.round(toDeviceUnits(parsed, scale)) + 0;
  if (!Number.isSafeInteger(integer)) return { expects };
  const fits = (min === undefined || integer >= min) && (max === undefined || integer <= max);
  return fits ? { value: integer } : { expects, converted: integer };
}

/** Members are case-sensitive on the wire; a message may write them in any case as long as it is clear which is meant. */
function coerceEnum(value: unknown, members: readonly string[]): Coerced {
  if (typeof value !== "string" && typeof value !== "number") return { expects: describeMembers(members) };
  const text = String(value);
  if (members.length === 0 || members.includes(text)) return { value: text };
  const alike = members.filter((member) => member.toLowerCase() === text.trim().toLowerCase());
  const [member] = alike;
  return alike.length === 1 && member !== undefined
    ? { value: member }
    : { expects: describeMembers(members) };
}

function coerceJson(value: unknown): Coerced {
  if (typeof value === "string") return { value };
  if (typeof value !== "object" ? !isPlainScalar(value) : ArrayBuffer.isView(value)) {
    return { expects: "an object or a JSON text" };
  }
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) return { value: text };
  } catch {
    // Circular, or with a BigInt inside.
  }
  return { expects: "an object or a JSON text" };
}

/** People's units to device units, without the noise of binary fractions: 1.005 with scale 2 is 100.5. */
function toDeviceUnits(value: number, scale: number): number {
  const text = String(value);
  return text.includes("e") ? value * 10 ** scale : Number(`${text}e${scale}`);
}

function readNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}

function isPlainScalar(value: unknown): value is boolean | number {
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

/** The JSON type of a reported value, in the words of an error message. */
export function jsonTypeOf(value: DpValue): string {
  return typeof value === "string" ? "string" : Array.isArray(value) ? "list" : typeof value;
}

function describeRange({ min, max, scale, unit }: DataPoint): string {
  const show = (limit: number) => `${limit / 10 ** scale}`;
  const suffix = unit === undefined ? "" : ` ${unit}`;
  if (min !== undefined && max !== undefined) return ` from ${show(min)} to ${show(max)}${suffix}`;
  if (min !== undefined) return ` of at least ${show(min)}${suffix}`;
  return max === undefined ? "" : ` of at most ${show(max)}${suffix}`;
}

function describeMembers(members: readonly string[]): string {
  return members.length === 0 ? "a text" : `one of ${members.map((member) => `"${member}"`).join(", ")}`;
}

const MAX_SHOWN = 40;

/** A value from a message, as an error shows it: short, and such that "5" is no 5. */
export function describeValue(value: unknown): string {
  return typeof value === "string" ? `the text ${describeWord(value)}` : describeWord(value);
}

/** The same for a word out of a choice of words. */
export function describeWord(value: unknown): string {
  if (typeof value === "string") return shorten(JSON.stringify(value));
  if (ArrayBuffer.isView(value)) return "a Buffer";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return shorten(String(value));
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
