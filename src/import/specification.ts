import { type Fields, isFields, listOf, textField } from "./fields";
import {
  entryOf,
  limitsOf,
  NO_SPECIFICATION,
  parsed,
  type Specification,
  specificationOf,
  withMeaning,
} from "./entries";

/**
 * tinytuya's `mapping`: `{"20": {"code": "cur_voltage", "type": "Integer", "values": {"unit": "V", "scale": 1, …}}}`,
 * with values as an object or as the JSON text the cloud answers.
 */
export function readMapping(mapping: unknown): Specification {
  if (!isFields(mapping)) return NO_SPECIFICATION;
  return specificationOf(
    Object.entries(mapping).map(([dp, item]) => ({ ...(isFields(item) ? entryOf(item) : {}), dp })),
  );
}

/**
 * Reads the cloud's answer about a device: `{functions, status}`, sometimes with the numbers in `dp_id`, or a thing
 * model, `{services: [{properties}]}` or its JSON text. What is in both functions and status can be set and is reported;
 * if there is only one list, the access is not known.
 */
export function readSpecification(specification: unknown): Specification {
  const answer = parsed(specification);
  if (!isFields(answer)) return NO_SPECIFICATION;
  // In a device, `model` is the name of the product.
  const model = parsed(answer["model"]);
  const fields = isFields(model) && Array.isArray(model["services"]) ? model : answer;
  if (Array.isArray(fields["services"])) {
    const services = listOf(fields["services"]);
    return specificationOf(services.flatMap((service) => listOf(service["properties"])).map(modelEntry));
  }
  const functions = listOf(fields["functions"]);
  const status = listOf(fields["status"]).filter((item) => Object.hasOwn(item, "type"));
  const isKnown = functions.length > 0 && status.length > 0;
  const has = (list: readonly Fields[], item: Fields) => list.some((other) => isSame(other, item));
  const both = [...functions, ...status.filter((item) => !has(functions, item))];
  return specificationOf(
    both.map((item) => {
      const access = !has(status, item) ? "wr" : has(functions, item) ? "rw" : "ro";
      return numbered(isKnown ? { ...item, access } : item);
    }),
  );
}

/**
 * What the platform answers about a device's properties: `[{code, dp_id, type, value}]`, the present values with their
 * names. Older answers have no types: then the type is taken from the value if it is certain.
 */
export function readProperties(properties: readonly Fields[]): Specification {
  const read = specificationOf(properties.map((item) => numbered({ type: typeOf(item["value"]), ...item })));
  const known = properties.some((item) => isFields(parsed(item["values"])));
  return known ? read : { ...read, problems: [...read.problems, BARE_PROPERTIES] };
}

const BARE_PROPERTIES =
  "This answer tells names and types only: scales, units, limits and the words of choices are in the answer about the thing model.";

/** The names subzero79's `tuya-local` gives data points: `{"1": "state"}`, as an object or as a text. */
export function readNames(names: unknown): Specification {
  const fields = parsed(names);
  if (!isFields(fields)) return NO_SPECIFICATION;
  return specificationOf(Object.entries(fields).map(([dp, code]) => ({ dp, code })));
}

/** The table of a `tuya-device` of ours, or of a profile. */
export function readTable(table: unknown): Specification {
  return Array.isArray(table) ? specificationOf(table.filter(isFields)) : NO_SPECIFICATION;
}

/** An entry with its number, which has different names in lists. */
function numbered(item: Fields): Fields {
  return { ...entryOf(item), dp: dpOf(item) };
}

/** One property of a thing model: `{abilityId, code, accessMode, typeSpec: {type, min, max, …}}`. */
function modelEntry(property: Fields): Fields {
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

function dpOf(item: Fields): string {
  return textField(item, "dp_id", "dpId", "abilityId", "id");
}

/** Whether two entries describe the same data point. */
function isSame(a: Fields, b: Fields): boolean {
  return dpOf(a) === dpOf(b) && (dpOf(a) !== "" || textField(a, "code") === textField(b, "code"));
}

/** The type of a value if it is certain, otherwise "". A text may be a choice, bytes or JSON. */
function typeOf(value: unknown): string {
  return typeof value === "boolean" ? "Boolean" : typeof value === "number" ? "Integer" : "";
}
