import type { DpValue } from "../../protocol/dps";
import { jsonTypeOf } from "../describe";
import { parseNumber } from "../notation/number";
import { readBoolean, writeBoolean } from "../notation/on-off";
import type { Coerced } from "./conversion";

/**
 * What a table makes of a value, in the JSON type the device uses: that of the last value it reported. Tables are wrong
 * about it more often than devices are, and a device takes another type for 0, false or its first word.
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

/** What a data point takes of which only a reported value is known, as the end of "… takes". */
export function expectedType(known: DpValue): string {
  return `a ${jsonTypeOf(known)} (that is what it reports)`;
}

/**
 * The number in a value the device reports as a number, or as a text of one that has no more digits than a number keeps;
 * undefined for any other.
 */
export function reportedNumber(raw: DpValue | undefined): number | undefined {
  const number = typeof raw === "string" ? parseNumber(raw) : raw;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return typeof raw === "string" && Math.abs(number) > Number.MAX_SAFE_INTEGER ? undefined : number;
}

/** How many decimals the device itself writes in numbers. */
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
