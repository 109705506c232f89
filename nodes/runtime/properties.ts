/** Reads properties in a flow file, which the editor, a person or another program wrote. */

export { isPlainObject } from "../../src/plain-object";

/** A text without blanks around it; "" for anything that is neither text nor number. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
}

/** The parts of a comma list, without empty ones. */
export function listOf(value: unknown): readonly string[] {
  return textOf(value)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Whether a check box is ticked. A flow written by hand may have a text. */
export function isOn(value: unknown): boolean {
  return value === true || value === "true";
}

/** A number of seconds above zero; undefined for anything else. */
export function secondsOf(value: unknown): number | undefined {
  const seconds = Number(textOf(value) || Number.NaN);
  return seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}

/** The properties of an object that somebody else has made, such as a message. */
export type Properties = Readonly<Record<string, unknown>>;
