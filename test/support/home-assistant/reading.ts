import type { Announced, Keys } from "./expand";
import { render } from "./jinja";

/** What Home Assistant shows of an entity, by aspect; an aspect of which it knows nothing is not there. */
export type Shown = Readonly<Record<string, unknown>>;

/** Payloads by topic, as they arrived. */
export type Payloads = ReadonlyMap<string, string>;

/** What Home Assistant would write into its log, or show as unknown. */
export class Misfit extends Error {}

/** Reads what arrived for an entity as Home Assistant does. Throws `Misfit` for what does not fit it. */
export function readEntity(entity: Announced, payloads: Payloads): Shown {
  const read = READERS[entity.platform];
  if (!read) throw new Misfit(`${entity.platform} is not known`);
  const shown = read(new Reader(entity, payloads));
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
}

class Reader {
  readonly keys: Keys;
  readonly #entity: Announced;
  readonly #payloads: Payloads;

  constructor(entity: Announced, payloads: Payloads) {
    this.#entity = entity;
    this.keys = entity.keys;
    this.#payloads = payloads;
  }

  /** What stands in the topic of an aspect, through its template; undefined where nothing has arrived, or nothing that counts. */
  text(topicKey: string, templateKey: string): string | undefined {
    const topic = this.keys[topicKey];
    const payload = typeof topic === "string" ? this.#payloads.get(topic) : undefined;
    if (payload === undefined) return undefined;
    const template = this.keys[templateKey];
    const value = typeof template === "string" ? render(template, payload) : payload;
    return value === "" ? undefined : value;
  }

  number(topicKey: string, templateKey: string, [low, high]: readonly [number, number]): number | undefined {
    const text = this.text(topicKey, templateKey);
    if (text === undefined || text === "None") return undefined;
    const number = Number(text);
    if (text.trim() === "" || !Number.isFinite(number)) throw this.misfit(`${text} is no number`);
    if (number < low || number > high) throw this.misfit(`${text} is not from ${low} to ${high}`);
    return number;
  }

  /** One of several words; `reset` means none of them. */
  word(topicKey: string, templateKey: string, words: unknown, reset?: string): string | undefined {
    const text = this.text(topicKey, templateKey);
    if (text === undefined || text === "None" || text === reset) return undefined;
    if (!(words as readonly string[]).includes(text))
      throw this.misfit(`${text} is none of ${String(words)}`);
    return text;
  }

  /** On or off, by the payloads that say so. */
  flag(topicKey: string, templateKey: string, on: unknown, off: unknown): boolean | undefined {
    const word = this.word(topicKey, templateKey, [on, off]);
    return word === undefined ? undefined : word === on;
  }

  onOff(templateKey: string): boolean | undefined {
    const { payload_on: on = "ON", payload_off: off = "OFF" } = this.keys;
    return this.flag("state_topic", templateKey, on, off);
  }

  json(topicKey: string): Readonly<Record<string, unknown>> | undefined {
    const text = this.text(topicKey, "");
    if (text === undefined) return undefined;
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  }

  limits(low: string, high: string, usual: readonly [number, number]): readonly [number, number] {
    return [Number(this.keys[low] ?? usual[0]), Number(this.keys[high] ?? usual[1])];
  }

  misfit(what: string): Misfit {
    return new Misfit(`${this.#entity.platform} ${this.#entity.uniqueId}: ${what}`);
  }
}

const ANY = [-Infinity, Infinity] as const;
const PERCENT = [0, 100] as const;
/** What a state can hold. */
const MAX_STATE = 255;

const READERS: Readonly<Record<string, (reader: Reader) => Shown>> = {
  sensor: (reader) => {
    const { options, unit_of_measurement: unit, state_class: stateClass } = reader.keys;
    if (options !== undefined) return { state: reader.word("state_topic", "value_template", options) };
    if (unit !== undefined || stateClass !== undefined)
      return { state: reader.number("state_topic", "value_template", ANY) };
    const state = reader.text("state_topic", "value_template");
    if (state !== undefined && state.length > MAX_STATE && reader.keys["enabled_by_default"] !== false)
      throw reader.misfit("its state is too long");
    return { state };
  },
  binary_sensor: (reader) => ({ on: reader.onOff("value_template") }),
  switch: (reader) => ({ on: reader.onOff("value_template") }),
  siren: (reader) => ({ on: reader.onOff("state_value_template") }),
  button: () => ({}),
  number: (reader) => ({
    value: reader.number("state_topic", "value_template", reader.limits("min", "max", [1, 100])),
  }),
  select: (reader) => ({ option: reader.word("state_topic", "value_template", reader.keys["options"]) }),
  text: (reader) => ({ text: reader.text("state_topic", "value_template") }),
  event: (reader) => {
    const text = reader.text("state_topic", "value_template");
    if (text === undefined) return {};
    const { event_type: type } = JSON.parse(text) as { event_type?: unknown };
    if (!(reader.keys["event_types"] as unknown[]).includes(type))
      throw reader.misfit(`${String(type)} cannot happen`);
    return { event: type };
  },
  light: readLight,
  cover: (reader) => {
    const { position_open: open = 100, position_closed: closed = 0 } = reader.keys as {
      position_open?: number;
      position_closed?: number;
    };
    const position = reader.number("position_topic", "position_template", [closed, open]);
    return {
      position:
        position === undefined ? undefined : Math.round(((position - closed) / (open - closed)) * 100),
    };
  },
  climate: (reader) => ({
    mode: reader.word("mode_state_topic", "mode_state_template", reader.keys["modes"]),
    // Home Assistant shows what is beyond its limits, too.
    temperature: reader.number("temperature_state_topic", "temperature_state_template", ANY),
    current: reader.number("current_temperature_topic", "current_temperature_template", ANY),
    humidity: reader.number("target_humidity_state_topic", "target_humidity_state_template", PERCENT),
    currentHumidity: reader.number("current_humidity_topic", "current_humidity_template", PERCENT),
    preset: reader.word(
      "preset_mode_state_topic",
      "preset_mode_value_template",
      reader.keys["preset_modes"],
      "none",
    ),
    fan: reader.word("fan_mode_state_topic", "fan_mode_state_template", reader.keys["fan_modes"]),
    swing: reader.word("swing_mode_state_topic", "swing_mode_state_template", reader.keys["swing_modes"]),
    swingHorizontal: reader.word(
      "swing_horizontal_mode_state_topic",
      "swing_horizontal_mode_state_template",
      reader.keys["swing_horizontal_modes"],
    ),
    action: reader.word("action_topic", "action_template", [
      "off",
      "heating",
      "cooling",
      "drying",
      "idle",
      "fan",
    ]),
  }),
  fan: (reader) => {
    const { payload_oscillation_on: yes, payload_oscillation_off: no } = reader.keys;
    const [low, high] = reader.limits("speed_range_min", "speed_range_max", [1, 100]);
    const speed = reader.number("percentage_state_topic", "percentage_value_template", [0, high]);
    return {
      on: reader.onOff("state_value_template"),
      percentage: speed === undefined ? undefined : percentageOf(speed, low, high),
      preset: reader.word(
        "preset_mode_state_topic",
        "preset_mode_value_template",
        reader.keys["preset_modes"],
      ),
      oscillating: reader.flag("oscillation_state_topic", "oscillation_value_template", yes, no),
      direction: reader.word("direction_state_topic", "direction_value_template", ["forward", "reverse"]),
    };
  },
  humidifier: (reader) => ({
    on: reader.onOff("state_value_template"),
    humidity: reader.number(
      "target_humidity_state_topic",
      "target_humidity_state_template",
      reader.limits("min_humidity", "max_humidity", PERCENT),
    ),
    currentHumidity: reader.number("current_humidity_topic", "current_humidity_template", PERCENT),
    mode: reader.word("mode_state_topic", "mode_state_template", reader.keys["modes"]),
  }),
  lock: (reader) => {
    const { state_locked: locked = "LOCKED", state_unlocked: unlocked = "UNLOCKED" } = reader.keys;
    return { locked: reader.flag("state_topic", "value_template", locked, unlocked) };
  },
  vacuum: (reader) => {
    const said = reader.json("state_topic");
    if (!said) return {};
    const states = ["cleaning", "docked", "paused", "idle", "returning", "error"];
    if (!states.includes(said["state"] as string))
      throw reader.misfit(`${String(said["state"])} is no state`);
    return { state: said["state"], suction: said["fan_speed"] };
  },
};

/** Home Assistant reads a colour together with its mode only, and keeps what it knows where a mode is not told. */
function readLight(reader: Reader): Shown {
  const said = reader.json("state_topic");
  if (!said) return {};
  const { state, brightness, color_mode: mode, color_temp: kelvin, color } = said;
  const { supported_color_modes: modes, brightness_scale: scale = 255 } = reader.keys;
  if (state !== "ON" && state !== "OFF") throw reader.misfit(`${String(state)} is no state`);
  if (mode !== undefined && !(modes as unknown[]).includes(mode))
    throw reader.misfit(`${JSON.stringify(mode)} is no mode it has`);
  if (brightness !== undefined && !(Number(brightness) > 0 && Number(brightness) <= Number(scale)))
    throw reader.misfit(`brightness ${JSON.stringify(brightness)}`);
  if (mode === "color_temp" && typeof kelvin !== "number") throw reader.misfit("no color temperature");
  const { h, s } = (color ?? {}) as { h?: unknown; s?: unknown };
  if (mode === "hs" && (typeof h !== "number" || typeof s !== "number")) throw reader.misfit("no color");
  return { on: state === "ON", brightness, mode, kelvin, hue: h, saturation: s };
}

/** As Home Assistant computes it. */
export function percentageOf(speed: number, low: number, high: number): number {
  return Math.floor(((speed - (low - 1)) * 100) / (high - low + 1));
}
