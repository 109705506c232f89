/** The number in a text in decimal notation; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}

/** A finite number, or a text that is one; undefined for anything else. */
export function readNumber(value: unknown): number | undefined {
  const number = typeof value === "string" ? parseNumber(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** Whether a value is a boolean or a finite number. */
export function isPlainScalar(value: unknown): value is boolean | number {
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}
