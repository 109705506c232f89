import { builtInClass } from "../plain-object";
import type { DpValue } from "../protocol/dps";

const MAX_SHOWN = 40;

/** A value from a message as an error shows it: short, with quotes around texts, so that "5" differs from 5. */
export function describeValue(value: unknown): string {
  return typeof value === "string" ? `the text ${describeWord(value)}` : describeWord(value);
}

/** The same for a value that should be one of several words. */
export function describeWord(value: unknown): string {
  if (typeof value === "string") return shorten(JSON.stringify(value));
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return describeObject(value);
  return shorten(String(value));
}

function describeObject(value: object): string {
  const name = builtInClass(value);
  if (name === "Object") return "an object";
  if (name === "Uint8Array") return "a Buffer";
  return shorten(`${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`);
}

/** The JSON type of a reported value, in the words of an error message. */
export function jsonTypeOf(value: DpValue): string {
  return Array.isArray(value) ? "list" : typeof value;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
