import { readColour } from "../notation/colour";
import { readBoolean } from "../conversions/boolean";
import { readCoverCommand } from "../notation/cover";
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

export function isFriendlyName(name: string): name is FriendlyName {
  return (FRIENDLY_NAMES as readonly string[]).includes(name);
}

/**
 * What friendly names ask of the data points of a device, to be encoded. Throws BAD_INPUT for what cannot be meant, and
 * `UndecidedError` where the device's values, once known, may mend it.
 */
export function readFriendly(request: FriendlyValues, options: FriendlyOptions): readonly FriendlyEntry[] {
  const context = new FriendlyContext(options);
  const { position, on } = request;
  // "on" comes last: it has the last word on the switch, which a colour turns on.
  return [
    ...infraredEntries(request, context),
    ...lampEntries(request, context),
    ...(position === undefined ? [] : positionEntries(position, context)),
    ...(on === undefined ? [] : [switchEntry(on, context)]),
  ];
}

/**
 * The same for a value that names nothing: a colour in any notation, what a cover can do, or an infra-red code. Undefined
 * where it is none of these, or where the device has no data point for it.
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
  if (!readColour(value)) return codeEntries(value, context);
  const isColoured = lampOf(context.dataPoints, context.values).colour !== undefined;
  return isColoured || context.isUnknown ? lampEntries({ colour: value }, context) : undefined;
}

function switchEntry(value: unknown, context: FriendlyContext): FriendlyEntry {
  const dp = context.dataPoints.firstSwitch(context.values);
  if (dp === undefined) throw context.missing("on and off");
  // A data point without a type takes nothing but a boolean.
  return [dp, readBoolean(value) ?? value];
}
