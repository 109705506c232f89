import type { DiagnosisConclusion, DiagnosisStep } from "../../../../src/diagnosis/lines";
import { shortId } from "../../base/distinction";

/** The facts in the report of a test, and what is removed from them. */
export interface ReportFacts extends Redaction {
  /** The version of Node-RED. */
  readonly nodeRed: string;
  /** The configured version of the device. */
  readonly version: string;
  /** Whether an address is configured. */
  readonly hasAddress: boolean;
  readonly isChild: boolean;
  readonly steps: readonly DiagnosisStep[];
  /** Undefined = the test was broken off. */
  readonly conclusion: DiagnosisConclusion | undefined;
}

/**
 * A report of a test for others to read: without keys and names, with ids shortened and without the last number of
 * addresses.
 */
export function reportText(facts: ReportFacts): string {
  const { conclusion } = facts;
  const lines = [
    "Test of a Tuya device (@localtuya/node-red-tuya)",
    `Node-RED ${facts.nodeRed}; ${facts.isChild ? "behind a gateway" : `version ${facts.version}, address ${facts.hasAddress ? "set" : "followed"}`}`,
    "",
    ...facts.steps.flatMap(({ step, ok, ms, says, hint }) => [
      `${ok ? "ok  " : "FAIL"} ${step}, ${ms} ms: ${says}`,
      ...(hint === undefined ? [] : [`     ${hint}`]),
    ]),
    "",
    ...(conclusion ? [`${conclusion.verdict}: ${conclusion.says}`, conclusion.hint] : ["No verdict."]),
  ];
  return redact(lines.join("\n"), facts);
}

/** What is removed from a text. */
export interface Redaction {
  /** Ids, which are shortened. */
  readonly ids: readonly string[];
  /** Texts that are removed, such as keys. */
  readonly secrets: readonly string[];
  /** Names given by users, which are removed. */
  readonly names?: readonly string[];
  /** Devices whose names are replaced by their shortened ids. */
  readonly devices?: readonly { readonly name: string; readonly id: string }[];
}

/** Removes from a text what others need not know, also the last number of addresses. */
export function redact(text: string, { ids, secrets, names = [], devices = [] }: Redaction): string {
  const withoutSecrets = secrets
    .filter((secret) => secret.trim() !== "")
    .reduce((rest, secret) => rest.replaceAll(secret, "<key>"), text);
  const named = [...devices, ...names.map((name) => ({ name, id: "" }))]
    .filter(({ name }) => name.trim() !== "" && !ids.includes(name))
    // Longest first, so that "Lamp" does not leave the rest of "Anna's Lamp" behind.
    .sort((a, b) => b.name.length - a.name.length);
  const withoutNames = named.reduce(
    (rest, { name, id }) => rest.replace(wholeWords(name), () => (id === "" ? "<name>" : shortId(id))),
    withoutSecrets,
  );
  const withoutIds = ids
    .filter((id) => shortId(id) !== id)
    .reduce((rest, id) => rest.replaceAll(id, shortId(id)), withoutNames);
  return withoutIds.replace(/\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b/g, "$1.x");
}

/** Whole words only, so that a device named "on" does not change each "connection". */
function wholeWords(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "gu");
}
