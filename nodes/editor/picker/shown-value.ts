/** How many characters a text may have. */
const MAX_TEXT = 18;

/** A value of a message as one short line, numbers with their unit; "" for null and undefined. */
export function shownValue(value: unknown, unit: string | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return unit === undefined ? String(value) : `${value} ${unit}`;
  if (typeof value === "string") return shorten(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : shorten(value.map(wordOf).join(", "));
  if (typeof value !== "object") return wordOf(value);
  const { hex, type, data } = value as {
    readonly hex?: unknown;
    readonly type?: unknown;
    readonly data?: unknown;
  };
  if (typeof hex === "string") return hex;
  // The form of a Buffer in JSON.
  if (type === "Buffer" && Array.isArray(data)) return `<Buffer ${data.length}>`;
  return shorten(Object.values(value).map(wordOf).join(" · "));
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function shorten(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}
