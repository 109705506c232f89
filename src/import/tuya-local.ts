import { dividedBy, type Specification, specificationOf } from "./entries";
import { type Fields, isFields, isOn, listOf, textField } from "./fields";

/**
 * The words of tuya-local for types. A unixtime is in seconds since 1970. Hex is a text here: as bytes it would be
 * written as base64.
 */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["boolean", "Boolean"],
  ["integer", "Integer"],
  ["float", "Integer"],
  ["unixtime", "Integer"],
  ["bitfield", "Bitmap"],
  ["base64", "Raw"],
  ["utf16b64", "Raw"],
  ["hex", "String"],
  ["json", "Json"],
  ["string", "String"],
]);

/** Tuya's standard codes for the names of tuya-local, by kind of entity: friendly names need standard codes. */
const CODES: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  [
    "light",
    {
      switch: "switch_led",
      brightness: "bright_value",
      color_temp: "temp_value",
      color_mode: "work_mode",
      rgbhsv: "colour_data",
    },
  ],
  ["cover", { control: "control", position: "percent_control", current_position: "percent_state" }],
]);

/** Names that only tell the role of a data point in its entity: the name of the entity tells what it is. */
const ROLES: readonly string[] = ["sensor", "value", "option", "button", "event", "lock", "switch", "unit"];

/** More entities than any device has, and more data points than any entity uses. */
const MAX_ENTITIES = 500;
const MAX_USES = 100;

/** Kinds of entities that only show values. */
const SHOWN: readonly string[] = ["sensor", "binary_sensor", "event"];

/** How YAML writes that there is no value. */
const NOTHING: readonly string[] = ["", "null", "~"];

/** Units of tuya-local that are written differently elsewhere. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ["C", "°C"],
  ["F", "°F"],
]);

/**
 * Reads the data points in a device file of Home Assistant's tuya-local; undefined for any other object. A data point
 * that several entities use is described once.
 */
export function readTuyaLocal(value: Fields): Specification | undefined {
  // Bounded, because aliases in YAML can make a very long list of a short text.
  const primary = isFields(value["primary_entity"]) ? [value["primary_entity"]] : [];
  const entities = [...primary, ...listOf(value["secondary_entities"]), ...listOf(value["entities"])].slice(
    0,
    MAX_ENTITIES,
  );
  const uses = entities.flatMap((owner) =>
    listOf(owner["dps"])
      .slice(0, MAX_USES)
      .map((dp) => [owner, dp] as const),
  );
  if (!uses.some(([, { id }]) => id !== undefined)) return undefined;
  const entries = new Map<string, Fields>();
  const codes = new Set<string>();
  for (const [entity, point] of uses) {
    const dp = textField(point, "id");
    const entry = entryOf(point, entity);
    const first = entries.get(dp);
    if (first) {
      entries.set(dp, { ...withoutEmpty(entry), ...withoutEmpty(first), ...accessOf(first, entry) });
      continue;
    }
    const code = codes.has(entry.code) ? `${entry.code}_${dp}` : entry.code;
    codes.add(code);
    entries.set(dp, { ...entry, dp, code });
  }
  return specificationOf([...entries.values()]);
}

function entryOf(point: Fields, entity: Fields): Fields & { readonly code: string } {
  const mapping = listOf(point["mapping"]);
  const rule = mapping.find((item) => item["dps_val"] === undefined) ?? {};
  const range = isFields(point["range"]) ? point["range"] : isFields(rule["range"]) ? rule["range"] : {};
  const kind = textField(entity, "entity");
  const unit = textField(point, "unit");
  const code = codeOf(point, entity);
  const words = mapping
    .map((item) => item["dps_val"])
    .filter((word) => typeof word === "string" && !NOTHING.includes(word));
  const type = TYPES.get(textField(point, "type")) ?? "";
  const isEnum = type === "String" && words.length > 0;
  return {
    code,
    label: ROLES.includes(textField(point, "name")) ? textField(entity, "name") : "",
    type: isEnum ? "Enum" : type,
    unit: UNITS.get(unit) ?? unit,
    ...scaleOf(rule["scale"]),
    min: range["min"],
    max: range["max"],
    step: rule["step"],
    values: isEnum ? [...new Set(words)] : [],
    access: isOn(point["readonly"]) || SHOWN.includes(kind) ? "ro" : kind === "button" ? "wr" : "",
    event: kind === "event",
    invert: isOn(rule["invert"]),
  };
}

/** The scale of tuya-local is a divisor. */
function scaleOf(text: unknown): Fields {
  const scale = Number(text ?? 1);
  return scale > 0 && scale !== 1 ? dividedBy(scale) : {};
}

function codeOf(point: Fields, entity: Fields): string {
  const kind = textField(entity, "entity");
  const name = textField(point, "name");
  const standard = CODES.get(kind)?.[name];
  if (standard !== undefined) return standard;
  const owner = textField(entity, "name", "translation_key", "translation_only_key", "class");
  return slug(ROLES.includes(name) && owner !== "" ? owner : name);
}

/** Words as a code: small letters, digits and underscores. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z\d]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

/** The access of a data point that two entities use: one may show it and the other set it. */
function accessOf(first: Fields, other: Fields): Fields {
  return first["access"] === other["access"] ? {} : { access: "" };
}

function withoutEmpty(entry: Fields): Fields {
  const isEmpty = (value: unknown) =>
    value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => !isEmpty(value)));
}
