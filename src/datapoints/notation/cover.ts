import type { DataPoint } from "../datapoint";
import type { DpValue } from "../../protocol/dps";

/** The commands of covers in messages. */
export const COVER_COMMANDS = ["open", "close", "stop", "continue"] as const;

/** One of `COVER_COMMANDS`. */
export type CoverCommand = (typeof COVER_COMMANDS)[number];

type Vocabulary = { readonly [Command in CoverCommand]?: string | boolean };

/**
 * The words of devices for these commands. The same word means the same in all of them. In the order in which tinytuya
 * guesses by the present value, because "stop" fits three.
 */
const VOCABULARIES: readonly Vocabulary[] = [
  { open: "open", close: "close", stop: "stop", continue: "continue" },
  { open: "ZZ", close: "FZ", stop: "STOP" },
  { open: "1", close: "2", stop: "0" },
  { open: "01", close: "02", stop: "00", continue: "03" },
  { open: "fopen", close: "fclose" },
  { open: "up", close: "down", stop: "stop" },
  { open: true, close: false },
  { open: "on", close: "off", stop: "stop" },
];

/** Words that show a cover without its code: no other device is told to open and to close. */
const UNMISTAKABLE: readonly Vocabulary[] = [
  { open: "open", close: "close" },
  { open: "fopen", close: "fclose" },
  { open: "ZZ", close: "FZ" },
];

/** Codes of data points that move covers. `mach_operate` is the oldest; the code of a second cover ends in a number. */
const CONTROL_CODE = /^(?:control|mach_operate)(?:_\d)?$/;
const POSITION_CODE = /^(?:percent_control|(?:\w+_)?position(?:_(?:set|control))?)(?:_\d)?$/;
const PRESENT_POSITION = /^(?:cur|current|real|actual|last)_/;

/**
 * Whether a data point moves a cover or a door: if its words are to open and to close, whatever its code is. With one of
 * the usual codes, other words and a Boolean count, too.
 */
export function isCoverControl({ code, type, access, values }: DataPoint): boolean {
  const isUsual = CONTROL_CODE.test(code);
  if (type === "Boolean") return isUsual;
  if (type !== "Enum" && type !== "String" && type !== undefined) return false;
  if (isUsual) return vocabularyOf(values, undefined) !== undefined;
  return access !== "ro" && UNMISTAKABLE.some((vocabulary) => spelled(vocabulary, values) !== undefined);
}

/** The data point that moves the cover. Of several, one with a usual code; otherwise the first that can be set. */
export function coverControl(dataPoints: readonly DataPoint[]): DataPoint | undefined {
  const controls = dataPoints.filter((dataPoint) => isCoverControl(dataPoint) && dataPoint.access !== "ro");
  return controls.find(({ code }) => CONTROL_CODE.test(code)) ?? controls[0];
}

/** Whether a data point is the position a cover is told to go to. */
export function isCoverPosition({ code, type, access }: DataPoint): boolean {
  if (access === "ro" || (type !== "Integer" && type !== undefined)) return false;
  return POSITION_CODE.test(code) && !PRESENT_POSITION.test(code);
}

/** The cover command in a message; undefined for any other value. */
export function readCoverCommand(value: unknown): CoverCommand | undefined {
  const word = typeof value === "string" ? value.trim().toLowerCase() : undefined;
  return COVER_COMMANDS.find((command) => command === word);
}

/** The command that a device's word means; undefined if the word is not among the configured ones. */
export function coverCommandOf(word: string, members: readonly string[]): CoverCommand | undefined {
  const vocabulary = vocabularyOf(members, word);
  return COVER_COMMANDS.find((command) => vocabulary?.[command] === word);
}

/**
 * A device's word for a command: from its configured words; without these from the vocabulary that its last value belongs
 * to, or from the most common one. Undefined if the cover has no such command.
 */
export function coverWord(
  command: CoverCommand,
  members: readonly string[],
  known: DpValue | undefined,
): string | boolean | undefined {
  return vocabularyOf(members, known)?.[command];
}

function vocabularyOf(members: readonly string[], known: DpValue | undefined): Vocabulary | undefined {
  if (members.length === 0) return byWord(known) ?? VOCABULARIES[0];
  for (const vocabulary of VOCABULARIES) {
    const own = spelled(vocabulary, members);
    if (own) return own;
  }
  return undefined;
}

/** The words of a vocabulary in the spelling of the members; undefined if open or close is not among the members. */
function spelled(vocabulary: Vocabulary, members: readonly string[]): Vocabulary | undefined {
  const own = Object.entries(vocabulary).flatMap(([command, word]) => {
    const text = String(word);
    const member = members.includes(text)
      ? text
      : members.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    return member === undefined ? [] : [[command, typeof word === "boolean" ? word : member] as const];
  });
  const { open, close, ...others } = Object.fromEntries(own) as Vocabulary;
  return open === undefined || close === undefined ? undefined : { open, close, ...others };
}

function byWord(word: DpValue | undefined): Vocabulary | undefined {
  if (word === undefined) return undefined;
  return VOCABULARIES.find((vocabulary) => (Object.values(vocabulary) as DpValue[]).includes(word));
}
