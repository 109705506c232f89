import type { Announced, Keys } from "./expand";
import { render } from "./jinja";
import { percentageOf, type Shown } from "./reading";

/** Something a person does in Home Assistant: what it publishes, and what it expects to be shown then. */
export interface Press {
  readonly what: string;
  readonly topic: string;
  readonly payload: string;
  readonly expected: Shown;
}

type Pressed = readonly [what: string, topicKey: string, payload: unknown, expected: Shown];

/** Everything a person can do with an entity. */
export function pressesOf(entity: Announced): readonly Press[] {
  const { platform, keys } = entity;
  const presses = PRESSES[platform]?.(keys) ?? [];
  return presses.flatMap(([what, topicKey, payload, expected]) => {
    const topic = keys[topicKey];
    if (typeof topic !== "string") return [];
    const template = keys[topicKey.replace(/_topic$/, "_template")];
    const text = typeof template === "string" ? render(template, payload) : String(payload);
    // What nobody reports stays as it was asked for.
    const isReported = keys[stateTopicKey(topicKey)] !== undefined;
    return [{ what: `${platform} ${what}`, topic, payload: text, expected: isReported ? expected : {} }];
  });
}

function stateTopicKey(commandKey: string): string {
  if (commandKey === "set_position_topic") return "position_topic";
  return commandKey === "set_fan_speed_topic" ? "state_topic" : commandKey.replace("command", "state");
}

const list = (keys: Keys, key: string): readonly string[] => (keys[key] as string[] | undefined) ?? [];

function words(keys: Keys, listKey: string, topicKey: string, aspect: string): readonly Pressed[] {
  // "None" can be chosen, and is shown as unknown.
  return list(keys, listKey).map(
    (word) => [`${aspect} ${word}`, topicKey, word, word === "None" ? {} : { [aspect]: word }] as const,
  );
}

function onOff(keys: Keys): readonly Pressed[] {
  const { payload_on: on = "ON", payload_off: off = "OFF" } = keys;
  return [
    ["off", "command_topic", off, { on: false }],
    ["on", "command_topic", on, { on: true }],
  ];
}

/** The least, the most, and one between them that its steps meet. */
function levels(low: number, high: number, step: number): readonly number[] {
  const middle = low + Math.round((high - low) / 2 / step) * step;
  return [...new Set([low, high, Number(middle.toFixed(9))])];
}

const PRESSES: Readonly<Record<string, (keys: Keys) => readonly Pressed[]>> = {
  switch: onOff,
  siren: onOff,
  light: pressLight,
  button: ({ payload_press: payload = "PRESS" }) => [["press", "command_topic", payload, {}]],
  number: ({ min = 1, max = 100, step = 1 }) =>
    levels(Number(min), Number(max), Number(step)).map(
      (value) => [`to ${value}`, "command_topic", value, { value }] as const,
    ),
  select: (keys) => words(keys, "options", "command_topic", "option"),
  text: () => [["write", "command_topic", "hello", { text: "hello" }]],
  lock: ({ payload_lock: lock = "LOCK", payload_unlock: unlock = "UNLOCK" }) => [
    ["lock", "command_topic", lock, { locked: true }],
    ["unlock", "command_topic", unlock, { locked: false }],
  ],
  cover: (keys) => {
    const { payload_open: open = "OPEN", payload_close: close = "CLOSE", payload_stop: stop = "STOP" } = keys;
    const { position_open: most = 100, position_closed: least = 0 } = keys;
    const moves = [open, close, stop].filter((payload) => payload !== null);
    const at = (percent: number) => Number(least) + ((Number(most) - Number(least)) * percent) / 100;
    return [
      ...moves.map((payload) => [JSON.stringify(payload), "command_topic", payload, {}] as const),
      ...[0, 40, 100].map(
        (position) =>
          [`to ${position}`, "set_position_topic", Math.round(at(position)), { position }] as const,
      ),
    ];
  },
  climate: (keys) => {
    const { min_temp: min = 7, max_temp: max = 35, temp_step: step = 1 } = keys;
    const { min_humidity: dry = 30, max_humidity: wet = 99 } = keys;
    return [
      ...words(keys, "modes", "mode_command_topic", "mode"),
      ...levels(Number(min), Number(max), Number(step)).map(
        (temperature) =>
          [`${temperature} degrees`, "temperature_command_topic", temperature, { temperature }] as const,
      ),
      ...words(keys, "preset_modes", "preset_mode_command_topic", "preset"),
      ...words(keys, "fan_modes", "fan_mode_command_topic", "fan"),
      ...words(keys, "swing_modes", "swing_mode_command_topic", "swing"),
      ...words(keys, "swing_horizontal_modes", "swing_horizontal_mode_command_topic", "swingHorizontal"),
      ...levels(Number(dry), Number(wet), 1).map(
        (humidity) => [`${humidity} %`, "target_humidity_command_topic", humidity, { humidity }] as const,
      ),
    ];
  },
  fan: (keys) => {
    const { speed_range_min: low = 1, speed_range_max: high = 100 } = keys;
    const { payload_oscillation_on: yes, payload_oscillation_off: no } = keys;
    const [least, most] = [Number(low), Number(high)];
    return [
      ...onOff(keys),
      ...levels(least, most, 1).map((speed) => {
        const percentage = percentageOf(speed, least, most);
        return [`at ${percentage} %`, "percentage_command_topic", speed, { percentage }] as const;
      }),
      // As Home Assistant says off where somebody moves the speed to the end.
      ...(keys["command_topic"] === undefined
        ? []
        : [["at 0 %", "percentage_command_topic", least - 1, { on: false }] as const]),
      ...words(keys, "preset_modes", "preset_mode_command_topic", "preset"),
      ["oscillate", "oscillation_command_topic", yes, { oscillating: true }],
      ["stand still", "oscillation_command_topic", no, { oscillating: false }],
      ["forward", "direction_command_topic", "forward", { direction: "forward" }],
      ["reverse", "direction_command_topic", "reverse", { direction: "reverse" }],
    ];
  },
  humidifier: (keys) => {
    const { min_humidity: dry = 0, max_humidity: wet = 100 } = keys;
    return [
      ...onOff(keys),
      ...levels(Number(dry), Number(wet), 1).map(
        (humidity) => [`${humidity} %`, "target_humidity_command_topic", humidity, { humidity }] as const,
      ),
      ...words(keys, "modes", "mode_command_topic", "mode"),
    ];
  },
  vacuum: (keys) => {
    const features = list(keys, "supported_features");
    const commands = [
      ["start", "start", {}],
      ["pause", "pause", {}],
      ["stop", "stop", {}],
      ["return_home", "return_to_base", {}],
      ["locate", "locate", {}],
    ] as const;
    return [
      ...commands
        .filter(([feature]) => features.includes(feature))
        .map(([what, word, expected]) => [what, "command_topic", word, expected] as const),
      ...words(keys, "fan_speed_list", "set_fan_speed_topic", "suction"),
    ];
  },
};

/** As Home Assistant writes JSON to a light: always with a state. */
function pressLight(keys: Keys): readonly Pressed[] {
  const modes = list(keys, "supported_color_modes");
  const command = (what: string, asked: object, expected: Shown): Pressed => [
    what,
    "command_topic",
    JSON.stringify({ state: "ON", ...asked }),
    { on: true, ...expected },
  ];
  const dim = (what: string, more: Shown): readonly Pressed[] =>
    keys["brightness"] === true
      ? [40, 100].map((brightness) =>
          command(`${what} at ${brightness} %`, { brightness }, { brightness, ...more }),
        )
      : [];
  const color = { h: 120, s: 60 };
  return [
    ["off", "command_topic", '{"state":"OFF"}', { on: false }],
    command("on", {}, {}),
    ...dim("as it is", {}),
    ...(modes.includes("color_temp")
      ? [
          command("white", { color_temp: 4600 }, { mode: "color_temp", kelvin: 4600 }),
          ...dim("white", { mode: "color_temp", kelvin: 4600 }),
        ]
      : []),
    ...(modes.includes("hs")
      ? [
          command("green", { color }, { mode: "hs", hue: 120, saturation: 60 }),
          ...dim("green", { mode: "hs", hue: 120, saturation: 60 }),
          command(
            "red and dark",
            { color: { h: 0, s: 100 }, brightness: 20 },
            { mode: "hs", hue: 0, saturation: 100, brightness: 20 },
          ),
        ]
      : []),
    ["off", "command_topic", '{"state":"OFF"}', { on: false }],
  ];
}
