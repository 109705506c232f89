import { toRow, type DataPointRow } from "./data-point";

/** A row for each data point that a device has shown and the table does not have, lowest number first. */
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
 * The type that fits a value for sure. A String may be an Enum or Raw, but as a String nothing of it is refused or
 * changed. "" = any.
 */
export function guessType(value: unknown): string {
  if (typeof value === "boolean") return "Boolean";
  if (Number.isInteger(value)) return "Integer";
  if (typeof value === "string") return "String";
  return typeof value === "object" && value !== null ? "Json" : "";
}
