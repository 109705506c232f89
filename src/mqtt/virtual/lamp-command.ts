import { describeValue } from "../../datapoints/describe";
import { readFriendly } from "../../datapoints/friendly/friendly";
import type { FriendlyEntry, FriendlyValues } from "../../datapoints/friendly/context";
import { showFriendly } from "../../datapoints/friendly/show";
import { readBoolean } from "../../datapoints/notation/on-off";
import { badInput } from "../../errors";
import { isPlainObject } from "../../plain-object";
import type { Dps } from "../../protocol/dps";
import type { Lamp } from "./lamps";

const FULL = 100;

/**
 * Reads a command for a lamp in Home Assistant's JSON schema, or just `ON` or `OFF`. Everything in it becomes one frame.
 * A brightness applies to the light the lamp gives. Home Assistant sends `ON` with every command, so a lamp that is known
 * to be on is not switched on again. `OFF` only switches.
 */
export function readLampCommand(payload: unknown, lamp: Lamp, values: Dps): Record<string, unknown> {
  const { state, request } = readPayload(payload, lamp, values);
  const on = lamp.switch.dp;
  if (state === false) return { [on]: false };
  const asked = readFriendly(request, { dataPoints: lamp.map, values, force: false });
  const entries = asked.map(([dp, value]) => [dp, asWritten(dp, value, lamp, values)] as const);
  const isLit = values[on] !== undefined && lamp.map.decode(on, values[on]) === true;
  const isNamed = entries.some(([dp]) => dp === on);
  const isSwitched = state === true && !isNamed && (!isLit || entries.length === 0);
  const switched: readonly FriendlyEntry[] = isSwitched ? [[on, true]] : [];
  return Object.fromEntries([...switched, ...entries]);
}

/**
 * A colour in the form of this lamp, if that is a text. tuya-out would extend another form by mode and switch, and for a
 * fan with a lamp use the switch of the fan.
 */
function asWritten(dp: string, value: unknown, { map, colour }: Lamp, values: Dps): unknown {
  if (dp !== colour?.dp) return value;
  const written = map.encode(dp, value, { known: values[dp] });
  return typeof written === "string" ? written : value;
}

/** The fields of Home Assistant's JSON schema that are understood. */
interface Command {
  readonly state?: unknown;
  readonly brightness?: unknown;
  readonly color_temp?: unknown;
  readonly color?: unknown;
}

interface LampRequest {
  readonly state: boolean | undefined;
  readonly request: FriendlyValues;
}

function readPayload(payload: unknown, lamp: Lamp, values: Dps): LampRequest {
  if (typeof payload !== "object" || payload === null) {
    const state = readBoolean(payload);
    if (state === undefined) throw refusal(payload, lamp);
    return { state, request: {} };
  }
  const { state, brightness, color_temp: kelvin, color }: Command = withoutNulls(payload);
  const flag = readBoolean(state);
  if (state !== undefined && flag === undefined) throw refusal(state, lamp);
  const isAsked = [state, brightness, kelvin, color].some((each) => each !== undefined);
  if (!isAsked) throw refusal(payload, lamp);
  if (flag === false) return { state: false, request: {} };
  return {
    state: flag,
    request: {
      ...(brightness !== undefined && { brightness }),
      ...(kelvin !== undefined && { kelvin }),
      ...(color !== undefined && { colour: withBrightness(color, lamp, values) }),
    },
  };
}

/** Adds the present brightness to a colour that has only hue and saturation. */
function withBrightness(color: unknown, lamp: Lamp, values: Dps): unknown {
  if (!isPlainObject(color)) return color;
  const given = withoutNulls(color);
  const isWhole = ["v", "l"].some((name) => Object.hasOwn(given, name));
  if (isWhole || given["h"] === undefined || given["s"] === undefined) return given;
  return { h: given["h"], s: given["s"], v: presentPercent(lamp, values) };
}

/** Some programs write null for what they have no value for. */
function withoutNulls(object: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

function presentPercent(lamp: Lamp, values: Dps): number {
  const point = lamp.brightness ?? lamp.colour;
  const lit = { ...values, [lamp.switch.dp]: true };
  const shown = point && showFriendly({ word: "brightness", dp: point.dp }, lamp.map, lit)?.value;
  return typeof shown === "number" && shown > 0 ? shown : FULL;
}

function refusal(value: unknown, { name }: Lamp): Error {
  return badInput(
    `${name} takes ON, OFF, or an object such as {"state": "ON", "brightness": 40}, with "color_temp" in kelvin or "color": {"h": 240, "s": 100}, not ${describeValue(value)}; nothing was sent.`,
  );
}
