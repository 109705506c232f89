import type { DataPointEntry } from "../datapoints/datapoint";
import { type Fields, isFields, textField } from "./fields";
import { lineAt, readLiteral } from "./literal";
import { readMapping, readNames, readSpecification, readTable, type Specification } from "./specification";

/** The data points some text describes. */
export type ReadTemplate =
  | {
      readonly ok: true;
      /** "" where the text has none. */
      readonly name: string;
      readonly categories: readonly string[];
      readonly datapoints: readonly DataPointEntry[];
      /** A sentence for everything that was left out or changed. */
      readonly problems: readonly string[];
    }
  /** A sentence for a person. */
  | { readonly ok: false; readonly says: string };

interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly categories: readonly string[];
  readonly specification: Specification;
}

/** Characters: the largest table has 60,000, a list of a thousand devices five million. */
const MAX_LENGTH = 16_000_000;
const MAX_DEPTH = 3;

const NAMES_OF_LISTS = ["result", "devices", "list", "data"] as const;

/**
 * Reads a table of data points from a text: one that was exported here, `{name, categories, datapoints}` or just the list;
 * tinytuya's `mapping`, or the devices that have one; what the cloud answers about a device's specification, functions or
 * thing model. Of several devices, the one with this id is meant. Nothing in the text is ever evaluated.
 */
export function readTemplate(text: string, deviceId = ""): ReadTemplate {
  if (text.length > MAX_LENGTH) return failure("The text is too long for a table of data points.");
  const start = text.search(/[[{]/);
  if (start < 0) return failure("There is no table of data points in the text.");
  const literal = readLiteral(text, start);
  if (!literal.ok) return failure(`Line ${literal.line}: ${literal.reason}.`);
  const rest = text.slice(literal.end).search(/[^\s\u200b;]/);
  if (rest >= 0) return failure(`Line ${lineAt(text, literal.end + rest)}: there is more behind the table.`);
  if (isFields(literal.value) && literal.value["success"] === false) {
    return failure("The text is an error of the Tuya cloud, not a specification.");
  }
  const candidates = candidatesIn(literal.value, 0).filter(
    ({ specification }) => specification.datapoints.length > 0,
  );
  const [only, ...others] = candidates;
  const meant = others.length === 0 ? only : candidates.find(({ id }) => id !== "" && id === deviceId);
  if (meant) {
    const { name, categories, specification } = meant;
    return { ok: true, name, categories, ...specification };
  }
  return failure(
    only
      ? `The text describes ${candidates.length} devices, and none of them has the id of this one: paste the one that is meant.`
      : "The text is well-formed but describes no data points.",
  );
}

function candidatesIn(value: unknown, depth: number): readonly Candidate[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) {
    const list = specificationOf(value);
    return list
      ? [{ ...NOBODY, specification: list }]
      : value.flatMap((item) => candidatesIn(item, depth + 1));
  }
  if (!isFields(value)) return [];
  const own = ownSpecification(value);
  if (own) return [{ ...describe(value), specification: own }];
  return NAMES_OF_LISTS.flatMap((name) =>
    Object.hasOwn(value, name) ? candidatesIn(value[name], depth + 1) : [],
  );
}

const NOBODY = { id: "", name: "", categories: [] };

function describe(fields: Fields): Omit<Candidate, "specification"> {
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

/** The data points an object has of its own. */
function ownSpecification(fields: Fields): Specification | undefined {
  if (Array.isArray(fields["datapoints"])) return readTable(fields["datapoints"]);
  if (isFields(fields["mapping"])) return readMapping(fields["mapping"]);
  if (isFields(fields["specification"])) return readSpecification(fields["specification"]);
  if (["functions", "status", "services", "model"].some((name) => Object.hasOwn(fields, name))) {
    const specification = readSpecification(fields);
    if (specification.datapoints.length > 0) return specification;
  }
  const entries = Object.entries(fields);
  if (entries.length === 0 || !entries.every(([dp]) => /^\d+$/.test(dp))) return undefined;
  return entries.every(([, item]) => typeof item === "string") ? readNames(fields) : readMapping(fields);
}

/** A list of data points, of ours or of the cloud. */
function specificationOf(list: readonly unknown[]): Specification | undefined {
  const items = list.filter(isFields);
  if (items.some((item) => Object.hasOwn(item, "dp") && !Object.hasOwn(item, "datapoints"))) {
    return readTable(list);
  }
  const isCloud = items.some((item) => Object.hasOwn(item, "dp_id") || Object.hasOwn(item, "dpId"));
  return isCloud ? readSpecification({ functions: list, status: list }) : undefined;
}

function failure(says: string): ReadTemplate {
  return { ok: false, says };
}
