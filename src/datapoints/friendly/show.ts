import type { Dps, DpValue } from "../../protocol/dps";
import { showColour } from "../notation/colour";
import { decodeColour } from "../notation/colour-format";
import type { DataPointMap } from "../datapoint-map";
import { FriendlyContext } from "./context";
import { coverOf } from "./cover";
import { type Lamp, lampOf, lightOf } from "./lamp";
import { brightnessRange, levelToKelvin, levelToPercent, temperatureRange } from "./level";
import type { FriendlyPoint } from "./points";

/** The value of a friendly name. */
export interface FriendlyReading {
  /** In a notation that can also be set. */
  readonly value: unknown;
  /** The number of the data point the value comes from. */
  readonly dp: string;
  /** The value of that data point, as the device reported it. */
  readonly raw: DpValue;
}

/**
 * The present value of a friendly name, by the last known values: brightness in percent, 0 while the lamp is off; a
 * colour as `#rrggbb`; a position in percent, 100 = open. Undefined if it is not known, or belongs to a mode the lamp is
 * not in.
 */
export function showFriendly(
  { word, dp }: Pick<FriendlyPoint, "word" | "dp">,
  dataPoints: DataPointMap,
  values: Dps,
): FriendlyReading | undefined {
  const context = new FriendlyContext({ dataPoints, values, force: false });
  const lamp = lampOf(dataPoints, values);
  switch (word) {
    case "brightness":
      return showBrightness(lamp, context);
    case "colour":
      return isLitBy("colour", lamp, values) ? showColourAs((colour) => colour.hex, dp, context) : undefined;
    case "temperature":
    case "kelvin":
      return isLitBy("white", lamp, values) ? showWhite(word, dp, context) : undefined;
    case "position":
      return showPosition(dp, context);
    case "on":
    case "target":
    case "mode":
    case "speed":
      return showPlain(dp, context);
  }
}

function showBrightness(lamp: Lamp, context: FriendlyContext): FriendlyReading | undefined {
  const { values } = context;
  if (lamp.switch !== undefined && context.known(lamp.switch) === false) {
    return { value: 0, dp: lamp.switch, raw: false };
  }
  if (lamp.brightness !== undefined && isLitBy("white", lamp, values)) {
    const dp = lamp.brightness;
    return showLevel(dp, context, (level) =>
      levelToPercent(level, brightnessRange(context.dataPoint(dp), level)),
    );
  }
  return lamp.colour !== undefined && isLitBy("colour", lamp, values)
    ? showColourAs((colour) => colour.v, lamp.colour, context)
    : undefined;
}

function showWhite(
  word: "temperature" | "kelvin",
  dp: string,
  context: FriendlyContext,
): FriendlyReading | undefined {
  const show = word === "kelvin" ? levelToKelvin : levelToPercent;
  return showLevel(dp, context, (level) => show(level, temperatureRange(context.dataPoint(dp), level)));
}

/** The reported position of a cover; before it reported one, the position it was sent. */
function showPosition(dp: string, context: FriendlyContext): FriendlyReading | undefined {
  const { reached } = coverOf(context.dataPoints, context.values);
  return (reached === undefined ? undefined : showPlain(reached, context)) ?? showPlain(dp, context);
}

function showPlain(dp: string, context: FriendlyContext): FriendlyReading | undefined {
  const raw = context.known(dp);
  return raw === undefined || raw === null
    ? undefined
    : { value: context.dataPoints.decode(dp, raw), dp, raw };
}

function showLevel(
  dp: string,
  context: FriendlyContext,
  show: (level: number) => number,
): FriendlyReading | undefined {
  const raw = context.known(dp);
  const level = context.level(dp);
  return raw === undefined || level === undefined ? undefined : { value: show(level), dp, raw };
}

function showColourAs(
  show: (colour: ReturnType<typeof showColour>) => unknown,
  dp: string,
  context: FriendlyContext,
): FriendlyReading | undefined {
  const raw = context.known(dp);
  const decoded = decodeColour(raw, context.dataPoint(dp));
  return raw === undefined || !decoded ? undefined : { value: show(showColour(decoded.colour)), dp, raw };
}

/** Whether a lamp gives this kind of light, or would if it were on. True for both kinds if it has no mode. */
function isLitBy(kind: "white" | "colour", lamp: Lamp, values: Dps): boolean {
  const light = lightOf(lamp, values);
  return light === kind || light === "either";
}
