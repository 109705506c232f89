import type { Preset } from "./preset";
import { FAN, SENSOR, THERMOSTAT } from "./products/climate";
import { COVER } from "./products/cover";
import { GATEWAY } from "./products/gateway";
import { IR_BLASTER } from "./products/infrared";
import { DIMMER, LAMP, LAMP_OLD } from "./products/lights";
import { BREAKER, PLUG } from "./products/meters";
import { SCENE_SWITCH, WALL_SWITCH } from "./products/switches";

/** Products by the name the command line knows them by. */
export const PRESETS = {
  plug: PLUG,
  switch: WALL_SWITCH,
  "scene-switch": SCENE_SWITCH,
  lamp: LAMP,
  "lamp-old": LAMP_OLD,
  dimmer: DIMMER,
  cover: COVER,
  thermostat: THERMOSTAT,
  sensor: SENSOR,
  fan: FAN,
  breaker: BREAKER,
  gateway: GATEWAY,
  "ir-blaster": IR_BLASTER,
} as const satisfies Record<string, Preset>;

/** The name of a product in `PRESETS`. */
export type PresetName = keyof typeof PRESETS;

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}
