import type { DpValue } from "../../protocol/dps";
import { jsonTypeOf } from "../describe";
import { parseNumber } from "../notation/number";
import { isSwitchWord, readBoolean, writeBoolean } from "../notation/on-off";
import type { Coerced } from "./conversion";

/**
 * Changes a converted value to the JSON type of the last value the device reported. Tables are wrong about the type more
 * often than devices, and a device takes a wrong type for 0, false or its first word.
 */
export function asReported(coerced: Coerced, known: DpValue | undefined): Coerced {
  if (known === undefined || known === null || typeof known === "object") return coerced;
  if ("value" in coerced) {
    const value = likeReported(coerced.value, known);
    return value === undefined ? { expects: expectedType(known) } : { value };
  }
  const { expects, converted } = coerced;
  return converted === undefined ? coerced : { expects, converted: likeReported(converted, known) };
}

/**
 * For a device that reports "ON" or "off": the word it needs for true, false, or a word for on or off. Undefined for any
 * other value or device.
 */
export function asSwitchWord(value: unknown, known: DpValue | undefined): string | undefined {
  if (!isSwitchWord(known) || !(typeof value === "boolean" || isSwitchWord(value))) return undefined;
  return writeBoolean(readBoolean(value) === true, known);
}

/** The type of a reported value, as the end of a sentence "… takes". For data points without a configured type. */
export function expectedType(known: DpValue): string {
  const type = jsonTypeOf(known);
  return `${type === "object" ? "an" : "a"} ${type} (that is what it reports)`;
}

/** The number in a reported value: a number, or a text with a number that JavaScript holds exactly; otherwise undefined. */
export function reportedNumber(raw: DpValue | undefined): number | undefined {
  const number = typeof raw === "string" ? parseNumber(raw) : raw;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return typeof raw === "string" && Math.abs(number) > Number.MAX_SAFE_INTEGER ? undefined : number;
}

/** How many decimals the device writes in this number. */
export function reportedDecimals(known: DpValue | undefined): number {
  if (typeof known !== "string" && typeof known !== "number") return 0;
  if (reportedNumber(known) === undefined) return 0;
  return /\.(\d+)$/.exec(String(known).trim())?.[1]?.length ?? 0;
}

function likeReported(value: DpValue, known: string | number | boolean): DpValue | undefined {
  if (typeof value === typeof known || typeof value === "object") return value;
  if (typeof known === "boolean") return readBoolean(value);
  if (typeof known === "number")
    return typeof value === "boolean" ? Number(value) : parseNumber(String(value));
  return typeof value === "boolean" ? writeBoolean(value, known) : writeNumber(Number(value), known);
}

function writeNumber(value: number, known: string): string {
  const decimals = reportedDecimals(known);
  return decimals === 0 ? String(value) : value.toFixed(decimals);
}
