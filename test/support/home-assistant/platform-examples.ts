import type { Example } from "./devices";

const bool = (dp: number, code: string, more: object = {}) => ({
  dp: `${dp}`,
  code,
  type: "Boolean",
  ...more,
});
const words = (dp: number, code: string, values: readonly string[], more: object = {}) => ({
  dp: `${dp}`,
  code,
  type: "Enum",
  values,
  ...more,
});
const level = (dp: number, code: string, min: number, max: number, more: object = {}) => ({
  dp: `${dp}`,
  code,
  type: "Integer",
  min,
  max,
  ...more,
});
const RO = { access: "ro" };

/** Devices that are no template, for each platform: what is read in Tuya's documents and other people's tables. */
export const PLATFORM_EXAMPLES: readonly Example[] = [
  {
    what: "wall switch",
    entries: [
      bool(1, "switch_1"),
      bool(2, "switch_2"),
      level(7, "countdown_1", 0, 86_400, { unit: "s" }),
      level(8, "countdown_2", 0, 86_400, { unit: "s" }),
      words(14, "relay_status", ["power_off", "power_on", "last"]),
      words(15, "light_mode", []),
      { dp: "101", code: "greeting", type: "String" },
    ],
  },
  {
    what: "air conditioner",
    entries: [
      bool(1, "switch"),
      level(2, "temp_set", 160, 310, { scale: 1, step: 5, unit: "℃" }),
      level(3, "temp_current", -200, 500, { scale: 1, unit: "℃", ...RO }),
      words(4, "mode", ["auto", "cold", "wet", "wind", "hot", "eco"]),
      words(5, "windspeed", ["1", "2", "3", "auto"]),
      bool(8, "switch_vertical"),
      words(9, "switch_horizontal", ["off", "on", "wide"]),
      level(14, "humidity_set", 30, 90, { unit: "%" }),
      level(15, "humidity_current", 0, 100, { unit: "%", ...RO }),
    ],
  },
  {
    what: "thermostat with presets",
    entries: [
      bool(1, "switch"),
      words(2, "mode", ["manual", "auto", "holiday"]),
      level(16, "temp_set", 10, 70, { divisor: 2, unit: "°C" }),
      level(24, "temp_current", 0, 100, { divisor: 2, unit: "°C", ...RO }),
      words(36, "valve_state", ["open", "close"], RO),
      bool(40, "child_lock"),
      level(27, "temp_correction", -99, 99, { scale: 1, unit: "°C" }),
    ],
  },
  {
    what: "heater in Fahrenheit",
    entries: [
      bool(1, "power"),
      level(2, "temp_set_f", 41, 95, { unit: "℉" }),
      level(3, "temp_current_f", 0, 200, { unit: "℉", ...RO }),
    ],
  },
  {
    what: "kettle with one mode",
    entries: [level(2, "temp_set", 40, 100), level(3, "temp_current", 0, 100, RO)],
  },
  {
    what: "humidifier",
    entries: [
      bool(1, "switch"),
      level(13, "humidity_set", 40, 80, { unit: "%" }),
      level(14, "humidity_current", 0, 100, { unit: "%", ...RO }),
      words(24, "mode", ["auto", "sleep", "humidity"]),
      bool(45, "light"),
    ],
  },
  {
    what: "dehumidifier",
    entries: [
      bool(1, "switch"),
      level(2, "dehumidify_set_value", 35, 70, { unit: "%" }),
      words(4, "fan_speed_enum", ["low", "high"]),
      level(6, "humidity_indoor", 0, 100, { unit: "%", ...RO }),
      level(7, "temp_indoor", -20, 60, { unit: "℃", ...RO }),
      { dp: "19", code: "fault", type: "Bitmap", values: ["tankfull", "E1", "E2"], ...RO },
    ],
  },
  {
    what: "fan with words for its speed",
    entries: [
      bool(1, "switch"),
      words(2, "mode", ["nature", "sleep", "fresh"]),
      words(3, "fan_speed", ["high", "low", "middle"]),
      bool(4, "switch_horizontal"),
      words(5, "fan_direction", ["forward", "reverse"]),
    ],
  },
  {
    what: "fan with automatic speed",
    entries: [
      bool(1, "switch"),
      words(3, "fan_speed_enum", ["level_1", "level_2", "level_3", "auto", "off"]),
    ],
  },
  {
    what: "fan in percent",
    entries: [
      bool(60, "fan_switch"),
      level(62, "fan_speed_percent", 1, 100),
      words(61, "fan_mode", ["fresh"]),
    ],
  },
  {
    what: "cover with two motors and words of its own",
    entries: [
      words(1, "control", ["ZZ", "FZ", "STOP"]),
      level(2, "percent_control", 0, 100, { unit: "%" }),
      level(3, "percent_state", 0, 100, { unit: "%", ...RO }),
      words(101, "control_2", ["open", "stop", "close"]),
      level(102, "percent_control_2", 0, 100),
    ],
  },
  {
    what: "cover without a position",
    entries: [bool(1, "mach_operate"), words(4, "control_back", ["forward", "back"])],
  },
  { what: "cover without words", entries: [level(2, "percent_control", 0, 100)] },
  {
    what: "siren",
    entries: [
      bool(13, "alarm_switch"),
      words(5, "alarm_volume", ["low", "middle", "high", "mute"]),
      level(7, "alarm_time", 1, 1800, { unit: "s" }),
      level(15, "battery_percentage", 0, 100, { unit: "%", ...RO }),
    ],
  },
  {
    what: "lock",
    entries: [
      words(1, "lock_control", ["lock", "unlock"]),
      bool(47, "lock_motor_state", RO),
      level(8, "residual_electricity", 0, 100, RO),
    ],
  },
  {
    what: "vacuum cleaner",
    entries: [
      bool(1, "power_go"),
      words(3, "mode", ["standby", "smart", "chargego"]),
      words(5, "status", ["standby", "smart", "goto_charge", "charging", "charge_done", "paused"], RO),
      level(6, "residual_electricity", 0, 100, { unit: "%", ...RO }),
      bool(13, "seek"),
      words(14, "suction", ["gentle", "normal", "strong"]),
      level(17, "edge_brush", 0, 9000, { unit: "min", ...RO }),
      bool(18, "reset_edge_brush"),
    ],
  },
  {
    what: "air quality",
    entries: [
      level(2, "co2_value", 0, 5000, { unit: "ppm", ...RO }),
      level(18, "temp_current", -200, 600, { scale: 1, unit: "℃", ...RO }),
      level(19, "humidity_value", 0, 100, { unit: "%", ...RO }),
      level(20, "pm25_value", 0, 1000, { unit: "ug/m3", ...RO }),
      level(21, "voc_value", 0, 999, { scale: 3, unit: "mg/m³", ...RO }),
      level(22, "ch2o_value", 0, 999, { scale: 2, unit: "mg/m3", ...RO }),
      level(23, "co_value", 0, 1000, { unit: "wrong", ...RO }),
      level(24, "pm10", 0, 1000, { unit: "µg/m³", ...RO }),
      level(25, "atmospheric_pressture", 0, 2000, { unit: "hPa", ...RO }),
    ],
  },
  {
    what: "alarms",
    entries: [
      words(1, "smoke_sensor_status", ["alarm", "normal"], RO),
      words(2, "gas_sensor_state", ["1", "2"], RO),
      words(3, "watersensor_state", ["alarm", "normal"], RO),
      words(4, "presence_state", ["none", "presence", "peaceful"], RO),
      words(5, "co_status", ["alarm", "normal"], RO),
      bool(6, "sos_state", { ...RO, event: true }),
      words(7, "shock_state", ["normal", "vibration"], RO),
      words(8, "window_state", ["opened", "closed"], RO),
      words(9, "co2_state", ["alarm", "normal"], RO),
      words(10, "ch4_sensor_state", ["alarm", "normal"], RO),
    ],
  },
  {
    what: "buttons",
    entries: [
      words(1, "switch_type_1", ["single_click", "long_press"], { event: true, ...RO }),
      bool(2, "doorbell", { event: true, ...RO }),
    ],
  },
  {
    what: "lamp with colour and white, and a fan",
    entries: [
      bool(1, "switch_led"),
      words(2, "work_mode", ["white", "colour"]),
      level(3, "bright_value_v2", 10, 1000),
      { dp: "5", code: "colour_data_v2", type: "Json" },
      bool(9, "fan_switch"),
    ],
  },
  {
    what: "fan with a colour lamp",
    entries: [
      bool(1, "switch"),
      level(3, "fan_speed", 1, 6),
      bool(9, "light"),
      words(10, "work_mode", ["white", "colour"]),
      level(11, "bright_value", 10, 1000),
      { dp: "12", code: "colour_data", type: "String" },
    ],
  },
  {
    what: "lamp with colour alone",
    entries: [bool(1, "switch_led"), { dp: "5", code: "colour_data", type: "String" }],
  },
  {
    what: "tables without types",
    entries: [{ dp: "1", code: "switch_1" }, { dp: "18", code: "cur_current" }, { dp: "9" }],
  },
  {
    what: "meter of water",
    entries: [
      { dp: "1", code: "water_use_data", type: "Integer", scale: 3, unit: "m3", accumulate: true },
      { dp: "2", code: "add_ele", type: "Integer", scale: 3, unit: "kwh" },
      { dp: "3", code: "forward_energy_total", type: "Integer", scale: 2, unit: "kW·h", access: "ro" },
      { dp: "4", code: "some_energy", type: "Integer", scale: 2, unit: "kWh", access: "ro" },
      { dp: "5", code: "power_factor", type: "Integer", scale: 2, access: "ro" },
    ],
  },
];

const odd = Array.from({ length: 60 }, (_, index) => index + 1);

/** What no table should be, and some are. */
export const ODD_EXAMPLES: readonly Example[] = [
  { what: "nothing", entries: [] },
  { what: `Kitchen/"Bath" '1' + #2 💡\u0007`, entries: [bool(1, "switch_1")] },
  { what: "$SYS", entries: [bool(1, "switch_1")] },
  { what: "bridge", entries: [bool(1, "switch_1")] },
  { what: "the same name", entries: [bool(1, "switch_1")] },
  { what: "the same name", entries: [bool(1, "switch_1")] },
  {
    what: "codes with odd characters",
    entries: [
      bool(1, "a/b"),
      bool(2, "a+b"),
      bool(3, "#"),
      bool(4, "schön 💡"),
      bool(5, `"quoted"`),
      words(6, "choice", ['say "hi"', "it's", String.raw`back\slash`, "}}", "{{ value }}"]),
      words(7, "press", ['say "hi"', "it's", "plain"], { event: true }),
      bool(8, "__proto__"),
      bool(9, "constructor"),
    ],
  },
  { what: "60 data points", entries: odd.map((dp) => level(dp, "", 0, 255, { label: `Value ${dp}` })) },
  { what: "60 without a name", entries: odd.map((dp) => ({ dp: `${dp}`, type: "Integer" })) },
  {
    what: "labels that are all the same",
    entries: odd.map((dp) => bool(dp, `flag_${dp}`, { label: "Flag" })),
  },
  {
    what: "types nobody knows",
    entries: [
      { dp: "1", code: "strange", type: "Quaternion" },
      { dp: "2", code: "switch_1", type: "Quaternion" },
      { dp: "3", code: "temp_set", type: "String" },
    ],
  },
  {
    what: "limits that are none",
    entries: [
      level(1, "upside_down", 100, 0),
      { dp: "2", code: "upwards", type: "Integer", min: 5 },
      { dp: "3", code: "downwards", type: "Integer", max: -5 },
      level(4, "point", 7, 7),
      level(5, "fine", 0, 100, { scale: 9, step: 1 }),
      level(6, "still", 0, 100, { step: 0 }),
      bool(10, "switch"),
      level(11, "temp_set", 30, 5, { unit: "K" }),
      level(12, "humidity_set", 0, 1000),
    ],
  },
  {
    what: "codes of virtual values",
    entries: [
      bool(1, "switch_led"),
      words(2, "lamp", ["a", "b"]),
      words(3, "hvac_mode", ["x"]),
      bool(4, "vacuum"),
    ],
  },
  {
    what: "codes of topics that are there already",
    entries: [
      bool(1, "availability"),
      bool(2, "connection"),
      bool(3, "error"),
      bool(4, "set"),
      bool(5, "get"),
    ],
  },
];
