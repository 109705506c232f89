import type { DeviceSettings } from "./types";

/** What stands in the place of a key. */
const HIDDEN = "[hidden]";

/**
 * A copy of settings that shows no key when it is printed or turned into JSON, alone or inside something else. `localKey`
 * itself can be read. A copy of the copy is an ordinary object again.
 */
export function keptSettings(settings: DeviceSettings): DeviceSettings {
  if (Object.hasOwn(settings, "toJSON")) return settings;
  return Object.defineProperties(
    // Not a spread: V8 may give each copy a hidden class of its own then, which takes three times the memory of the
    // settings.
    Object.assign({}, settings),
    {
      toJSON: { value: withoutKey },
      [Symbol.for("nodejs.util.inspect.custom")]: { value: withoutKey },
    },
  );
}

/** One function for all copies: a closure each would keep the original settings in memory. */
function withoutKey(this: DeviceSettings): object {
  return { ...this, localKey: HIDDEN };
}
