import type { DataPointEntry } from "../../../src/datapoints/datapoint";
import type { Unnumbered } from "../../../src/import/entries";
import { fieldsOf, flagsOf, fromRow, toRow, withType, type DataPointRow, type TextField } from "./data-point";

/** The changes that filling a table will make. Nothing is done yet: `DataPointTable.fill` does it. */
export interface Merge {
  /** Changed rows, and new ones. */
  readonly rows: readonly DataPointRow[];
  /** The number of new rows. */
  readonly added: number;
  /** The number of changed rows. */
  readonly completed: number;
  /** The number of rows that stay unchanged. */
  readonly kept: number;
}

/** Types that a type guessed from a value may turn out to be, by the guessed type. */
const REFINEMENTS: Readonly<Record<string, readonly string[]>> = {
  Integer: ["Bitmap"],
  String: ["Enum", "Raw", "Json", "Bitmap"],
};

/**
 * What changes if a table is filled from a template. A row keeps its fields: only missing ones are filled, and a guessed
 * type is replaced. With `replace` the template overwrites the row. No row is ever removed, and a name that another row has
 * is not given twice.
 *
 * @param unnumbered entries without a number: each fills the row with its name, or becomes a row without a number
 */
export function mergeRows(
  rows: readonly DataPointRow[],
  entries: readonly DataPointEntry[],
  replace: boolean,
  unnumbered: readonly Unnumbered[] = [],
): Merge {
  const merged: DataPointRow[] = [];
  let added = 0;
  let kept = 0;
  const named = unnumbered.map((entry) => ({ ...entry, dp: numberOf(entry, rows) }));
  for (const entry of [...entries, ...named]) {
    const row = rows.find(({ dp, code }) =>
      entry.dp === "" ? code.trim() === entry.code : dp.trim() === entry.dp,
    );
    const isNameTaken = rows.some(({ dp, code }) => dp.trim() !== entry.dp && code.trim() === entry.code);
    const wanted = toRow(isNameTaken ? { ...entry, code: "" } : entry);
    const filled = !row ? wanted : replace ? replaced(row, wanted) : completed(row, wanted);
    if (row && isSame(row, filled)) {
      kept++;
      continue;
    }
    if (!row) added++;
    merged.push(filled);
  }
  return { rows: merged, added, completed: merged.length - added, kept };
}

/** The number of the row with this name; "" if there is no such row, or it has none. */
function numberOf({ code }: Unnumbered, rows: readonly DataPointRow[]): string {
  return rows.find((row) => row.code.trim() === code)?.dp.trim() ?? "";
}

/** A row overwritten by the template. Properties that the template does not have stay. */
function replaced(row: DataPointRow, wanted: DataPointRow): DataPointRow {
  const { extra } = withType(row, wanted.type);
  return { ...wanted, code: wanted.code || row.code, extra: { ...extra, ...wanted.extra }, guessed: false };
}

/** A row with what it lacks, from the template. */
function completed(row: DataPointRow, wanted: DataPointRow): DataPointRow {
  const isRefined =
    (row.guessed === true || isBare(row)) && (REFINEMENTS[row.type] ?? []).includes(wanted.type);
  const type = row.type === "" || isRefined ? wanted.type : row.type;
  // The scale of the template is used only if the type is the same.
  const isSameType = type === wanted.type;
  const fields: readonly TextField[] = ["code", "label", "access", ...(isSameType ? fieldsOf(type) : [])];
  const texts = Object.fromEntries(
    fields.map((name) => [name, row[name].trim() === "" ? wanted[name] : row[name]]),
  );
  // A flag that is off may be off on purpose, except in rows that nobody has edited.
  const flags = isSameType && isBare(row) ? (["event", ...flagsOf(type)] as const) : [];
  const on = Object.fromEntries(flags.map((name) => [name, wanted[name]]));
  const extra = isSameType ? { ...wanted.extra, ...row.extra } : row.extra;
  return { ...row, ...texts, ...on, type, extra, guessed: row.guessed === true && !isSameType };
}

/** Whether a row has only a number and a type, as the Test adds rows. */
function isBare(row: DataPointRow): boolean {
  const fields: readonly TextField[] = ["code", "label", "access", ...fieldsOf(row.type)];
  const isEmpty = fields.every((name) => row[name].trim() === "");
  return isEmpty && !row.event && Object.keys(row.extra).length === 0;
}

/** Whether both would be saved with the same fields. */
function isSame(row: DataPointRow, filled: DataPointRow): boolean {
  const entries = (some: DataPointRow): readonly string[] =>
    Object.entries(fromRow(some) ?? {}).map((entry) => JSON.stringify(entry));
  const [a, b] = [entries(row), entries(filled)];
  return a.length === b.length && a.every((entry) => b.includes(entry));
}
