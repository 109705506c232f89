import { lampOf, lightOf } from "../../datapoints/friendly/lamp";
import { showFriendly } from "../../datapoints/friendly/show";
import { showColour } from "../../datapoints/notation/colour";
import { decodeColour } from "../../datapoints/notation/colour-format";
import type { Dps } from "../../protocol/dps";
import type { Json, VirtualValue } from "../types";
import { readLampCommand } from "./lamp-command";
import type { ColorMode, Lamp } from "./lamps";

/** Home Assistant takes 0 for off. */
const LEAST_PERCENT = 1;

/**
 * A lamp as Home Assistant's JSON schema has it: `state`, `brightness` in percent, `color_mode`, `color_temp` in kelvin
 * and `color` in degrees and percent. Brightness and colour are those of the present light; during a scene, whose light
 * is not known, those of the last one.
 */
export function lampValue(lamp: Lamp): VirtualValue {
  const dps = lamp.map.dataPoints.map(({ dp }) => dp);
  let last: "white" | "colour" | undefined;
  return {
    name: lamp.name,
    dps,
    read(values) {
      const own = ownOf(dps, values);
      const raw = own[lamp.switch.dp];
      const isOn = raw === undefined ? undefined : lamp.map.decode(lamp.switch.dp, raw);
      if (typeof isOn !== "boolean") return undefined;
      const light = onlyLight(lamp) ?? lightOf(lampOf(lamp.map, own), own);
      // "either" means white here: a lamp with white and colour always has a mode.
      last = light === "either" ? "white" : (light ?? last);
      return { state: isOn ? "ON" : "OFF", ...lightIn(last, lamp, own) };
    },
    write: (payload, values) => readLampCommand(payload, lamp, ownOf(dps, values)),
  };
}

/** The kind of light of a lamp with only one kind, whatever its mode. */
function onlyLight({ colour, brightness }: Lamp): "white" | "colour" | undefined {
  if (!colour) return "white";
  return brightness ? undefined : "colour";
}

/** Only the values of this lamp's data points. */
function ownOf(dps: readonly string[], values: Dps): Dps {
  return Object.fromEntries(Object.entries(values).filter(([dp]) => dps.includes(dp)));
}

/** The kind of light to show. Undefined: it is neither white nor colour now, and the last one is not known. */
type Known = "white" | "colour" | undefined;

function lightIn(light: Known, lamp: Lamp, values: Dps): { readonly [key: string]: Json } {
  const colorMode = colorModeOf(light, lamp);
  if (colorMode === undefined) return {};
  const shown = lightValues(light, lamp, values);
  const brightness = show("brightness", lamp, shown);
  const kelvin = colorMode === "color_temp" ? show("kelvin", lamp, shown) : undefined;
  const color = colorMode === "hs" ? colorOf(light, lamp, values) : undefined;
  // Home Assistant ignores a colour mode without its values.
  const isMissing =
    (colorMode === "color_temp" && kelvin === undefined) || (colorMode === "hs" && color === undefined);
  if (isMissing) return levelOf(brightness);
  return {
    ...levelOf(brightness),
    color_mode: colorMode,
    ...(kelvin !== undefined && { color_temp: kelvin }),
    ...(color !== undefined && { color }),
  };
}

function colorModeOf(light: Known, { colorModes }: Lamp): ColorMode | undefined {
  const [only, other] = colorModes;
  if (light === undefined) return undefined;
  return other === undefined ? only : light === "colour" ? "hs" : "color_temp";
}

/** The values as if the lamp were on and gave that light: whether it is on is in `state`. */
function lightValues(light: Known, { switch: on, mode }: Lamp, values: Dps): Dps {
  return { ...values, [on.dp]: true, ...(mode && light && { [mode.dp]: light }) };
}

function show(word: "brightness" | "kelvin", lamp: Lamp, values: Dps): number | undefined {
  const point = word === "kelvin" ? lamp.temperature : (lamp.brightness ?? lamp.colour);
  const value = point && showFriendly({ word, dp: point.dp }, lamp.map, values)?.value;
  return typeof value === "number" ? value : undefined;
}

function levelOf(percent: number | undefined): { readonly [key: string]: Json } {
  return percent === undefined ? {} : { brightness: Math.max(LEAST_PERCENT, Math.round(percent)) };
}

/** The colour; for white light a colour without saturation. */
function colorOf(light: Known, { colour, brightness }: Lamp, values: Dps): Json | undefined {
  if (colour === undefined || (light !== "colour" && brightness !== undefined)) return { h: 0, s: 0 };
  const decoded = decodeColour(values[colour.dp], colour);
  if (!decoded) return undefined;
  const { h, s } = showColour(decoded.colour);
  return { h, s };
}
