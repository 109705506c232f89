import type { DiagnosisConclusion, DiagnosisStep } from "../../../../src/diagnosis/lines";
import { shortId } from "../find/found-device";

/** What a report tells of a test. */
export interface ReportFacts extends Redaction {
  readonly nodeRed: string;
  readonly version: string;
  /** Whether an address is set, or the device is followed. */
  readonly hasAddress: boolean;
  readonly isChild: boolean;
  readonly steps: readonly DiagnosisStep[];
  readonly conclusion: DiagnosisConclusion | undefined;
}

/** A report for others to read: without keys, with ids shortened and without the last number of addresses. */
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

/** What a text must not tell. */
export interface Redaction {
  /** Ids that are shortened wherever they occur. */
  readonly ids: readonly string[];
  /** Texts that must not be in it. */
  readonly secrets: readonly string[];
  /** Names people have given. */
  readonly names?: readonly string[];
  /** Devices by the names people have given them: their ids, shortened, stand in for these. */
  readonly devices?: readonly { readonly name: string; readonly id: string }[];
}

/** Takes out of a text what others need not know; of addresses the last number. */
export function redact(text: string, { ids, secrets, names = [], devices = [] }: Redaction): string {
  const withoutSecrets = secrets
    .filter((secret) => secret.trim() !== "")
    .reduce((rest, secret) => rest.replaceAll(secret, "<key>"), text);
  const named = [...devices, ...names.map((name) => ({ name, id: "" }))]
    .filter(({ name }) => name.trim() !== "" && !ids.includes(name))
    // "Lamp" is not to leave the rest of "Anna's Lamp" behind.
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

/** A device called "on" is not to take every "connection" with it. */
function wholeWords(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "gu");
}
