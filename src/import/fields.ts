/** An object of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Longer than anything a device list holds; what is longer is cut. */
const MAX_TEXT = 500;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects in a list; empty where it is none. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The first of these fields that holds a text or a number, as a text without blanks around it; "" where none does. */
export function textField(fields: Fields, ...names: readonly string[]): string {
  for (const name of names) {
    const text = asText(Object.hasOwn(fields, name) ? fields[name] : undefined);
    if (text !== "") return text;
  }
  return "";
}

/** A key as it stands there: blanks may be its own. */
export function keyField(fields: Fields, ...names: readonly string[]): string {
  const value = names.map((name) => (Object.hasOwn(fields, name) ? fields[name] : undefined)).find(isFilled);
  return isFilled(value) ? value.slice(0, MAX_TEXT) : "";
}

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
