import { badInput, type TuyaError } from "../../errors";
import { describeValue } from "../describe";
import { FriendlyContext, type FriendlyEntry, type FriendlyOptions, type FriendlyValues } from "./context";
import {
  commandDp,
  CONTROL_WORDS,
  FIELD,
  JSON_LEARNED,
  JSON_SEND,
  type InfraredCommand,
  infraredDps,
  type InfraredFamily,
  learnedDp,
  readSend,
} from "../notation/infrared";
import { codeToPulses } from "../notation/infrared-code";
import { readLearn, WORDS_EXPECTS } from "../notation/infrared-words";
import { isRadioCode, RADIO_REMEDY } from "../notation/radio-code";
import type { Dps } from "../../protocol/dps";
import type { DataPointMap } from "../datapoint-map";
import { UndecidedError } from "./change";

/**
 * A value without a name counts as a code if it has at least so many marks and spaces: no remote control sends fewer, and
 * short words can be base64 by chance.
 */
const MIN_PULSES = 8;

/** The data points to set for `learn` and `send`. */
export function infraredEntries({ learn, send }: FriendlyValues, context: FriendlyContext): FriendlyEntry[] {
  if (learn === undefined && send === undefined) return [];
  if (learn !== undefined && send !== undefined) {
    throw badInput("A blaster learns a code or sends one, not both at once; nothing was sent.");
  }
  const name = learn === undefined ? "send" : "learn";
  const value = learn === undefined ? send : learn;
  const command = name === "learn" ? readLearn(value) : readSend(value);
  if (!command) throw refusal(name, value);
  const entries = entriesOf(command, context);
  if (entries) return entries;
  const sentence = `This device is not known to be an infra-red blaster: "${name}" means nothing to it. Give it the data points of one in its settings: ir_send (201) and ir_study_code (202), or control (1), study_code (2) and key_study (7).`;
  throw context.isUnknown ? new UndecidedError(sentence) : badInput(sentence);
}

/** The same for a code without a name. Undefined if it is no code, or if the device is no blaster. */
export function codeEntries(value: unknown, context: FriendlyContext): FriendlyEntry[] | undefined {
  if (isRadioCode(value) && familyIn(context) !== undefined) throw refusal("send", value);
  const command = readSend(value);
  if (command?.action !== "send") return undefined;
  const isCode = (codeToPulses(command.code)?.length ?? 0) >= MIN_PULSES;
  return isCode ? entriesOf(command, context) : undefined;
}

/** A learned code that a message gives for the data point it came from is to be sent. Undefined for other data points. */
export function learnedEntries(
  dp: string,
  value: unknown,
  options: FriendlyOptions,
): readonly FriendlyEntry[] | undefined {
  const context = new FriendlyContext(options);
  const family = familyIn(context);
  if (family === undefined || dp !== learnedDp(family)) return undefined;
  return infraredEntries({ send: value }, context);
}

/** Whether these values are a command to a blaster. Each such command must be sent: two are two presses of a key. */
export function isInfraredCommand(
  dps: Dps,
  { dataPoints, values }: Pick<FriendlyOptions, "dataPoints" | "values">,
): boolean {
  const family = infraredFamily(dataPoints, values);
  return family !== undefined && Object.hasOwn(dps, commandDp(family));
}

function refusal(name: "learn" | "send", value: unknown): TuyaError {
  const remedy = name === "send" && isRadioCode(value) ? ` ${RADIO_REMEDY}` : "";
  return badInput(
    `${name} takes ${WORDS_EXPECTS[name]}, not ${describeValue(value)}; nothing was sent.${remedy}`,
  );
}

function entriesOf(command: InfraredCommand, context: FriendlyContext): FriendlyEntry[] | undefined {
  const family = familyIn(context);
  return family && Object.entries(infraredDps(family, command));
}

function familyIn({ dataPoints, values }: FriendlyContext): ReturnType<typeof infraredFamily> {
  return infraredFamily(dataPoints, values);
}

/**
 * The family of a blaster, by the configured codes or the reported values. Blasters report nothing before their first
 * command.
 */
export function infraredFamily(dataPoints: DataPointMap, values: Dps): InfraredFamily | undefined {
  const has = (dp: string, code: string) => dataPoints.get(dp)?.code === code;
  if (has(JSON_SEND, "ir_send") || has(JSON_LEARNED, "ir_study_code")) return "json";
  if (has(FIELD.learned, "study_code") || has(FIELD.study, "key_study")) return "fields";
  if (Object.hasOwn(values, JSON_SEND) || Object.hasOwn(values, JSON_LEARNED)) return "json";
  return CONTROL_WORDS.includes(values[FIELD.control]) ? "fields" : undefined;
}
