import type { Conversion } from "./conversion";

const ON_WORDS: readonly unknown[] = [true, "true", "on", 1, "1"];
const OFF_WORDS: readonly unknown[] = [false, "false", "off", 0, "0"];

/** What a word for on or off means; undefined for any other value. */
export function readBoolean(value: unknown): boolean | undefined {
  const word = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (ON_WORDS.includes(word)) return true;
  if (OFF_WORDS.includes(word)) return false;
  return undefined;
}

export const BOOLEAN: Conversion = {
  decode: (raw) => raw,
  encode(value) {
    const flag = readBoolean(value);
    return flag === undefined ? { expects: "true or false" } : { value: flag };
  },
};
