import { isColour } from "../datapoints/notation/colour-format";
import { type DataPointEntry, isDpNumber, parseDataPoints, toEntry } from "../datapoints/datapoint";
import { type Fields, isFields, textField } from "./fields";
import { readLiteral } from "./literal";

/** Data points of a device, as a flow file holds them, and a sentence for everything that was left out or changed. */
export interface Specification {
  readonly datapoints: readonly DataPointEntry[];
  readonly problems: readonly string[];
}

/** More than any product has; what comes behind is left out. */
const MAX_DATA_POINTS = 500;

/**
 * tinytuya's `mapping`: `{"20": {"code": "cur_voltage", "type": "Integer", "values": {"unit": "V", "scale": 1, …}}}`,
 * with values as an object or as the JSON text the cloud answers.
 */
export function readMapping(mapping: unknown): Specification {
  if (!isFields(mapping)) return { datapoints: [], problems: [] };
  return finish(
    Object.entries(mapping).map(([dp, item]) => ({ ...(isFields(item) ? entryOf(item) : {}), dp })),
  );
}

/**
 * What the cloud answers about a device: `{functions, status}` with `dp_id`, or a thing model, `{services: [{properties}]}`
 * or the JSON text of one. What is in both functions and status can be set and is reported.
 */
export function readSpecification(specification: unknown): Specification {
  const fields = parsed(
    isFields(specification) && "model" in specification ? specification["model"] : specification,
  );
  if (!isFields(fields)) return { datapoints: [], problems: [] };
  if (Array.isArray(fields["services"])) {
    const services = fields["services"].filter(isFields);
    return finish(services.flatMap((service) => listOf(service["properties"])).map(propertyEntry));
  }
  const functions = listOf(fields["functions"]);
  const status = listOf(fields["status"]);
  const has = (list: readonly Fields[], item: Fields) => list.some((other) => dpOf(other) === dpOf(item));
  const both = [...functions, ...status.filter((item) => !has(functions, item))];
  return finish(
    both.map((item) => {
      const access = !has(status, item) ? "wr" : has(functions, item) ? "rw" : "ro";
      return { ...entryOf(item), dp: dpOf(item), access };
    }),
  );
}

/** The names subzero79's `tuya-local` gives data points: `{"1": "state"}`, as an object or as a text. */
export function readNames(names: unknown): Specification {
  const fields = parsed(names);
  if (!isFields(fields)) return { datapoints: [], problems: [] };
  return finish(Object.entries(fields).map(([dp, code]) => ({ dp, code })));
}

/** The table of a `tuya-device` of ours, or of a profile. */
export function readTable(table: unknown): Specification {
  return Array.isArray(table) ? finish(table.filter(isFields)) : { datapoints: [], problems: [] };
}

function finish(entries: readonly Fields[]): Specification {
  const named = entries
    .filter(({ dp }) => typeof dp === "string" && isDpNumber(dp))
    .slice(0, MAX_DATA_POINTS);
  const { dataPoints, problems } = parseDataPoints(named);
  const more =
    entries.length > MAX_DATA_POINTS ? [`Only the first ${MAX_DATA_POINTS} data points are taken.`] : [];
  return { datapoints: dataPoints.map(toEntry), problems: [...problems, ...more] };
}

/** An entry as `parseDataPoints` reads it. Of a colour, the limit of saturation and value is its maximum. */
function entryOf(item: Fields): Fields {
  const values = parsed(item["values"] ?? item["raw_values"] ?? item["property"]);
  const limits = isFields(values) ? values : {};
  const entry = {
    code: textField(item, "code"),
    label: textField(item, "custom_name", "name"),
    type: textField(item, "type"),
    access: textField(item, "access", "mode"),
    ...limitsOf(limits),
  };
  return withMeaning(entry, limits);
}

/** One property of a thing model: `{abilityId, code, accessMode, typeSpec: {type, min, max, …}}`. */
function propertyEntry(property: Fields): Fields {
  const spec = isFields(property["typeSpec"]) ? property["typeSpec"] : {};
  const entry = {
    dp: dpOf(property),
    code: textField(property, "code"),
    label: textField(property, "name"),
    type: textField(spec, "type"),
    access: textField(property, "accessMode"),
    ...limitsOf(spec),
  };
  return withMeaning(entry, spec);
}

function limitsOf(limits: Fields): Fields {
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

/** What the standard codes say beyond the type. */
function withMeaning(entry: Fields, limits: Fields): Fields {
  const [dataPoint] = parseDataPoints([{ dp: "1", ...entry }]).dataPoints;
  if (!dataPoint) return entry;
  const { code, type, values } = dataPoint;
  if (isColour(dataPoint)) {
    const saturation = isFields(limits["s"]) ? limits["s"] : {};
    return { ...entry, min: undefined, max: saturation["max"], scale: undefined };
  }
  // A button reports the same word for every press; add_ele is what was used since the last report.
  const isButton = type === "Enum" && values.some((value) => /click|press/.test(value));
  return { ...entry, event: isButton, accumulate: /^add_ele(?:_?\d)?$/.test(code) };
}

function dpOf(item: Fields): string {
  return textField(item, "dp_id", "dpId", "abilityId", "id");
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** An object, or the object in a text. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const result = readLiteral(value);
  return result.ok ? result.value : undefined;
}
