import { badInput } from "../../errors";
import { COLOUR_EXPECTS, readColour } from "../notation/colour";
import { decodeColour } from "../notation/colour-format";
import { describeValue } from "../describe";
import type { FriendlyContext, FriendlyEntry, FriendlyName, FriendlyValues } from "./context";
import { type Lamp, lampOf, modeWord } from "./lamp";
import {
  brightnessRange,
  kelvinToLevel,
  type LevelRange,
  levelToKelvin,
  levelToPercent,
  percentToLevel,
  temperatureRange,
} from "./level";

const PERCENT = [0, 100] as const;
/** Far beyond any lamp: a number outside is no colour temperature, inside the lamp does what it can. */
const KELVIN = [1000, 20_000] as const;

/**
 * What friendly names ask of a lamp. A colour sets mode, colour and switch in one frame: lamps obey it for sure only in
 * colour mode. Brightness and colour temperature set the white mode; brightness beside a colour is that of the colour.
 */
export function lampEntries(request: FriendlyValues, context: FriendlyContext): FriendlyEntry[] {
  const { colour, color, brightness, temperature, kelvin } = request;
  const isGiven = (value: unknown) => value !== undefined;
  if (isGiven(colour) && isGiven(color))
    throw badInput("The message names the colour twice; nothing was sent.");
  if (isGiven(temperature) && isGiven(kelvin)) {
    throw badInput("The message names the colour temperature in percent and in kelvin; nothing was sent.");
  }
  const asked = colour ?? color;
  const isWhite = isGiven(temperature) || isGiven(kelvin);
  if (isGiven(asked) && isWhite) {
    throw badInput("A lamp shows a colour or a white of some temperature, not both; nothing was sent.");
  }
  if (!isGiven(asked) && !isWhite && !isGiven(brightness)) return [];
  const lamp = lampOf(context.dataPoints, context.values);
  if (isGiven(asked)) return colourEntries(asked, brightness, lamp, context);
  return [
    ...modeEntries("white", lamp, context),
    ...(isGiven(brightness) ? [brightnessEntry(brightness, lamp, context)] : []),
    ...(isGiven(temperature) ? [temperatureEntry(temperature, lamp, context)] : []),
    ...(isGiven(kelvin) ? [kelvinEntry(kelvin, lamp, context)] : []),
  ];
}

function colourEntries(
  value: unknown,
  brightness: unknown,
  lamp: Lamp,
  context: FriendlyContext,
): FriendlyEntry[] {
  const dp = lamp.colour;
  if (dp === undefined) throw context.missing("colour");
  return [
    ...modeEntries("colour", lamp, context),
    [dp, brightness === undefined ? value : dimmed(value, brightness, dp, context)],
    ...(lamp.switch === undefined ? [] : [[lamp.switch, true] as const]),
  ];
}

/** A colour of some brightness, in percent or as a change of the present one. */
function dimmed(value: unknown, brightness: unknown, dp: string, context: FriendlyContext): object {
  const colour = readColour(value);
  if (!colour)
    throw badInput(`colour takes ${COLOUR_EXPECTS}, not ${describeValue(value)}; nothing was sent.`);
  const present = decodeColour(context.known(dp), context.dataPoint(dp))?.colour.v;
  const v = context.number("brightness", brightness, {
    limits: PERCENT,
    unit: "percent",
    present: present === undefined ? undefined : present * 100,
  });
  return { h: colour.h, s: colour.s * 100, v };
}

function brightnessEntry(value: unknown, lamp: Lamp, context: FriendlyContext): FriendlyEntry {
  const dp = lamp.brightness;
  if (dp === undefined) throw context.missing("brightness");
  return percentEntry(
    "brightness",
    value,
    dp,
    brightnessRange(context.dataPoint(dp), context.level(dp)),
    context,
  );
}

function temperatureEntry(value: unknown, lamp: Lamp, context: FriendlyContext): FriendlyEntry {
  const dp = lamp.temperature;
  if (dp === undefined) throw context.missing("colour temperature");
  return percentEntry(
    "temperature",
    value,
    dp,
    temperatureRange(context.dataPoint(dp), context.level(dp)),
    context,
  );
}

function kelvinEntry(value: unknown, lamp: Lamp, context: FriendlyContext): FriendlyEntry {
  const dp = lamp.temperature;
  if (dp === undefined) throw context.missing("colour temperature");
  const level = context.level(dp);
  const range = temperatureRange(context.dataPoint(dp), level);
  const present = level === undefined ? undefined : levelToKelvin(level, range);
  const kelvin = context.number("kelvin", value, { limits: KELVIN, unit: "kelvin", present });
  return levelEntry(dp, kelvinToLevel(kelvin, range), context);
}

function percentEntry(
  name: FriendlyName,
  value: unknown,
  dp: string,
  range: LevelRange,
  context: FriendlyContext,
): FriendlyEntry {
  const level = context.level(dp);
  const present = level === undefined ? undefined : levelToPercent(level, range);
  const percent = context.number(name, value, { limits: PERCENT, unit: "percent", present });
  // Beyond the limits only under force, and then as asked for.
  const isForced = percent < PERCENT[0] || percent > PERCENT[1];
  return levelEntry(
    dp,
    isForced ? Math.floor((range.max * percent) / 100) : percentToLevel(percent, range),
    context,
  );
}

function levelEntry(dp: string, level: number, context: FriendlyContext): FriendlyEntry {
  return [dp, level / 10 ** context.dataPoint(dp).scale];
}

function modeEntries(
  light: "white" | "colour",
  { mode }: Lamp,
  { dataPoints }: FriendlyContext,
): FriendlyEntry[] {
  const word = mode === undefined ? undefined : modeWord(dataPoints.get(mode), light);
  return mode === undefined || word === undefined ? [] : [[mode, word]];
}
