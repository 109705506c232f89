import { isRefusal, sourcesOf } from "./device-list";
import { joinFamilies } from "./families";
import { type FlowNode, nodesOf } from "./flow";
import { devicesOfFlow } from "./foreign-flow";
import type { ImportedDevice } from "./imported-device";
import { lineAt, readLiteral } from "./literal";
import { isYaml, type YamlReader } from "./yaml";

/** The devices in a file or a pasted text. If a part of it cannot be read, nothing of it is used. */
export type ImportResult =
  | {
      readonly ok: true;
      readonly kind: "list" | "flow";
      readonly devices: readonly ImportedDevice[];
      /** All nodes of the flow, if the text is one. */
      readonly flow?: readonly FlowNode[];
      /** Problems that belong to no single device, a sentence each: entries that were left out. */
      readonly problems: readonly string[];
    }
  | {
      readonly ok: false;
      /** A sentence for a person: which line, what is wrong. Never quotes the text: there are keys in it. */
      readonly says: string;
      /** The text may be YAML: read it again with a reader of YAML. */
      readonly isYaml?: true;
    };

/** Characters of a text. A thousand devices with all their data points take about five million. */
const MAX_LENGTH = 16_000_000;
const MAX_DEVICES = 5_000;

/** Console colours, and what terminals put around pasted text. */
// oxlint-disable-next-line no-control-regex
const ESCAPE_SEQUENCE = /\u001b\[[\d;?]*[a-zA-Z~]/g;
/** Lines such as `[user@host ~]$ tuya-cli wizard` and `[INFO] 12 devices` begin like a list. */
const NO_LIST = /^\s*\[[^\]'"`{]*\]\s*[^\s,;\]]/;

/**
 * Reads the devices in a text: tinytuya's `devices.json`, `snapshot.json` and `tuya-raw.json`, what the wizard of
 * tuya-cli prints, the configuration of localtuya and tuya-local in Home Assistant, or a flow with nodes of
 * node-red-contrib-tuya-smart-device, -tuya-devices or -tuya-local. Nothing in the text is evaluated, logged or stored.
 *
 * @param yaml without it, a text in YAML is refused with `isYaml`
 */
export function readDevices(source: string, yaml?: YamlReader): ImportResult {
  if (source.length > MAX_LENGTH) return failure("The text is too long for a list of devices.");
  const text = source.replace(ESCAPE_SEQUENCE, "");
  const read = isYaml(text) ? yaml?.(text) : undefined;
  if (read?.ok) return readValue(read.value);
  const bracketed = readBracketed(text);
  if (bracketed.ok || !isYaml(text)) return bracketed;
  if (read) return failure(`Line ${read.line}: ${read.reason}. Nothing was imported.`);
  return {
    ok: false,
    isYaml: true,
    says: "The text is YAML, which cannot be read here. Nothing was imported.",
  };
}

/** JSON, or a JavaScript or Python literal, behind whatever a program printed before it. */
function readBracketed(text: string): ImportResult {
  const start = startOf(text);
  if (start === undefined) {
    return failure(
      text.trim() === ""
        ? "There is nothing to import: paste or drop a file."
        : 'There is no list of devices in the text: it has no line that begins with "[" or "{".',
    );
  }
  const literal = readLiteral(text, start);
  if (!literal.ok) return failure(`Line ${literal.line}: ${literal.reason}. Nothing was imported.`);
  const more = moreBehind(text, literal.end);
  if (more !== undefined) {
    const line = lineAt(text, more);
    return failure(`Line ${line}: the list ends before this line, but there is more. Nothing was imported.`);
  }
  return readValue(literal.value);
}

function readValue(value: unknown): ImportResult {
  const nodes = nodesOf(value);
  if (nodes) {
    const { sources, problems } = devicesOfFlow(nodes);
    if (sources.length === 0 && problems.length === 0)
      return failure("The flow contains no nodes of Tuya devices.");
    const result = finish("flow", joinFamilies(sources), problems);
    return result.ok ? { ...result, flow: nodes } : result;
  }
  if (isRefusal(value)) return failure("The file holds an error of the Tuya cloud, not a list of devices.");
  const sources = sourcesOf(value);
  if (!sources)
    return failure(
      "The text is well-formed but contains no devices: none of its entries has an id and a key.",
    );
  if (sources.length === 0) return failure("The list is empty.");
  return finish("list", joinFamilies(sources), []);
}

function finish(
  kind: "list" | "flow",
  { devices, problems }: ReturnType<typeof joinFamilies>,
  more: readonly string[],
): ImportResult {
  if (devices.length > MAX_DEVICES) return failure(`The list has more than ${MAX_DEVICES} devices.`);
  return { ok: true, kind, devices, problems: [...more, ...problems] };
}

/**
 * The offset of the first line that can begin a list; undefined if there is none. A program may have printed other lines
 * before.
 */
function startOf(text: string): number | undefined {
  const lines = /^[ \t\ufeff\u200b]*[[{].*$/gm;
  for (let match = lines.exec(text); match; match = lines.exec(text)) {
    if (!NO_LIST.test(match[0])) return match.index;
  }
  return undefined;
}

/**
 * The offset behind the list at which there is more that belongs to a list: a bracket too many, or a second list.
 * Undefined if there is none. Other text, such as a prompt of the shell, may follow.
 */
function moreBehind(text: string, end: number): number | undefined {
  const rest = text.slice(end, end + 1000);
  const start = rest.search(/[^\s\u200b]/);
  const isMore =
    /^[,\]}[{"']/.test(rest.slice(start)) && !NO_LIST.test(rest.slice(start).split(/[\r\n]/)[0] ?? "");
  return start >= 0 && isMore ? end + start : undefined;
}

function failure(says: string): ImportResult {
  return { ok: false, says };
}
