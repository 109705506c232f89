import { toRow, type DataPointRow } from "./data-point";

/** Rows for reported data points that the table does not have, lowest number first. */
export function missingRows(
  dps: Readonly<Record<string, unknown>>,
  rows: readonly DataPointRow[],
): DataPointRow[] {
  const present = new Set(rows.map(({ dp }) => dp.trim()));
  return Object.entries(dps)
    .filter(([dp]) => !present.has(dp))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([dp, value]) => ({ ...toRow({ dp, type: guessType(value) }), guessed: true }));
}

/**
 * A type that certainly fits a value. A text may also be an Enum or Raw, but as a String it is neither refused nor
 * changed. "" = not known.
 */
export function guessType(value: unknown): string {
  if (typeof value === "boolean") return "Boolean";
  if (Number.isInteger(value)) return "Integer";
  if (typeof value === "string") return "String";
  return typeof value === "object" && value !== null ? "Json" : "";
}
