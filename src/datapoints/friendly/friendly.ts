import { readColour } from "../notation/colour";
import { readCoverCommand } from "../notation/cover";
import { readNumber } from "../notation/number";
import { climateOf } from "./climate";
import {
  FRIENDLY_NAMES,
  FriendlyContext,
  type FriendlyEntry,
  type FriendlyName,
  type FriendlyOptions,
  type FriendlyValues,
} from "./context";
import { commandEntries, positionEntries } from "./cover-entries";
import { codeEntries, infraredEntries } from "./infrared-entries";
import { lampEntries } from "./lamp-entries";
import { lampOf } from "./lamp";
import { friendlyPoints, type FriendlyWord, PLAIN_WORDS } from "./points";
import { readBoolean } from "../notation/on-off";

/** Whether a name is one of `FRIENDLY_NAMES`, in this very spelling. */
export function isFriendlyName(name: string): name is FriendlyName {
  return (FRIENDLY_NAMES as readonly string[]).includes(name);
}

/**
 * Translates friendly names into data points and values, to be encoded. Throws BAD_INPUT for what cannot be meant, and
 * `UndecidedError` if that may change when the device has reported its values.
 */
export function readFriendly(request: FriendlyValues, options: FriendlyOptions): readonly FriendlyEntry[] {
  const context = new FriendlyContext(options);
  const { position, on } = request;
  const plain = PLAIN_WORDS.filter((word) => request[word] !== undefined);
  // "on" comes last, so that it decides about the switch: a colour turns the switch on.
  return [
    ...infraredEntries(request, context),
    ...lampEntries(request, context),
    ...(position === undefined ? [] : positionEntries(position, context)),
    ...plain.map((word) => plainEntry(word, request[word], context)),
    ...(on === undefined ? [] : [switchEntry(on, context)]),
  ];
}

/**
 * The same for a value without a name: a colour in any notation, a command of a cover, an infra-red code, or a level in
 * percent. Undefined if it is none of these, or if the device has no data point for it.
 */
export function readFriendlyValue(
  value: unknown,
  options: FriendlyOptions,
): readonly FriendlyEntry[] | undefined {
  const context = new FriendlyContext(options);
  const command = readCoverCommand(value);
  if (command) {
    const entries = commandEntries(command, context);
    if (!entries && context.isUnknown) throw context.missing(`"${command}"`);
    return entries;
  }
  if (readColour(value)) {
    const isColoured = lampOf(context.dataPoints, context.values).colour !== undefined;
    return isColoured || context.isUnknown ? lampEntries({ colour: value }, context) : undefined;
  }
  return codeEntries(value, context) ?? levelEntries(value, context);
}

/**
 * For a number without a name: the brightness of a lamp or the position of a cover, in percent, if only one of them is
 * possible.
 */
function levelEntries(value: unknown, context: FriendlyContext): readonly FriendlyEntry[] | undefined {
  if (readNumber(value) === undefined) return undefined;
  const [word, ...others] = friendlyPoints(context.dataPoints, context.values)
    .map((point) => point.word)
    .filter((each) => MAIN_LEVELS.includes(each));
  if (others.length > 0) return undefined;
  if (context.isUnknown && context.dataPoints.dataPoints.length === 0) {
    throw context.missing("a mere number");
  }
  if (word === "brightness") return lampEntries({ brightness: value }, context);
  return word === "position" ? positionEntries(value, context) : undefined;
}

/** What a number without a name may mean. */
const MAIN_LEVELS: readonly FriendlyWord[] = ["brightness", "position", "target", "speed"];

/** Whether 1 and 0 can only mean on and off. */
export function isMereSwitch({
  dataPoints,
  values,
}: Pick<FriendlyOptions, "dataPoints" | "values">): boolean {
  const points = friendlyPoints(dataPoints, values);
  return points.some(({ word }) => word === "on") && !points.some(({ word }) => MAIN_LEVELS.includes(word));
}

/** The data points to set so that a lamp shows the colour given for its colour data point. Undefined for anything else. */
export function colourPointEntries(
  dp: string,
  value: unknown,
  options: FriendlyOptions,
): readonly FriendlyEntry[] | undefined {
  const context = new FriendlyContext(options);
  const isMeant = dp === lampOf(context.dataPoints, context.values).colour && readColour(value);
  return isMeant ? lampEntries({ colour: value }, context) : undefined;
}

function plainEntry(
  word: (typeof PLAIN_WORDS)[number],
  value: unknown,
  context: FriendlyContext,
): FriendlyEntry {
  const dp = climateOf(context.dataPoints)[word];
  if (dp === undefined) throw context.missing(word);
  return [dp, value];
}

function switchEntry(value: unknown, context: FriendlyContext): FriendlyEntry {
  const dp = context.dataPoints.firstSwitch(context.values);
  if (dp === undefined) throw context.missing("on and off");
  // A data point without a type accepts a boolean only.
  return [dp, readBoolean(value) ?? value];
}
