import type { DeviceSettings } from "./types";

/** What stands in the place of a key. */
const HIDDEN = "[hidden]";

/**
 * A copy of settings that is kept and handed out: whoever asks for the key by its name gets it, and whoever prints the
 * settings, or makes JSON of whatever they are in, does not. A copy of the copy is an ordinary object again.
 */
export function keptSettings(settings: DeviceSettings): DeviceSettings {
  if (Object.hasOwn(settings, "toJSON")) return settings;
  return Object.defineProperties(
    // A spread may make a shape of its own for every copy, and that takes three times the room of the settings.
    Object.assign({}, settings),
    {
      toJSON: { value: withoutKey },
      [Symbol.for("nodejs.util.inspect.custom")]: { value: withoutKey },
    },
  );
}

/** One for all of them: none keeps the settings that were copied. */
function withoutKey(this: DeviceSettings): object {
  return { ...this, localKey: HIDDEN };
}
