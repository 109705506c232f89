import type { DataPoint } from "../datapoint";
import type { DpValue } from "../../protocol/dps";

/** What a cover can be told, in messages. */
export const COVER_COMMANDS = ["open", "close", "stop", "continue"] as const;

export type CoverCommand = (typeof COVER_COMMANDS)[number];

type Vocabulary = { readonly [Command in CoverCommand]?: string | boolean };

/**
 * The words of covers for it. No two of them mean different things by the same word. In the order in which tinytuya
 * guesses by the present value: "stop" fits three.
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

/** Words that say enough without a code: nothing else is told to open and to close. */
const UNMISTAKABLE: readonly Vocabulary[] = [
  { open: "open", close: "close" },
  { open: "fopen", close: "fclose" },
  { open: "ZZ", close: "FZ" },
];

/** Codes of the data points that move covers. `mach_operate` is the oldest; a second cover has a number behind it. */
const CONTROL_CODE = /^(?:control|mach_operate)(?:_\d)?$/;
const POSITION_CODE = /^(?:percent_control|(?:\w+_)?position(?:_(?:set|control))?)(?:_\d)?$/;
const PRESENT_POSITION = /^(?:cur|current|real|actual|last)_/;

/**
 * Whether a data point moves a cover or a door: one that can be told to open and to close, whatever it is called. Under the
 * usual codes other words, and a Boolean, are commands to a cover, too.
 */
export function isCoverControl({ code, type, access, values }: DataPoint): boolean {
  const isUsual = CONTROL_CODE.test(code);
  if (type === "Boolean") return isUsual;
  if (type !== "Enum" && type !== "String" && type !== undefined) return false;
  if (isUsual) return vocabularyOf(values, undefined) !== undefined;
  return access !== "ro" && UNMISTAKABLE.some((vocabulary) => spelled(vocabulary, values) !== undefined);
}

/** The data point that moves the cover: of several one with a usual code, else the first that can be set. */
export function coverControl(dataPoints: readonly DataPoint[]): DataPoint | undefined {
  const controls = dataPoints.filter((dataPoint) => isCoverControl(dataPoint) && dataPoint.access !== "ro");
  return controls.find(({ code }) => CONTROL_CODE.test(code)) ?? controls[0];
}

/** Whether a data point is the position a cover is told to go to. */
export function isCoverPosition({ code, type, access }: DataPoint): boolean {
  if (access === "ro" || (type !== "Integer" && type !== undefined)) return false;
  return POSITION_CODE.test(code) && !PRESENT_POSITION.test(code);
}

/** What a text in a message tells a cover to do; undefined for any other. */
export function readCoverCommand(value: unknown): CoverCommand | undefined {
  const word = typeof value === "string" ? value.trim().toLowerCase() : undefined;
  return COVER_COMMANDS.find((command) => command === word);
}

/** What a device's word for a command means; undefined where it is none of the words it is configured to have. */
export function coverCommandOf(word: string, members: readonly string[]): CoverCommand | undefined {
  const vocabulary = vocabularyOf(members, word);
  return COVER_COMMANDS.find((command) => vocabulary?.[command] === word);
}

/**
 * A device's word for a command: that of the words it is configured to have, else of those its last value is one of, else
 * of the commonest. Undefined where the cover has no such command.
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

/** Those of some words that are members, as they are spelled there; undefined where open or close is missing. */
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
