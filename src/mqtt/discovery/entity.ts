import type { Json } from "../types";

/** The kinds of entities that are announced, as Home Assistant calls them. */
export type Platform =
  | "binary_sensor"
  | "button"
  | "climate"
  | "cover"
  | "event"
  | "fan"
  | "humidifier"
  | "light"
  | "lock"
  | "number"
  | "select"
  | "sensor"
  | "siren"
  | "switch"
  | "text"
  | "vacuum";

/** Keys of a discovery message, or of one entity in it, with Home Assistant's names. */
export type Keys = Readonly<Record<string, Json>>;

/** One entity of Home Assistant. */
export interface Entity {
  /**
   * Identifies the entity among those of the device, for ever: mostly the number of its main data point, because codes
   * can be renamed. The unique id ends in it.
   */
  readonly key: string;
  readonly platform: Platform;
  /** Without the name of the device, which Home Assistant puts before it. */
  readonly name: string;
  /** The name to use if another entity has that name already. */
  readonly otherName?: string;
  /** Whether a user chose the name. Then Home Assistant's own names do not replace it. */
  readonly isLabelled?: boolean;
  /** Whether it is what the device is bought for. The only such entity of a device has the name of the device. */
  readonly isMain?: boolean;
  /** The other keys of the entity: topics, limits, templates. */
  readonly keys: Keys;
}

/** Removes keys that are undefined. */
export function keysOf(keys: Readonly<Record<string, Json | undefined>>): Keys {
  const known = Object.entries(keys).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Keys;
}
