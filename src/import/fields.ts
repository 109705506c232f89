/** An object with unknown fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** Characters: longer than any text in a device list. Longer texts are cut. */
const MAX_TEXT = 500;

/** Whether a value is an object, and no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects in a list; empty if the value is no list. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The first of these fields with a text or a number, as a text without blanks around it; "" if there is none. */
export function textField(fields: Fields, ...names: readonly string[]): string {
  for (const name of names) {
    const text = asText(Object.hasOwn(fields, name) ? fields[name] : undefined);
    if (text !== "") return text;
  }
  return "";
}

/** The first of these fields with a text that is not empty; "" if there is none. Unchanged: blanks may be part of a key. */
export function keyField(fields: Fields, ...names: readonly string[]): string {
  const value = names.map((name) => (Object.hasOwn(fields, name) ? fields[name] : undefined)).find(isFilled);
  return isFilled(value) ? value.slice(0, MAX_TEXT) : "";
}

/** Whether a field says yes, in the spellings of JSON, YAML and Python. */
export function isOn(value: unknown): boolean {
  return value === true || value === 1 || value === "true" || value === "True";
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function asText(value: unknown): string {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" ? value.trim().slice(0, MAX_TEXT) : "";
}
