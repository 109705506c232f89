/**
 * The keys of each platform, from Home Assistant's documentation of its MQTT integration as of early 2026. Home Assistant
 * drops unknown keys of a component without a word; here they are errors, so that a typing error shows.
 */
type Schema = Readonly<Record<string, unknown>>;

export interface PlatformSchema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
  /** Keys that make no sense without others. */
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
}

const TEXT: Schema = { type: "string" };
const FILLED: Schema = { type: "string", minLength: 1 };
/** No wildcards: a topic that can be published to. */
export const TOPIC: Schema = { type: "string", minLength: 1, pattern: "^[^+#\\u0000]+$" };
const TEMPLATE: Schema = { type: "string", pattern: "\\{\\{.+\\}\\}" };
const FLAG: Schema = { type: "boolean" };
const NUMBER: Schema = { type: "number" };
const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
const listOf = (item: Schema): Schema => ({ type: "array", items: item, minItems: 1, uniqueItems: true });
const WORDS = listOf(FILLED);
const WORD_OR_NONE: Schema = { type: ["string", "null"] };

/** A state and a command topic of one aspect, with the template of each, which are called differently on each platform. */
function aspect(name: string, state = `${name}_state_template`): Readonly<Record<string, Schema>> {
  return {
    [`${name}_command_topic`]: TOPIC,
    [`${name}_command_template`]: TEMPLATE,
    [`${name}_state_topic`]: TOPIC,
    [state]: TEMPLATE,
  };
}

const ON_OFF = { payload_on: FILLED, payload_off: FILLED };
const OPTIMISTIC = { optimistic: FLAG };
/** Of HA's `sensor` and `number`: classes that are numbers. */
const NUMERIC_CLASS = oneOf(
  ..."apparent_power atmospheric_pressure battery carbon_dioxide carbon_monoxide current distance duration energy frequency gas humidity illuminance moisture pm1 pm10 pm25 power power_factor pressure reactive_power signal_strength temperature temperature_delta volatile_organic_compounds volatile_organic_compounds_parts voltage volume volume_storage water weight".split(
    " ",
  ),
);

export const PLATFORM_SCHEMAS: Readonly<Record<string, PlatformSchema>> = {
  switch: {
    required: ["command_topic"],
    properties: {
      command_topic: TOPIC,
      command_template: TEMPLATE,
      state_topic: TOPIC,
      value_template: TEMPLATE,
      ...ON_OFF,
      state_on: FILLED,
      state_off: FILLED,
      ...OPTIMISTIC,
      device_class: oneOf("outlet", "switch"),
    },
  },
  light: {
    required: ["schema", "command_topic"],
    properties: {
      schema: { const: "json" },
      command_topic: TOPIC,
      state_topic: TOPIC,
      brightness: FLAG,
      brightness_scale: { type: "integer", minimum: 1 },
      supported_color_modes: {
        enum: [["onoff"], ["brightness"], ["color_temp"], ["hs"], ["color_temp", "hs"]],
      },
      color_temp_kelvin: FLAG,
      min_kelvin: { type: "integer", minimum: 1 },
      max_kelvin: { type: "integer", minimum: 1 },
      effect: FLAG,
      effect_list: WORDS,
      flash: FLAG,
      transition: FLAG,
      white_scale: { type: "integer" },
      ...OPTIMISTIC,
    },
    dependentRequired: { min_kelvin: ["max_kelvin", "color_temp_kelvin"], max_kelvin: ["min_kelvin"] },
  },
  cover: {
    required: [],
    properties: {
      command_topic: TOPIC,
      payload_open: WORD_OR_NONE,
      payload_close: WORD_OR_NONE,
      payload_stop: WORD_OR_NONE,
      state_topic: TOPIC,
      value_template: TEMPLATE,
      position_topic: TOPIC,
      position_template: TEMPLATE,
      position_open: { type: "integer" },
      position_closed: { type: "integer" },
      set_position_topic: TOPIC,
      set_position_template: TEMPLATE,
      ...OPTIMISTIC,
      device_class: oneOf(..."awning blind curtain damper door garage gate shade shutter window".split(" ")),
    },
    dependentRequired: {
      set_position_topic: ["position_topic"],
      value_template: ["state_topic"],
      position_template: ["position_topic"],
    },
  },
  climate: {
    required: [],
    properties: {
      modes: listOf(oneOf("auto", "off", "cool", "heat", "dry", "fan_only", "heat_cool")),
      ...aspect("mode"),
      ...aspect("temperature"),
      current_temperature_topic: TOPIC,
      current_temperature_template: TEMPLATE,
      current_humidity_topic: TOPIC,
      current_humidity_template: TEMPLATE,
      ...aspect("target_humidity"),
      min_humidity: NUMBER,
      max_humidity: NUMBER,
      min_temp: NUMBER,
      max_temp: NUMBER,
      temp_step: { type: "number", exclusiveMinimum: 0 },
      precision: { enum: [0.1, 0.5, 1] },
      temperature_unit: oneOf("C", "F"),
      fan_modes: WORDS,
      ...aspect("fan_mode"),
      swing_modes: WORDS,
      ...aspect("swing_mode"),
      swing_horizontal_modes: WORDS,
      ...aspect("swing_horizontal_mode"),
      preset_modes: WORDS,
      ...aspect("preset_mode", "preset_mode_value_template"),
      action_topic: TOPIC,
      action_template: TEMPLATE,
      power_command_topic: TOPIC,
      ...ON_OFF,
      ...OPTIMISTIC,
    },
    dependentRequired: {
      target_humidity_state_topic: ["target_humidity_command_topic"],
      preset_modes: ["preset_mode_command_topic"],
      preset_mode_command_topic: ["preset_modes"],
    },
  },
  fan: {
    required: ["command_topic"],
    properties: {
      command_topic: TOPIC,
      command_template: TEMPLATE,
      state_topic: TOPIC,
      state_value_template: TEMPLATE,
      ...ON_OFF,
      ...aspect("percentage", "percentage_value_template"),
      speed_range_min: { type: "integer", minimum: 1 },
      speed_range_max: { type: "integer", minimum: 1 },
      payload_reset_percentage: FILLED,
      preset_modes: WORDS,
      ...aspect("preset_mode", "preset_mode_value_template"),
      payload_reset_preset_mode: FILLED,
      ...aspect("oscillation", "oscillation_value_template"),
      payload_oscillation_on: FILLED,
      payload_oscillation_off: FILLED,
      ...aspect("direction", "direction_value_template"),
      ...OPTIMISTIC,
    },
    dependentRequired: {
      preset_modes: ["preset_mode_command_topic"],
      preset_mode_command_topic: ["preset_modes"],
      speed_range_max: ["percentage_command_topic"],
    },
  },
  humidifier: {
    required: ["command_topic", "target_humidity_command_topic"],
    properties: {
      command_topic: TOPIC,
      command_template: TEMPLATE,
      state_topic: TOPIC,
      state_value_template: TEMPLATE,
      ...ON_OFF,
      device_class: oneOf("humidifier", "dehumidifier"),
      ...aspect("target_humidity"),
      min_humidity: NUMBER,
      max_humidity: NUMBER,
      current_humidity_topic: TOPIC,
      current_humidity_template: TEMPLATE,
      action_topic: TOPIC,
      action_template: TEMPLATE,
      modes: WORDS,
      ...aspect("mode"),
      ...OPTIMISTIC,
    },
    dependentRequired: { modes: ["mode_command_topic"], mode_command_topic: ["modes"] },
  },
  siren: {
    required: ["command_topic"],
    properties: {
      command_topic: TOPIC,
      command_template: TEMPLATE,
      command_off_template: TEMPLATE,
      state_topic: TOPIC,
      state_value_template: TEMPLATE,
      ...ON_OFF,
      state_on: FILLED,
      state_off: FILLED,
      available_tones: WORDS,
      support_duration: FLAG,
      support_volume_set: FLAG,
      ...OPTIMISTIC,
    },
  },
  sensor: {
    required: ["state_topic"],
    properties: {
      state_topic: TOPIC,
      value_template: TEMPLATE,
      device_class: { enum: [...(NUMERIC_CLASS["enum"] as string[]), "enum"] },
      unit_of_measurement: FILLED,
      state_class: oneOf("measurement", "measurement_angle", "total", "total_increasing"),
      suggested_display_precision: { type: "integer", minimum: 0 },
      options: WORDS,
      expire_after: { type: "integer", minimum: 0 },
      force_update: FLAG,
    },
    dependentRequired: { options: ["device_class"] },
  },
  binary_sensor: {
    required: ["state_topic"],
    properties: {
      state_topic: TOPIC,
      value_template: TEMPLATE,
      ...ON_OFF,
      device_class: oneOf(
        ..."battery battery_charging carbon_monoxide cold connectivity door garage_door gas heat light lock moisture motion moving occupancy opening plug power presence problem running safety smoke sound tamper update vibration window".split(
          " ",
        ),
      ),
      off_delay: { type: "integer", minimum: 1 },
      expire_after: { type: "integer", minimum: 0 },
      force_update: FLAG,
    },
  },
  number: {
    required: ["command_topic"],
    properties: {
      command_topic: TOPIC,
      command_template: TEMPLATE,
      state_topic: TOPIC,
      value_template: TEMPLATE,
      min: NUMBER,
      max: NUMBER,
      step: { type: "number", minimum: 0.001 },
      mode: oneOf("auto", "box", "slider"),
      unit_of_measurement: FILLED,
      device_class: NUMERIC_CLASS,
      payload_reset: FILLED,
      ...OPTIMISTIC,
    },
  },
  select: {
    required: ["command_topic", "options"],
    properties: {
      command_topic: TOPIC,
      command_template: TEMPLATE,
      state_topic: TOPIC,
      value_template: TEMPLATE,
      options: WORDS,
      ...OPTIMISTIC,
    },
  },
  text: {
    required: ["command_topic"],
    properties: {
      command_topic: TOPIC,
      command_template: TEMPLATE,
      state_topic: TOPIC,
      value_template: TEMPLATE,
      min: { type: "integer", minimum: 0, maximum: 255 },
      max: { type: "integer", minimum: 0, maximum: 255 },
      mode: oneOf("text", "password"),
      pattern: TEXT,
    },
  },
  button: {
    required: ["command_topic"],
    properties: {
      command_topic: TOPIC,
      command_template: TEMPLATE,
      payload_press: FILLED,
      device_class: oneOf("identify", "restart", "update"),
    },
  },
  event: {
    required: ["state_topic", "event_types"],
    properties: {
      state_topic: TOPIC,
      event_types: WORDS,
      value_template: TEMPLATE,
      device_class: oneOf("button", "doorbell", "motion"),
    },
  },
  lock: {
    required: ["command_topic"],
    properties: {
      command_topic: TOPIC,
      command_template: TEMPLATE,
      state_topic: TOPIC,
      value_template: TEMPLATE,
      payload_lock: FILLED,
      payload_unlock: FILLED,
      payload_open: FILLED,
      state_locked: FILLED,
      state_unlocked: FILLED,
      state_locking: FILLED,
      state_unlocking: FILLED,
      state_jammed: FILLED,
      code_format: FILLED,
      ...OPTIMISTIC,
    },
  },
  vacuum: {
    required: [],
    properties: {
      command_topic: TOPIC,
      state_topic: TOPIC,
      supported_features: listOf(
        oneOf(..."start stop pause return_home status locate clean_spot fan_speed send_command".split(" ")),
      ),
      fan_speed_list: WORDS,
      set_fan_speed_topic: TOPIC,
      send_command_topic: TOPIC,
      payload_start: FILLED,
      payload_pause: FILLED,
      payload_stop: FILLED,
      payload_return_to_base: FILLED,
      payload_clean_spot: FILLED,
      payload_locate: FILLED,
    },
    dependentRequired: { fan_speed_list: ["set_fan_speed_topic"] },
  },
};
