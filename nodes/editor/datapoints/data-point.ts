import {
  bareDataPoint,
  isDpNumber,
  parseAccess,
  parseDataPoints,
  parseValues,
  type DataPoint,
} from "../../../src/datapoints/datapoint";
import type { SavedDataPoint } from "../base/red";

/** The fields that are texts while they are edited. */
const TEXTS = [
  "dp",
  "code",
  "label",
  "type",
  "scale",
  "divisor",
  "unit",
  "min",
  "max",
  "step",
  "values",
  "access",
] as const;
/** The text fields that are saved as numbers. */
const NUMBERS = ["scale", "divisor", "min", "max", "step"] as const;
/** The fields that are on or off. */
const FLAGS = ["event", "accumulate", "invert"] as const;

/** One of `TEXTS`. */
export type TextField = (typeof TEXTS)[number];
/** One of `FLAGS`. */
export type Flag = (typeof FLAGS)[number];

/**
 * A data point while it is edited, with texts as typed. `extra` has properties that this editor does not show: unknown
 * ones, and those without a meaning for the type. They are saved unchanged.
 */
export type DataPointRow = Record<TextField, string> &
  Record<Flag, boolean> & {
    extra: Readonly<Record<string, unknown>>;
    /** Whether the type was guessed from a value, so that a template may replace it. */
    guessed?: boolean;
  };

/** What is wrong with one field of a row; `problem` is a key below `problem` in the catalogue of tuya-device. */
export interface FieldProblem {
  readonly field: TextField;
  readonly problem:
    | "dpMissing"
    | "dpNumber"
    | "dpTwice"
    | "codeNumber"
    | "codeForm"
    | "codeTwice"
    | "number"
    | "scale"
    | "divisor";
}

/** The text fields that only some types have, for this type; "" = not configured: then the value may be a number. */
export function fieldsOf(type: string): readonly TextField[] {
  switch (type) {
    case "Integer":
    case "":
      return ["scale", "divisor", "unit", "min", "max", "step"];
    case "Enum":
    case "Bitmap":
      return ["values"];
    default:
      return [];
  }
}

/** The flags of a type, besides `event`, which each type has. */
export function flagsOf(type: string): readonly Flag[] {
  if (type === "Integer") return ["accumulate", "invert"];
  return type === "" ? ["accumulate"] : [];
}

/** The rows for saved data points. A flow file may be written by hand, so each value may be anything. */
export function toRows(datapoints: unknown): DataPointRow[] {
  const entries: readonly unknown[] = Array.isArray(datapoints) ? datapoints : [];
  return entries
    .filter((entry) => typeof entry === "object" && entry !== null)
    .map((entry) => toRow(entry as Readonly<Record<string, unknown>>));
}

/** The row for one saved data point. */
export function toRow(point: Readonly<Record<string, unknown>>): DataPointRow {
  const type = asText(point["type"]);
  const isShown = (name: string): boolean =>
    ["dp", "code", "label", "type", "access", "event", ...fieldsOf(type), ...flagsOf(type)].includes(name);
  const write = (name: TextField): string =>
    name === "values" ? listText(point[name]) : asText(point[name]);
  const text = (name: TextField): string => (isShown(name) ? write(name) : "");
  const isOn = (name: Flag): boolean => isShown(name) && (point[name] === true || point[name] === "true");
  const texts = Object.fromEntries(TEXTS.map((name) => [name, text(name)])) as Record<TextField, string>;
  const flags = Object.fromEntries(FLAGS.map((name) => [name, isOn(name)])) as Record<Flag, boolean>;
  const extra = Object.fromEntries(Object.entries(point).filter(([name]) => !isShown(name)));
  return { ...texts, ...flags, access: parseAccess(texts.access) ?? texts.access, extra };
}

/**
 * The changes to a row that gets another type. What is typed for the former type stays in the row, unseen, in case that type
 * is chosen again. Of `extra` only properties stay that are unknown: the others had no meaning for the former type.
 */
export function withType(row: DataPointRow, type: string): Pick<DataPointRow, "type" | "guessed" | "extra"> {
  const isForeign = (name: string): boolean => ![...TEXTS, ...FLAGS].some((known) => known === name);
  const extra = Object.fromEntries(Object.entries(row.extra).filter(([name]) => isForeign(name)));
  return { type, guessed: false, extra };
}

/** A list of words as people type it; in JSON if a word has a comma in it, which would cut it in two. */
function listText(values: unknown): string {
  const words = parseValues(values);
  return words.some((word) => /[,\n]/.test(word)) ? JSON.stringify(words) : words.join(", ");
}

/** What a field shows for a saved value: "" for what is neither text nor number. */
function asText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The data point to save for a row; undefined if nothing was typed. Fields with an invalid number are left out. */
export function fromRow(row: DataPointRow): SavedDataPoint | undefined {
  const dp = row.dp.trim();
  const code = row.code.trim();
  if (dp === "" && code === "") return undefined;
  const fields = fieldsOf(row.type);
  const number = (name: (typeof NUMBERS)[number]): object =>
    fields.includes(name) && isNumber(row[name]) ? { [name]: Number(row[name]) } : {};
  const label = row.label.trim();
  const unit = fields.includes("unit") ? row.unit.trim() : "";
  const flags = (["event", ...flagsOf(row.type)] as const).filter((name) => row[name]);
  const values = fields.includes("values") ? parseValues(row.values) : [];
  return {
    dp,
    ...(code !== "" && { code }),
    ...(label !== "" && { label }),
    ...(row.type !== "" && { type: row.type }),
    ...number("scale"),
    ...number("divisor"),
    ...(unit !== "" && { unit }),
    ...number("min"),
    ...number("max"),
    ...number("step"),
    ...(values.length > 0 && { values }),
    ...(row.access !== "" && { access: row.access }),
    ...Object.fromEntries(flags.map((name) => [name, true])),
    ...row.extra,
  };
}

/** A row as the runtime reads it; a row without a usable number as if it had the number 1. */
export function parseRow(row: DataPointRow): DataPoint {
  const dp = isDpNumber(row.dp.trim()) ? row.dp.trim() : "1";
  const [dataPoint] = parseDataPoints([{ ...fromRow({ ...row, dp }) }]).dataPoints;
  return dataPoint ?? bareDataPoint(dp);
}

/** The problems of each row, in the order of the rows. */
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
      else if (field === "divisor" && divisorOf(row) === undefined)
        problems.push({ field, problem: "divisor" });
      else if (!isNumber(row[field])) problems.push({ field, problem: "number" });
    }
    return problems;
  });
}

/** The divisor of a row, if it is a number above 0. */
function divisorOf({ divisor }: DataPointRow): number | undefined {
  return isNumber(divisor) && Number(divisor) > 0 ? Number(divisor) : undefined;
}

/** The details of a row in one line: `÷10 V · 0…5000`, or the values of an Enum; the label if there are none. */
export function summaryOf(row: DataPointRow): string {
  return limitsOf(row) || row.label.trim();
}

/** The same without the label. */
function limitsOf(row: DataPointRow): string {
  const fields = fieldsOf(row.type);
  if (fields.includes("values")) return parseValues(row.values).join(", ");
  if (fields.length === 0) return "";
  const power = /^[1-9]$/.test(row.scale.trim()) ? 10 ** Number(row.scale) : undefined;
  const divisor = divisorOf(row) ?? power;
  const scale = divisor === undefined ? "" : `÷${divisor}`;
  const range = row.min.trim() || row.max.trim() ? `${row.min.trim()}…${row.max.trim()}` : "";
  return [[scale, row.unit.trim()].filter(Boolean).join(" "), range].filter(Boolean).join(" · ");
}

/** A raw value converted by a row: `230.1 V` for 2301. */
export function exampleOf(row: DataPointRow, raw: number): string {
  const divisor = divisorOf(row);
  const scale = /^\d$/.test(row.scale.trim()) ? Number(row.scale) : 0;
  const value =
    divisor === undefined
      ? (raw / 10 ** scale).toFixed(scale)
      : String(Number((raw / divisor).toPrecision(EXAMPLE_DIGITS)));
  return `${value} ${row.unit.trim()}`.trim();
}

/** How many digits of an example are shown, because a divisor may make it endless. */
const EXAMPLE_DIGITS = 6;

function isNumber(text: string): boolean {
  return /^\s*-?\d+(\.\d+)?\s*$/.test(text);
}
