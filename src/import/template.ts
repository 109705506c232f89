import type { DataPointEntry } from "../datapoints/datapoint";
import type { Specification, Unnumbered } from "./entries";
import { type Fields, isFields, listOf, textField } from "./fields";
import { readDiagnostics } from "./home-assistant";
import { lineAt, readLiteral } from "./literal";
import { readMapping, readNames, readProperties, readSpecification, readTable } from "./specification";
import { readTuyaLocal } from "./tuya-local";
import { isYaml, type YamlReader } from "./yaml";

/** The data points in a text, or why there are none. */
export type ReadTemplate =
  | {
      readonly ok: true;
      /** Name of the table or the device; "" if the text has none. */
      readonly name: string;
      /** Tuya's categories of the products it is for. */
      readonly categories: readonly string[];
      readonly datapoints: readonly DataPointEntry[];
      /** Data points whose number is not in the text. Absent if there are none. */
      readonly unnumbered?: readonly Unnumbered[];
      /** A sentence for everything that was left out or changed. */
      readonly problems: readonly string[];
    }
  /** `says`: a sentence for a person. `isYaml`: the text may be YAML, read it again with a reader of YAML. */
  | { readonly ok: false; readonly says: string; readonly isYaml?: true };

/** A device, or a table for a kind of device, that the text describes. */
interface Described {
  /** Device id; "" for a table. */
  readonly id: string;
  readonly name: string;
  readonly categories: readonly string[];
  readonly specification: Specification;
}

/** Characters of a text: the largest table has 60,000, a list of a thousand devices five million. */
const MAX_LENGTH = 16_000_000;
const MAX_DEPTH = 3;

const NAMES_OF_LISTS = ["result", "devices", "list", "data", "device_cloud_info"] as const;

const KNOWN_FORMS =
  "What is known: tables saved from here, tinytuya's devices.json and mapping, what the Tuya platform answers about properties, specification or thing model, the diagnostics of Home Assistant's Tuya integration, and device files of tuya-local.";

/**
 * Reads a table of data points from a text: one that was exported here, `{name, categories, datapoints}` or just the
 * list; tinytuya's `mapping`, or the devices that have one; what the cloud answers about a device's specification,
 * functions, properties or thing model; Home Assistant's diagnostics; and, with a reader of YAML, device files of
 * tuya-local. If there are several devices, the one with `deviceId` is used. Nothing in the text is evaluated.
 *
 * @param yaml without it, a text in YAML is refused with `isYaml`
 */
export function readTemplate(text: string, deviceId = "", yaml?: YamlReader): ReadTemplate {
  if (text.length > MAX_LENGTH) return failure("The text is too long for a table of data points.");
  const read = isYaml(text) ? yaml?.(text) : undefined;
  if (read?.ok) return readValue(read.value, deviceId);
  const literal = readBracketed(text, deviceId);
  if (literal.ok || !isYaml(text)) return literal;
  if (read) return failure(`Line ${read.line}: ${read.reason}.`);
  return { ok: false, isYaml: true, says: "The text is YAML, which cannot be read here." };
}

/** JSON, or a JavaScript or Python literal, with whatever stands before it. */
function readBracketed(text: string, deviceId: string): ReadTemplate {
  const start = text.search(/[[{]/);
  if (start < 0) return failure(`There is no table of data points in the text. ${KNOWN_FORMS}`);
  const literal = readLiteral(text, start);
  if (!literal.ok) return failure(`Line ${literal.line}: ${literal.reason}.`);
  const rest = text.slice(literal.end).search(/[^\s\u200b;]/);
  if (rest >= 0) return failure(`Line ${lineAt(text, literal.end + rest)}: there is more behind the table.`);
  return readValue(literal.value, deviceId);
}

function readValue(value: unknown, deviceId: string): ReadTemplate {
  if (isFields(value) && value["success"] === false) {
    return failure("The text is an error of the Tuya cloud, not a specification.");
  }
  const all = describedIn(value, 0).filter(
    ({ specification: { datapoints, unnumbered = [] } }) => datapoints.length + unnumbered.length > 0,
  );
  const [only, ...others] = all;
  const meant = others.length === 0 ? only : all.find(({ id }) => id !== "" && id === deviceId);
  if (meant) {
    const { name, categories, specification } = meant;
    const problems = [...specification.problems, ...saysUnnumbered(specification.unnumbered)];
    return { ok: true, name, categories, ...specification, problems };
  }
  return failure(
    only
      ? `The text describes ${all.length} devices, and none of them has the id of this one: paste the one that is meant.`
      : `The text is well-formed but describes no data points. ${KNOWN_FORMS}`,
  );
}

/** How many codes are listed; a sentence with a hundred of them says nothing. */
const MAX_LISTED = 8;

function saysUnnumbered(unnumbered: readonly Unnumbered[] = []): string[] {
  if (unnumbered.length === 0) return [];
  const codes = unnumbered.slice(0, MAX_LISTED).map(({ code }) => code);
  const list = `${codes.join(", ")}${unnumbered.length > MAX_LISTED ? ", …" : ""}`;
  return [
    `The text does not tell the numbers of ${list}: rows with that name are completed, the others wait for their number, which Learn or the platform's answer about properties tells.`,
  ];
}

function describedIn(value: unknown, depth: number): readonly Described[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) {
    const list = listSpecification(value);
    return list
      ? [{ ...NOBODY, specification: list }]
      : value.flatMap((item) => describedIn(item, depth + 1));
  }
  if (!isFields(value)) return [];
  const own = ownSpecification(value);
  if (own) return [{ ...describe(value), specification: own }];
  return NAMES_OF_LISTS.flatMap((name) =>
    Object.hasOwn(value, name) ? describedIn(value[name], depth + 1) : [],
  );
}

const NOBODY = { id: "", name: "", categories: [] };

function describe(fields: Fields): Omit<Described, "specification"> {
  const listed: readonly unknown[] = Array.isArray(fields["categories"]) ? fields["categories"] : [];
  const category = textField(fields, "category");
  return {
    id: textField(fields, "id", "gwId", "devId", "deviceId", "device_id"),
    name: textField(fields, "name", "custom_name"),
    categories: [
      ...listed.filter((item) => typeof item === "string"),
      ...(category === "" ? [] : [category]),
    ],
  };
}

/** The data points that an object itself describes; undefined if it does not. */
function ownSpecification(fields: Fields): Specification | undefined {
  if (Array.isArray(fields["datapoints"])) return readTable(fields["datapoints"]);
  if (isFields(fields["mapping"])) return readMapping(fields["mapping"]);
  if (isFields(fields["dps_data"])) return readMapping(fields["dps_data"]);
  if (isFields(fields["specification"])) return readSpecification(fields["specification"]);
  if (["functions", "status", "services", "model"].some((name) => Object.hasOwn(fields, name))) {
    const specification = readSpecification(fields);
    if (specification.datapoints.length + (specification.unnumbered?.length ?? 0) > 0) return specification;
  }
  const file = readTuyaLocal(fields);
  if (file) return file;
  const diagnostics = readDiagnostics(fields);
  if (diagnostics) return diagnostics;
  const properties = listOf(fields["properties"]);
  if (properties.some((item) => Object.hasOwn(item, "code"))) return listSpecification(properties);
  const entries = Object.entries(fields);
  if (entries.length === 0 || !entries.every(([dp]) => /^\d+$/.test(dp))) return undefined;
  return entries.every(([, item]) => typeof item === "string") ? readNames(fields) : readMapping(fields);
}

/** A list of data points, of ours or of the cloud. */
function listSpecification(list: readonly unknown[]): Specification | undefined {
  const items = list.filter(isFields);
  const has = (name: string) => items.some((item) => Object.hasOwn(item, name));
  if (items.some((item) => Object.hasOwn(item, "dp") && !Object.hasOwn(item, "datapoints"))) {
    return readTable(list);
  }
  if (has("typeSpec")) return readSpecification({ services: [{ properties: items }] });
  // A list of instructions has what can be set and what is reported; a list of properties has values.
  if (has("dp_id") || has("dpId"))
    return has("value") ? readProperties(items) : readSpecification({ functions: items });
  return undefined;
}

function failure(says: string): ReadTemplate {
  return { ok: false, says };
}
