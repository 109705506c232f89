import { USUAL_KELVIN } from "../../datapoints/friendly/level";
import type { Lamp } from "../virtual/lamps";
import { type EntityContext, virtualTopics } from "./context";
import type { Entity } from "./entity";

/** Lamps, each with one topic for everything: with separate topics nobody could tell which of two brightnesses applies. */
export function lights(context: EntityContext): readonly Entity[] {
  return context.parts.lamps.map((lamp) => light(lamp, context));
}

function light({ name, number, colorModes }: Lamp, context: EntityContext): Entity {
  return {
    key: name,
    platform: "light",
    name: number === 1 ? "Light" : `Light ${number}`,
    isMain: true,
    keys: {
      schema: "json",
      ...virtualTopics(name, context),
      supported_color_modes: colorModes,
      ...(!colorModes.includes("onoff") && { brightness: true, brightness_scale: 100 }),
      ...(colorModes.includes("color_temp") && {
        color_temp_kelvin: true,
        min_kelvin: USUAL_KELVIN.warm,
        max_kelvin: USUAL_KELVIN.cold,
      }),
      flash: false,
      transition: false,
    },
  };
}
