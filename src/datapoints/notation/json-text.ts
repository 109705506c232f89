import { isPlainObject } from "../../plain-object";
import { isPlainScalar } from "./number";

/** Objects and lists only: a text that merely looks like a number or a boolean is a text. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The JSON of a value; undefined where it does not show all of the value: NaN, a Buffer, a Map, what is circular. */
export function writeJson(value: unknown): string | undefined {
  const canBeWritten =
    typeof value === "object" ? hasContent(value) : typeof value === "string" || isPlainScalar(value);
  if (!canBeWritten) return undefined;
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    // It is circular, or contains a BigInt.
    return undefined;
  }
}

/** Whether JSON shows what is in an object. It writes a Map, an Error or a promise as {}, whatever is in it. */
function hasContent(value: object | null): boolean {
  if (value === null || Array.isArray(value) || isPlainObject(value)) return true;
  return "toJSON" in value && !ArrayBuffer.isView(value);
}
