import { badInput } from "../../errors";
import { type Colour, COLOUR_EXPECTS, readColour, showColour } from "../notation/colour";
import { decodeColour } from "../notation/colour-format";
import { readNumber } from "../notation/number";
import { describeValue } from "../describe";
import { readChange } from "./change";
import type { FriendlyContext, FriendlyEntry, FriendlyName, FriendlyValues } from "./context";
import { type Lamp, lampOf, lightOfMode, modeWord } from "./lamp";
import {
  brightnessRange,
  kelvinToLevel,
  type LevelRange,
  levelToKelvin,
  levelToPercent,
  percentToLevel,
  temperatureRange,
} from "./level";
import { toPeople } from "../scale";

const PERCENT = [0, 100] as const;
/** A colour is never dimmed below this. */
const LEAST_PERCENT = 1;
/**
 * Wider than the range of any lamp. A number outside is no colour temperature; inside, the lamp comes as near as it can.
 */
const KELVIN = [1000, 20_000] as const;

/**
 * The data points to set on a lamp. A colour sets mode, colour and switch in one frame, because lamps obey a colour
 * reliably only in colour mode. A colour temperature sets the white mode. Brightness applies to the light the lamp gives:
 * together with a colour, and in colour mode, to the colour; otherwise to white. It switches the lamp on, and 0 switches
 * it off.
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
  if (lamp.switch !== undefined && isDimmable(lamp) && readNumber(brightness) === 0)
    return [[lamp.switch, false]];
  if (isGiven(asked)) return colourEntries(asked, brightness, lamp, context);
  const isColoured = !isWhite && isGiven(brightness) && shinesInColour(lamp, context);
  if (isColoured)
    return [...dimmedEntries(brightness, lamp, context), ...onEntries(brightness, lamp, context)];
  return [
    ...modeEntries("white", lamp, context),
    ...(isGiven(brightness)
      ? [brightnessEntry(brightness, lamp, context), ...onEntries(brightness, lamp, context)]
      : []),
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

/** Whether the lamp has a brightness. Only then a brightness of 0 means off. */
function isDimmable({ brightness, colour }: Lamp): boolean {
  return brightness !== undefined || colour !== undefined;
}

/** Whether the lamp is known to be in colour mode, so that brightness applies to the colour. */
function shinesInColour(lamp: Lamp, context: FriendlyContext): boolean {
  if (lamp.colour === undefined || !presentColour(lamp.colour, context)) return false;
  const mode = lamp.mode === undefined ? undefined : context.present(lamp.mode);
  return lightOfMode(lamp, mode) === "colour" || lamp.brightness === undefined;
}

/** The present colour, brighter or darker. It is never set to black, which would lose the hue. */
function dimmedEntries(brightness: unknown, { colour: dp }: Lamp, context: FriendlyContext): FriendlyEntry[] {
  const present = dp === undefined ? undefined : presentColour(dp, context);
  if (dp === undefined || !present) return [];
  const { h, s, v } = showColour(present);
  const percent = context.number("brightness", brightness, {
    limits: PERCENT,
    unit: "percent",
    present: () => v,
  });
  return [[dp, { h, s, v: Math.max(percent, LEAST_PERCENT) }]];
}

function presentColour(dp: string, context: FriendlyContext): Colour | undefined {
  return decodeColour(context.present(dp), context.dataPoint(dp))?.colour;
}

/** A lamp that is off is switched on with a brightness, unless the brightness is a change downwards. */
function onEntries(brightness: unknown, lamp: Lamp, context: FriendlyContext): FriendlyEntry[] {
  const isDarker = (readChange(brightness) ?? 0) < 0;
  const isOff = lamp.switch !== undefined && context.present(lamp.switch) === false;
  return isOff && !isDarker ? [[lamp.switch, true]] : [];
}

/** A colour with a brightness, in percent or as a change of the present one. */
function dimmed(value: unknown, brightness: unknown, dp: string, context: FriendlyContext): object {
  const colour = readColour(value);
  if (!colour)
    throw badInput(`colour takes ${COLOUR_EXPECTS}, not ${describeValue(value)}; nothing was sent.`);
  const present = (): number | undefined => {
    const known = presentColour(dp, context);
    return known && known.v * 100;
  };
  const v = context.number("brightness", brightness, { limits: PERCENT, unit: "percent", present });
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
  const range = temperatureRange(context.dataPoint(dp), context.level(dp));
  const present = (): number | undefined => {
    const level = context.presentLevel(dp);
    return level === undefined ? undefined : levelToKelvin(level, range);
  };
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
  const present = (): number | undefined => {
    const level = context.presentLevel(dp);
    return level === undefined ? undefined : levelToPercent(level, range);
  };
  const percent = context.number(name, value, { limits: PERCENT, unit: "percent", present });
  // It can be outside the limits only if forced, and is sent unchanged then.
  const isForced = percent < PERCENT[0] || percent > PERCENT[1];
  return levelEntry(
    dp,
    isForced ? Math.floor((range.max * percent) / 100) : percentToLevel(percent, range),
    context,
  );
}

function levelEntry(dp: string, level: number, context: FriendlyContext): FriendlyEntry {
  return [dp, toPeople(level, context.dataPoint(dp))];
}

function modeEntries(
  light: "white" | "colour",
  { mode }: Lamp,
  { dataPoints }: FriendlyContext,
): FriendlyEntry[] {
  const word = mode === undefined ? undefined : modeWord(dataPoints.get(mode), light);
  return mode === undefined || word === undefined ? [] : [[mode, word]];
}
