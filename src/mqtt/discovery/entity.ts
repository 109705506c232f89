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

export type Keys = Readonly<Record<string, Json>>;

/** One entity of Home Assistant. */
export interface Entity {
  /** Number of the data point, or the key of the virtual value: what its unique id ends in, for codes can be renamed. */
  readonly key: string;
  readonly platform: Platform;
  /** Without the name of the device, which Home Assistant puts before it. */
  readonly name: string;
  /** Where another entity is called so already. */
  readonly otherName?: string;
  /** Whether somebody chose the name: Home Assistant's own words do not replace it. */
  readonly isLabelled?: boolean;
  /** What the device is bought for. Where it is the only such entity it is called like the device. */
  readonly isMain?: boolean;
  /** What is said of the entity besides: topics, limits, templates. */
  readonly keys: Keys;
}

/** Keys without those that are undefined. */
export function keysOf(keys: Readonly<Record<string, Json | undefined>>): Keys {
  const known = Object.entries(keys).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Keys;
}
