import { isColour } from "../datapoints/notation/colour-format";
import { type DataPoint, type DataPointEntry, parseDataPoints, toEntry } from "../datapoints/datapoint";
import { type Fields, isFields, textField } from "./fields";
import { readLiteral } from "./literal";

/** A data point whose number is not in the source. */
export type Unnumbered = Omit<DataPointEntry, "dp">;

/** The data points that a source describes, as in a flow file. */
export interface Specification {
  readonly datapoints: readonly DataPointEntry[];
  /** Data points whose number is not in the source. Absent if all have one. */
  readonly unnumbered?: readonly Unnumbered[];
  /** A sentence for everything that was left out or changed. */
  readonly problems: readonly string[];
}

export const NO_SPECIFICATION: Specification = { datapoints: [], problems: [] };

/** More data points than any product has; further ones are left out. */
const MAX_DATA_POINTS = 500;

/**
 * Makes a specification of entries, which `parseDataPoints` checks. Entries with a code but no number go to `unnumbered`.
 */
export function specificationOf(entries: readonly Fields[]): Specification {
  const hasNumber = (entry: Fields) => textField(entry, "dp") !== "";
  const { dataPoints, problems } = parseDataPoints(entries.filter(hasNumber).slice(0, MAX_DATA_POINTS));
  const unnumbered = entries
    .filter((entry) => !hasNumber(entry) && textField(entry, "code") !== "")
    .slice(0, MAX_DATA_POINTS)
    .flatMap((entry) => parseDataPoints([{ ...entry, dp: "1" }]).dataPoints)
    .map((dataPoint) => withoutNumber(toEntry(dataPoint)));
  const more =
    entries.length > MAX_DATA_POINTS ? [`Only the first ${MAX_DATA_POINTS} data points are taken.`] : [];
  return {
    datapoints: dataPoints.map(toEntry),
    ...(unnumbered.length > 0 && { unnumbered }),
    problems: [...problems, ...more],
  };
}

function withoutNumber({ dp: _dp, ...entry }: DataPointEntry): Unnumbered {
  return entry;
}

/** Reads the cloud's description of a data point: its code, and its limits in `values` or a field with another name. */
export function entryOf(item: Fields): Fields {
  const values = parsed(item["values"] ?? item["raw_values"] ?? item["property"]);
  const limits = isFields(values) ? values : {};
  const entry = {
    code: textField(item, "code"),
    label: textField(item, "custom_name", "name"),
    type: textField(item, "type"),
    access: textField(item, "access", "mode", "accessMode"),
    ...limitsOf(limits),
  };
  return withMeaning(entry, limits);
}

/** The unit, range and words of a data point, from the limits in the cloud's description. */
export function limitsOf(limits: Fields): Fields {
  const { unit, min, max, scale, step, range, label } = limits;
  return {
    unit,
    min,
    max,
    scale,
    step,
    values: Array.isArray(range) ? range : Array.isArray(label) ? label : [],
  };
}

/**
 * Adds to an entry what follows from a standard code: whether it is an event or an increment. The maximum of a colour is
 * that of its saturation, which its limits have in `s`.
 */
export function withMeaning(entry: Fields, limits: Fields): Fields {
  const [dataPoint] = parseDataPoints([{ dp: "1", ...entry }]).dataPoints;
  if (!dataPoint) return entry;
  const { code } = dataPoint;
  if (isColour(dataPoint)) {
    const saturation = isFields(limits["s"]) ? limits["s"] : {};
    return { ...entry, min: undefined, max: saturation["max"], scale: undefined };
  }
  // add_ele is the energy used since the last report.
  return { ...entry, event: isMomentary(dataPoint), accumulate: /^add_ele(?:_?\d)?$/.test(code) };
}

/** Standard codes of locks, doorbells and alarms: each report means that something happened just now. */
const HAPPENING = /^(?:unlock_\w+|hijack|alarm_(?:lock|message|msg)|doorbell\w*|initiative_message)$/;
/** Similar codes that are settings. Needed if the access is not known. */
const SETTING =
  /^(?:unlock_switch|doorbell_\w*(?:song|volume|tone|tune|type|switch|language|time|settings?))$/;
/** Codes of keys of scene switches and remote controls. On wall switches some of them are settings, which can be set. */
const KEY = /^(?:switch_mode_?\d*|switch_?\d*_value|switch_type_\d+|switch_scene\w*|scene(?:_switch)?_?\d*)$/;
/** Words for what is done to a key: `single_click`, `long_press`, `press_long`, `rotate_left`. */
const PRESS = /^(?:\w+_)?(?:click|press|push|hold|tap|release|rotate)(?:_\w+)?\d?$/;

/**
 * Whether each report of a data point is an event, so that two equal ones are two events. Decided by its access (what can
 * be set is a state) and its code. If the access is not known, a key is also recognized by its words, if all of them are
 * things done to a key; so are keys with codes of a manufacturer.
 */
export function isMomentary({ code, type, access, values }: DataPoint): boolean {
  if (access === "rw" || access === "wr") return false;
  if (HAPPENING.test(code)) return access === "ro" || !SETTING.test(code);
  if (type !== "Enum") return false;
  const isPressed = values.length > 0 && values.every((word) => PRESS.test(word));
  return isPressed || (access === "ro" && KEY.test(code));
}

/** A divisor as the field `scale` of an entry if it is a power of ten, otherwise as `divisor`. */
export function dividedBy(divisor: number): Fields {
  const clean = Number(divisor.toPrecision(12));
  const power = Math.log10(clean);
  return Number.isInteger(power) && power > 0 ? { scale: power } : { divisor: clean };
}

/** The value in a text with JSON; undefined if it cannot be read. Other values are returned unchanged. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const result = readLiteral(value);
  return result.ok ? result.value : undefined;
}
