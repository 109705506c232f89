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

/** Codes of the data points that move covers. `mach_operate` is the oldest; a second cover has a number behind it. */
const CONTROL_CODE = /^(?:control|mach_operate)(?:_\d)?$/;
const POSITION_CODE = /^(?:percent_control|position)(?:_\d)?$/;

/** Whether a data point moves a cover. Others are called `control` too, with other words. */
export function isCoverControl({ code, type, values }: DataPoint): boolean {
  if (!CONTROL_CODE.test(code)) return false;
  if (type === "Boolean") return true;
  return (
    (type === "Enum" || type === "String" || type === undefined) &&
    vocabularyOf(values, undefined) !== undefined
  );
}

/** Whether a data point is the position a cover is told to go to. */
export function isCoverPosition({ code, type }: DataPoint): boolean {
  return POSITION_CODE.test(code) && (type === "Integer" || type === undefined);
}

/** What a text in a message tells a cover to do; undefined for any other. */
export function readCoverCommand(value: unknown): CoverCommand | undefined {
  const word = typeof value === "string" ? value.trim().toLowerCase() : undefined;
  return COVER_COMMANDS.find((command) => command === word);
}

/** What a device's word for a command means; undefined where it is none of the words it is configured to have. */
export function coverCommandOf(word: string, members: readonly string[]): CoverCommand | undefined {
  if (members.length > 0 && !members.includes(word)) return undefined;
  const vocabulary = members.length > 0 ? vocabularyOf(members, word) : byWord(word);
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
  const word = vocabularyOf(members, known)?.[command];
  return members.length > 0 && !members.includes(String(word)) ? undefined : word;
}

function vocabularyOf(members: readonly string[], known: DpValue | undefined): Vocabulary | undefined {
  if (members.length === 0) return byWord(known) ?? VOCABULARIES[0];
  return VOCABULARIES.find(
    ({ open, close }) => members.includes(String(open)) && members.includes(String(close)),
  );
}

function byWord(word: DpValue | undefined): Vocabulary | undefined {
  if (word === undefined) return undefined;
  return VOCABULARIES.find((vocabulary) => (Object.values(vocabulary) as DpValue[]).includes(word));
}
