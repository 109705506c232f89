import { parseObject } from "./notation/json-text";

/** Types of data points, in the words of Tuya's specifications. */
export const DATA_POINT_TYPES = ["Boolean", "Integer", "Enum", "String", "Raw", "Bitmap", "Json"] as const;

/** One of `DATA_POINT_TYPES`. */
export type DataPointType = (typeof DATA_POINT_TYPES)[number];

/** Access to data points, in the words of Tuya's schemas: both ways, report only, send only. */
export const DATA_POINT_ACCESS = ["rw", "ro", "wr"] as const;

/** One of `DATA_POINT_ACCESS`. */
export type DataPointAccess = (typeof DATA_POINT_ACCESS)[number];

/** Name and conversion of one data point, as configured. `min`, `max` and `step` are in device units, before the scale. */
export interface DataPoint {
  /** Number on the wire, as text. */
  readonly dp: string;
  /** Name in messages; "" = there is none, and the number is used. */
  readonly code: string;
  /** Display name for people; not used in messages. */
  readonly label: string | undefined;
  /** Undefined = not configured: values are passed unchanged. */
  readonly type: DataPointType | undefined;
  /** Power of ten: with 1, the device's 2301 means 230.1. */
  readonly scale: number;
  /**
   * The device's number is divided by this if the factor is no power of ten: with 2, its 43 means 21.5. Above 0; used
   * instead of `scale`.
   */
  readonly divisor: number | undefined;
  /** Display unit of the scaled value, such as "V". */
  readonly unit: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** For programs that offer values, such as Home Assistant. Values between the steps are not refused. */
  readonly step: number | undefined;
  /** Of an Enum: its members; of a Bitmap: the names of its bits. Empty = not known. */
  readonly values: readonly string[];
  /** Undefined = not configured: it may be written. */
  readonly access: DataPointAccess | undefined;
  /** A button or alarm: each report is an event, and the answer to a query is none. */
  readonly event: boolean;
  /** An increment such as `add_ele`: the sum of all reports counts, equal ones included. */
  readonly accumulate: boolean;
  /** An Integer that the device counts in the other direction: its `min` means `max`. Some covers and lamps do. */
  readonly invert: boolean;
}

/** A data point in a flow file, a profile or a shared table: only known fields are present. */
export type DataPointEntry = { readonly dp: string } & {
  readonly [Field in Exclude<keyof DataPoint, "dp">]?: Exclude<DataPoint[Field], undefined>;
};

/** A table that was read, and what is wrong with it. */
export interface ParsedDataPoints {
  readonly dataPoints: readonly DataPoint[];
  /** A sentence for every entry that was left out or changed. */
  readonly problems: readonly string[];
}

/** Other words for the types, as the LAN protocol and common tools use them. */
const TYPE_ALIASES: ReadonlyMap<string, DataPointType> = new Map([
  ["bool", "Boolean"],
  ["value", "Integer"],
  ["fault", "Bitmap"],
]);

const ACCESS_ALIASES: ReadonlyMap<string, DataPointAccess> = new Map([
  ["r", "ro"],
  ["read", "ro"],
  ["readonly", "ro"],
  ["w", "wr"],
  ["wo", "wr"],
  ["write", "wr"],
  ["writeonly", "wr"],
]);

const MAX_SCALE = 9;

/** Whether a text can be the number of a data point. Firmware has 1 to 255; larger ones do no harm in a table. */
export function isDpNumber(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text);
}

/**
 * The data points of a `tuya-device`. Accepts anything a flow file may contain: entries that make no sense are left out
 * and named in `problems`.
 */
export function parseDataPoints(list: unknown): ParsedDataPoints {
  if (list === undefined || list === null || list === "") return { dataPoints: [], problems: [] };
  if (!Array.isArray(list)) return { dataPoints: [], problems: ["The list of data points is no list."] };
  const dataPoints: DataPoint[] = [];
  const problems: string[] = [];
  const dps = new Set<string>();
  const codes = new Set<string>();
  for (const [index, item] of list.entries()) {
    const dataPoint = parseDataPoint(item, `Data point entry ${index + 1}`, problems);
    if (!dataPoint) continue;
    const { dp, code } = dataPoint;
    if (dps.has(dp)) {
      problems.push(`Data point ${dp} is listed twice; the first entry counts.`);
      continue;
    }
    const isNameTaken = code !== "" && codes.has(code);
    if (isNameTaken) problems.push(`The name ${code} is given twice; data point ${dp} keeps its number.`);
    dataPoints.push(isNameTaken ? { ...dataPoint, code: "" } : dataPoint);
    dps.add(dp);
    codes.add(code);
  }
  return { dataPoints, problems };
}

function parseDataPoint(item: unknown, where: string, problems: string[]): DataPoint | undefined {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    problems.push(`${where} is no data point.`);
    return undefined;
  }
  const entry = item as Readonly<Record<string, unknown>>;
  const dp = text(entry["dp"]);
  if (!isDpNumber(dp)) {
    problems.push(`${where} has no data point number.`);
    return undefined;
  }
  const scale = parseScale(entry["scale"], dp, problems);
  const divisor = parseDivisor(entry["divisor"], dp, problems);
  const { min, max } = parseLimits(entry["min"], entry["max"], dp, problems);
  return {
    dp,
    code: parseCode(entry["code"], dp, problems),
    label: text(entry["label"]) || undefined,
    // Only numbers are scaled.
    type:
      parseType(entry["type"], dp, problems) ??
      (scale === 0 && divisor === undefined ? undefined : "Integer"),
    scale,
    divisor,
    unit: text(entry["unit"]) || undefined,
    min,
    max,
    step: number(entry["step"]),
    values: parseValues(entry["values"]),
    access: parseAccess(entry["access"]),
    event: isOn(entry["event"]),
    accumulate: isOn(entry["accumulate"]),
    invert: isOn(entry["invert"]),
  };
}

/** A data point with a number and nothing else. */
export function bareDataPoint(dp: string): DataPoint {
  return {
    dp,
    code: "",
    label: undefined,
    type: undefined,
    scale: 0,
    divisor: undefined,
    unit: undefined,
    min: undefined,
    max: undefined,
    step: undefined,
    values: [],
    access: undefined,
    event: false,
    accumulate: false,
    invert: false,
  };
}

/**
 * Whether a data point is a measurement of a meter, by its code. Devices report these late, or only when asked to measure.
 */
export function isMeasured({ code }: Pick<DataPoint, "code">): boolean {
  return /^(?:cur_(?:current|power|voltage)|phase_[abc])/.test(code);
}

/** The entry of a data point: the reverse of `parseDataPoints`. */
export function toEntry(dataPoint: DataPoint): DataPointEntry {
  const known = Object.entries(dataPoint).filter(
    ([field, value]) =>
      value !== undefined &&
      value !== "" &&
      value !== false &&
      !(field === "scale" && value === 0) &&
      !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(known) as DataPointEntry;
}

/** A code that looks like a number is refused: numbers always mean the data point with that number. */
function parseCode(value: unknown, dp: string, problems: string[]): string {
  const code = text(value);
  if (!isDpNumber(code)) return code;
  if (code !== dp) problems.push(`Data point ${dp} cannot be named ${code}: that is a number.`);
  return "";
}

function parseType(value: unknown, dp: string, problems: string[]): DataPointType | undefined {
  const word = text(value).toLowerCase();
  if (word === "") return undefined;
  const type = DATA_POINT_TYPES.find((name) => name.toLowerCase() === word) ?? TYPE_ALIASES.get(word);
  if (!type)
    problems.push(`The type "${text(value)}" of data point ${dp} is not known: its values pass as they are.`);
  return type;
}

/** Reads a word for access. An unknown word does not forbid writing: the device itself decides. */
export function parseAccess(value: unknown): DataPointAccess | undefined {
  const word = text(value).toLowerCase();
  return (
    DATA_POINT_ACCESS.find((access) => access === word) ?? ACCESS_ALIASES.get(word.replace(/[-_ ]/g, ""))
  );
}

function parseScale(value: unknown, dp: string, problems: string[]): number {
  const scale = number(value) ?? 0;
  if (Number.isInteger(scale) && scale >= 0 && scale <= MAX_SCALE) return scale;
  problems.push(
    `The scale of data point ${dp} is no whole number from 0 to ${MAX_SCALE}: values are not scaled.`,
  );
  return 0;
}

function parseDivisor(value: unknown, dp: string, problems: string[]): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const divisor = number(value);
  if (divisor !== undefined && divisor > 0) return divisor;
  problems.push(`The divisor of data point ${dp} is no number above 0: its scale counts.`);
  return undefined;
}

/** Limits the wrong way round, or such as 0 and 0, would refuse every value there is. */
function parseLimits(
  least: unknown,
  most: unknown,
  dp: string,
  problems: string[],
): Pick<DataPoint, "min" | "max"> {
  const [min, max] = [number(least), number(most)];
  if (min === undefined || max === undefined || min < max) return { min, max };
  problems.push(`The min of data point ${dp} is not below its max: its values have no limits.`);
  return { min: undefined, max: undefined };
}

/**
 * The members of an Enum, or the names of the bits of a Bitmap: a list, or a text with commas or lines between them. Also
 * as Tuya's specifications have them, in JSON: `["low", "high"]`, `{"range": […]}` or `{"label": […]}`; with backslashes
 * before its quotes, too, as in the platform's answers, where it is a text inside JSON.
 */
export function parseValues(value: unknown): readonly string[] {
  const written = typeof value === "string" ? (parseObject(value) ?? parseEscaped(value)) : value;
  const items = typeof written === "object" ? listIn(written) : text(value).split(/[,\n]/);
  return items.map(text).filter((item) => item !== "");
}

/** The object in a text inside JSON, with its quotes or without; undefined if there is none. */
function parseEscaped(value: string): object | undefined {
  try {
    const inner: unknown = JSON.parse(/^\s*"/.test(value) ? value : `"${value}"`);
    return typeof inner === "string" ? parseObject(inner) : undefined;
  } catch {
    return undefined;
  }
}

function listIn(value: object | null): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const { range, label } = (value ?? {}) as { readonly range?: unknown; readonly label?: unknown };
  return [range, label].find((list) => Array.isArray(list)) ?? [];
}

function isOn(value: unknown): boolean {
  return value === true || value === "true";
}

function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
}

function number(value: unknown): number | undefined {
  const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : undefined;
}
