import type { DataPointEntry } from "../../../src/datapoints/datapoint";
import type { Unnumbered } from "../../../src/import/entries";
import { fieldsOf, flagsOf, fromRow, toRow, withType, type DataPointRow, type TextField } from "./data-point";

/** What filling a table does to its rows. Nothing is done yet. */
export interface Merge {
  /** Rows that are to say something else, and those to be added. */
  readonly rows: readonly DataPointRow[];
  readonly added: number;
  readonly completed: number;
  /** Rows that say all of it, or something else, and stay as they are. */
  readonly kept: number;
}

/** What a value that looks like one type may be in truth. */
const REFINEMENTS: Readonly<Record<string, readonly string[]>> = {
  Integer: ["Bitmap"],
  String: ["Enum", "Raw", "Json", "Bitmap"],
};

/**
 * Fills a table from a template. A row keeps what stands in it: only what it lacks is taken, and a type that a value was
 * taken for gives way to what it may be in truth. What has no number goes to the row of its name, or waits for one. With `replace` a row says what the template says. No row is ever removed.
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

/** The number the row with this name has; "" where there is no such row, or it has none. */
function numberOf({ code }: Unnumbered, rows: readonly DataPointRow[]): string {
  return rows.find((row) => row.code.trim() === code)?.dp.trim() ?? "";
}

/** What the template does not know of stays: properties of others, and a name it cannot give. */
function replaced(row: DataPointRow, wanted: DataPointRow): DataPointRow {
  const { extra } = withType(row, wanted.type);
  return { ...wanted, code: wanted.code || row.code, extra: { ...extra, ...wanted.extra }, guessed: false };
}

function completed(row: DataPointRow, wanted: DataPointRow): DataPointRow {
  const isRefined =
    (row.guessed === true || isBare(row)) && (REFINEMENTS[row.type] ?? []).includes(wanted.type);
  const type = row.type === "" || isRefined ? wanted.type : row.type;
  // A scale is of no use to a row that was said to be a text.
  const isSameType = type === wanted.type;
  const fields: readonly TextField[] = ["code", "label", "access", ...(isSameType ? fieldsOf(type) : [])];
  const texts = Object.fromEntries(
    fields.map((name) => [name, row[name].trim() === "" ? wanted[name] : row[name]]),
  );
  // Whether a flag is off because somebody wants it so cannot be seen but of rows nobody has worked on.
  const flags = isSameType && isBare(row) ? (["event", ...flagsOf(type)] as const) : [];
  const on = Object.fromEntries(flags.map((name) => [name, wanted[name]]));
  const extra = isSameType ? { ...wanted.extra, ...row.extra } : row.extra;
  return { ...row, ...texts, ...on, type, extra, guessed: row.guessed === true && !isSameType };
}

/** Whether a row says nothing but a number and a type, as the Test adds them. */
function isBare(row: DataPointRow): boolean {
  const fields: readonly TextField[] = ["code", "label", "access", ...fieldsOf(row.type)];
  const isEmpty = fields.every((name) => row[name].trim() === "");
  return isEmpty && !row.event && Object.keys(row.extra).length === 0;
}

function isSame(row: DataPointRow, filled: DataPointRow): boolean {
  const entries = (some: DataPointRow): readonly string[] =>
    Object.entries(fromRow(some) ?? {}).map((entry) => JSON.stringify(entry));
  const [a, b] = [entries(row), entries(filled)];
  return a.length === b.length && a.every((entry) => b.includes(entry));
}
