/** The number a text is, in decimal notation; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}

/** A number, or a text that is one; undefined for anything else, infinity included. */
export function readNumber(value: unknown): number | undefined {
  const number = typeof value === "string" ? parseNumber(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A boolean or a finite number: what JSON writes without quotes. */
export function isPlainScalar(value: unknown): value is boolean | number {
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}
