import type { Dps, DpValue } from "./dps";
import type { JsonObject } from "./message";

/*
 * Limits for sizes and numbers in data from devices, which no real device exceeds. Frames (`MAX_LENGTH` in
 * frame-decoder.ts, 16 KiB) and the nesting of JSON (message.ts) have limits of their own.
 */

/** Firmware keeps the number of a data point in one byte, and 0 is none. */
const MAX_DP = 255;

/** Longest id of a device or sub-device, in characters: real ones have 16 to 26. */
const MAX_ID_LENGTH = 64;

/** Nesting of a value that is an object. Firmware writes JSON values as texts; some bridges send objects. */
const MAX_VALUE_DEPTH = 8;

/** Whether this can be the id of a device or sub-device. */
export function isPossibleId(id: string): boolean {
  return id !== "" && id.length <= MAX_ID_LENGTH;
}

/** Whether this is the number of a data point, as firmware writes it: 1 to 255. */
export function isDpName(name: string): boolean {
  if (name.length > 3 || name.charCodeAt(0) === ZERO) return false;
  let number = 0;
  for (let i = 0; i < name.length; i++) {
    const digit = name.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return false;
    number = 10 * number + digit;
  }
  return number > 0 && number <= MAX_DP;
}

const ZERO = 0x30;

/**
 * The data points of a JSON object with possible numbers and values, and their numbers. Nearly always all are possible:
 * then `dps` is the object itself.
 */
export function possibleDps(dps: JsonObject): { readonly dps: Dps; readonly numbers: readonly string[] } {
  const names = Object.keys(dps);
  if (areAllPossible(dps, names)) return { dps, numbers: names };
  const numbers = names.filter((name) => isDpName(name) && isPossibleValue(dps[name]));
  return { dps: Object.fromEntries(numbers.map((dp) => [dp, dps[dp]])) as Dps, numbers };
}

function areAllPossible(dps: JsonObject, names: readonly string[]): dps is Dps {
  // JavaScript lists numeric names first, in ascending order: if the first and the last one are possible, all are.
  if (names.length > 0 && !(isDpName(names[0]!) && isDpName(names[names.length - 1]!))) return false;
  for (const name of names) if (!isPossibleValue(dps[name])) return false;
  return true;
}

/** JavaScript reads too large numbers in JSON as infinite, and objects may be nested without end: neither is possible. */
function isPossibleValue(value: unknown): value is DpValue {
  return isPossibleWithin(MAX_VALUE_DEPTH, value);
}

function isPossibleWithin(depth: number, value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isPossibleWithin(depth - 1, inner));
}

/**
 * The approximate memory of a JSON value in bytes, rather too much than too little. For values as deep as
 * `isPossibleValue` allows.
 */
export function memoryOf(value: unknown): number {
  if (typeof value === "string") return 24 + 2 * value.length;
  if (typeof value !== "object" || value === null) return 16;
  let bytes = 64;
  for (const [name, inner] of Object.entries(value)) bytes += 24 + 2 * name.length + memoryOf(inner);
  return bytes;
}
