import type { Coerced, Conversion } from "./conversion";
import type { DataPoint } from "../datapoint";
import { findAlike } from "./enumeration";
import { encodeInteger } from "./integer";
import { asReported, reportedNumber } from "./reported-type";

/** The number of bits a JavaScript number holds exactly. */
const MAX_BITS = 53;
const UNSCALED = { scale: 0, divisor: undefined, invert: false } as const;
const BIT_NAME = /^bit (\d{1,2})$/i;

/**
 * Bits such as faults: in messages, a list of the names of the bits that are set. A bit without a name is "bit 7",
 * counted from 0. If no names are configured, messages have the number itself.
 */
export const BITMAP: Conversion = {
  decode(raw, { values: names }) {
    const bits = reportedNumber(raw);
    if (names.length === 0 || bits === undefined || !Number.isSafeInteger(bits) || bits < 0) return raw;
    return bitsOf(bits).map((bit) => nameOf(bit, names));
  },
  encode: (value, dataPoint, known) => asReported(encodeBits(value, dataPoint), known),
};

function encodeBits(value: unknown, dataPoint: DataPoint): Coerced {
  const { values: names } = dataPoint;
  if (Array.isArray(value)) return encodeList(value, names);
  const bit = bitOf(value, names);
  return bit === undefined ? encodeNumber(value, dataPoint) : { value: 2 ** bit };
}

function encodeList(items: readonly unknown[], names: readonly string[]): Coerced {
  const bits = new Set(items.map((item) => bitOf(item, names)));
  if (bits.has(undefined)) return { expects: describeNames(names) };
  return { value: [...bits].reduce<number>((sum, bit) => sum + 2 ** (bit ?? 0), 0) };
}

function encodeNumber(value: unknown, dataPoint: DataPoint): Coerced {
  const { min, values: names } = dataPoint;
  const coerced = encodeInteger(value, { ...dataPoint, ...UNSCALED, min: min ?? 0 }, undefined);
  return "value" in coerced || names.length === 0 ? coerced : { ...coerced, expects: describeNames(names) };
}

function bitsOf(raw: number): number[] {
  const bits = Array.from({ length: MAX_BITS }, (_, bit) => bit);
  return bits.filter((bit) => Math.floor(raw / 2 ** bit) % 2 === 1);
}

/** The name of a bit. A name that two bits have, or that means another bit, is not used: it could not be converted back. */
function nameOf(bit: number, names: readonly string[]): string {
  const name = names[bit];
  return name === undefined || BIT_NAME.test(name) || findAlike(name, names) !== name ? `bit ${bit}` : name;
}

function bitOf(item: unknown, names: readonly string[]): number | undefined {
  if (typeof item !== "string") return undefined;
  const numbered = BIT_NAME.exec(item.trim());
  if (numbered) {
    const bit = Number(numbered[1]);
    return bit < MAX_BITS ? bit : undefined;
  }
  const name = findAlike(item, names);
  return name === undefined ? undefined : names.indexOf(name);
}

function describeNames(names: readonly string[]): string {
  return names.length === 0
    ? 'a number, or a list such as ["bit 0"]'
    : `a number, or a list of ${names.map((name) => `"${name}"`).join(", ")}`;
}
