import { isDpNumber } from "../../src/datapoints/datapoint";

/** One entry of `datapoints`, as it stands in a flow file: only what is known is present. */
export interface DataPoint {
  readonly dp: string;
  readonly code?: string;
  readonly type?: string;
  /** Power of ten: with a scale of 1 the device's 2301 is 230.1. */
  readonly scale?: number;
  readonly unit?: string;
  /** Limits and step as the device counts, before the scale. */
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** Values of an Enum, or names of the bits of a Bitmap, lowest first. */
  readonly values?: readonly string[];
  /** Every report counts, equal values too: buttons and scenes. */
  readonly event?: boolean;
}

const TEXTS = ["dp", "code", "type", "scale", "unit", "min", "max", "step", "values"] as const;
const NUMBERS = ["scale", "min", "max", "step"] as const;

export type TextField = (typeof TEXTS)[number];

/** A data point as it is typed. `extra` carries properties this editor does not know, so that saving keeps them. */
export type DataPointRow = Record<TextField, string> & {
  event: boolean;
  extra: Readonly<Record<string, unknown>>;
};

/** What is wrong with one field of a row: a key below `problem` in the catalogue. */
export interface FieldProblem {
  readonly field: TextField;
  readonly problem:
    "dpMissing" | "dpNumber" | "dpTwice" | "codeNumber" | "codeForm" | "codeTwice" | "number" | "scale";
}

/** Fields beyond dp, code, type and event that mean something for a type. Without a type the value may be a number. */
export function fieldsOf(type: string): readonly TextField[] {
  switch (type) {
    case "Integer":
    case "":
      return ["scale", "unit", "min", "max", "step"];
    case "Enum":
    case "Bitmap":
      return ["values"];
    default:
      return [];
  }
}

/** The rows that show saved data points, whatever stands in the flow file: some are written by hand. */
export function toRows(datapoints: unknown): DataPointRow[] {
  const entries: readonly unknown[] = Array.isArray(datapoints) ? datapoints : [];
  return entries
    .filter((entry) => typeof entry === "object" && entry !== null)
    .map((entry) => toRow(entry as Readonly<Record<string, unknown>>));
}

/** The row that shows one saved data point. */
export function toRow(point: Readonly<Record<string, unknown>>): DataPointRow {
  const { event, ...rest } = point;
  const extra = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !(TEXTS as readonly string[]).includes(name)),
  );
  const row = Object.fromEntries(TEXTS.map((name) => [name, asText(rest[name])])) as Record<
    TextField,
    string
  >;
  return { ...row, event: event === true || event === "true", extra };
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What is saved of a row; undefined where nothing was typed. A number that is none is left out. */
export function fromRow(row: DataPointRow): DataPoint | undefined {
  const dp = row.dp.trim();
  const code = row.code.trim();
  if (dp === "" && code === "") return undefined;
  const fields = fieldsOf(row.type);
  const number = (name: "scale" | "min" | "max" | "step"): object =>
    fields.includes(name) && isNumber(row[name]) ? { [name]: Number(row[name]) } : {};
  const unit = fields.includes("unit") ? row.unit.trim() : "";
  const values = fields.includes("values") ? splitList(row.values) : [];
  return {
    dp,
    ...(code !== "" && { code }),
    ...(row.type !== "" && { type: row.type }),
    ...number("scale"),
    ...(unit !== "" && { unit }),
    ...number("min"),
    ...number("max"),
    ...number("step"),
    ...(values.length > 0 && { values }),
    ...(row.event && { event: true }),
    ...row.extra,
  };
}

/** What is wrong with each row, in the order of the rows. */
export function problemsOf(rows: readonly DataPointRow[]): readonly (readonly FieldProblem[])[] {
  const times = (field: "dp" | "code", text: string) =>
    rows.filter((row) => row[field].trim() === text).length;
  return rows.map((row) => {
    const dp = row.dp.trim();
    const code = row.code.trim();
    const problems: FieldProblem[] = [];
    if (dp === "" && code !== "") problems.push({ field: "dp", problem: "dpMissing" });
    else if (dp !== "" && !isDpNumber(dp)) problems.push({ field: "dp", problem: "dpNumber" });
    else if (dp !== "" && times("dp", dp) > 1) problems.push({ field: "dp", problem: "dpTwice" });
    if (/^\d+$/.test(code)) problems.push({ field: "code", problem: "codeNumber" });
    else if (/[\s,]/.test(code)) problems.push({ field: "code", problem: "codeForm" });
    else if (code !== "" && times("code", code) > 1) problems.push({ field: "code", problem: "codeTwice" });
    const fields = fieldsOf(row.type);
    for (const field of NUMBERS) {
      if (!fields.includes(field) || row[field].trim() === "") continue;
      if (field === "scale" && !/^\d$/.test(row.scale.trim())) problems.push({ field, problem: "scale" });
      else if (!isNumber(row[field])) problems.push({ field, problem: "number" });
    }
    return problems;
  });
}

/** The details of a row in one line: `÷10 V · 0…5000`, or the values of an Enum. */
export function summaryOf(row: DataPointRow): string {
  const fields = fieldsOf(row.type);
  if (fields.includes("values")) return splitList(row.values).join(", ");
  if (fields.length === 0) return "";
  const scale = /^[1-9]$/.test(row.scale.trim()) ? `÷${10 ** Number(row.scale)}` : "";
  const range = row.min.trim() || row.max.trim() ? `${row.min.trim()}…${row.max.trim()}` : "";
  return [[scale, row.unit.trim()].filter(Boolean).join(" "), range].filter(Boolean).join(" · ");
}

/** What the device's 2301 becomes: `230.1 V`. */
export function exampleOf(row: DataPointRow, raw: number): string {
  const scale = /^\d$/.test(row.scale.trim()) ? Number(row.scale) : 0;
  return `${(raw / 10 ** scale).toFixed(scale)} ${row.unit.trim()}`.trim();
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function isNumber(text: string): boolean {
  return /^\s*-?\d+(\.\d+)?\s*$/.test(text);
}
