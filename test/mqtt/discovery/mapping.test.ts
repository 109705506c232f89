import assert from "node:assert/strict";
import type { Keys } from "../../support/home-assistant/expand";
import { bool, check, entitiesOf, int, words } from "../../support/home-assistant/mapped";

const RO = { access: "ro" };
const CONFIG = { entity_category: "config" };
const DIAGNOSTIC = { entity_category: "diagnostic" };
const MEASURED = { state_class: "measurement" };

/** What a single data point becomes: `docs/home-assistant.md` has the same for people. */
const SINGLE: readonly (readonly [entry: object, platform: string, keys: Keys])[] = [
  [
    bool("switch"),
    "switch",
    { name: null, payload_on: "true", payload_off: "false", device_class: undefined, retain: false },
  ],
  [bool("switch_usb1"), "switch", { name: null, entity_category: undefined }],
  [{ dp: "1", code: "switch_1" }, "switch", { name: null }],
  [bool("child_lock"), "switch", { name: "Child lock", ...CONFIG }],
  [bool("do_not_disturb", { label: "Stay off" }), "switch", { name: "Stay off", ...CONFIG }],
  [bool("relay_status"), "switch", CONFIG],
  [bool("whatever"), "switch", { entity_category: undefined }],
  [bool("whatever", RO), "binary_sensor", { payload_on: "true", payload_off: "false" }],
  [bool("whatever", { access: "wr" }), "button", { payload_press: "true", retain: false }],
  [bool("reset_filter"), "button", { payload_press: "true" }],
  [bool("alarm_switch"), "siren", { command_template: "{{ value }}", support_duration: false }],
  [
    int("cur_power", "w", { scale: 1 }),
    "sensor",
    { device_class: "power", unit_of_measurement: "W", suggested_display_precision: 1, ...MEASURED },
  ],
  [int("cur_voltage", "V"), "sensor", { device_class: "voltage", ...MEASURED }],
  [int("cur_current", "mA"), "sensor", { device_class: "current", unit_of_measurement: "mA" }],
  [int("leakage_current", "mA"), "sensor", { device_class: "current" }],
  [int("cur_power", "furlongs"), "sensor", { device_class: undefined, unit_of_measurement: "furlongs" }],
  [
    int("cur_power"),
    "sensor",
    { device_class: undefined, unit_of_measurement: undefined, state_class: undefined },
  ],
  [
    int("total_forward_energy", "度"),
    "sensor",
    { device_class: "energy", unit_of_measurement: "kWh", state_class: "total_increasing" },
  ],
  [
    int("reverse_energy_total", "kW·h"),
    "sensor",
    { device_class: "energy", state_class: "total_increasing" },
  ],
  [int("balance_energy", "kWh", RO), "sensor", { device_class: "energy", state_class: "total" }],
  [
    int("energy_of_something", "kWh", RO),
    "sensor",
    { device_class: undefined, state_class: undefined, unit_of_measurement: "kWh" },
  ],
  [
    int("add_ele", "kWh", { accumulate: true }),
    "sensor",
    {
      state_topic: "b/D/add_ele_total",
      name: undefined,
      device_class: "energy",
      state_class: "total_increasing",
    },
  ],
  [
    int("water_used", "m3", { accumulate: true }),
    "sensor",
    { device_class: "water", unit_of_measurement: "m³" },
  ],
  [
    int("supply_frequency", "HZ"),
    "sensor",
    { device_class: "frequency", unit_of_measurement: "Hz", ...DIAGNOSTIC },
  ],
  [int("power_factor"), "sensor", { device_class: "power_factor" }],
  [
    int("va_temperature", "℃", { scale: 1 }),
    "sensor",
    { device_class: "temperature", unit_of_measurement: "°C" },
  ],
  [int("temp_current", "'C"), "sensor", { device_class: "temperature", unit_of_measurement: "°C" }],
  [int("va_humidity", "％"), "sensor", { device_class: "humidity", unit_of_measurement: "%" }],
  [int("bright_value", "Lux", RO), "sensor", { device_class: "illuminance", unit_of_measurement: "lx" }],
  [int("pm25_value", "ug/m3"), "sensor", { device_class: "pm25", unit_of_measurement: "µg/m³" }],
  [int("co2_value", "ppm"), "sensor", { device_class: "carbon_dioxide" }],
  [int("ch2o_value", "mg/m3"), "sensor", { device_class: undefined, unit_of_measurement: "mg/m³" }],
  [int("battery_percentage"), "sensor", { device_class: "battery", unit_of_measurement: "%", ...DIAGNOSTIC }],
  [int("battery_value", "mV"), "sensor", { device_class: "voltage", ...DIAGNOSTIC }],
  [
    words("battery_state", ["low", "high"], RO),
    "sensor",
    { device_class: "enum", options: ["low", "high"], ...DIAGNOSTIC },
  ],
  [int("strange", "W"), "sensor", { device_class: "power" }],
  [int("strange", "W", { access: "rw" }), "number", { device_class: "power" }],
  [int("strange", "W", { access: "wr" }), "number", { device_class: "power", state_topic: undefined }],
  [int("strange", "°C"), "number", { device_class: "temperature" }],
  [int("strange", "°C", RO), "sensor", { device_class: "temperature", ...MEASURED }],
  [
    int("countdown_1", "s", { min: 0, max: 86_400 }),
    "number",
    { device_class: "duration", min: 0, max: 86_400, step: 1, mode: "box", ...CONFIG },
  ],
  [
    int("maxtemp_set", "℃", { scale: 1, min: -200, max: 600 }),
    "number",
    { min: -20, max: 60, step: 0.1, device_class: "temperature", ...CONFIG },
  ],
  [
    int("temp_correction", "℃", { min: -9, max: 9 }),
    "number",
    { device_class: "temperature_delta", ...CONFIG },
  ],
  [
    int("level", undefined, { min: 0, max: 50, step: 5, divisor: 2 }),
    "number",
    { min: 0, max: 25, step: 2.5, mode: "auto" },
  ],
  [
    int("level", undefined, { access: "wr" }),
    "number",
    { state_topic: undefined, command_topic: "b/D/level/set" },
  ],
  [words("relay_status", ["off", "on", "memory"]), "select", { options: ["off", "on", "memory"], ...CONFIG }],
  [words("countdown_set", ["cancel", "1h"]), "select", CONFIG],
  [words("colour_of_case", ["a", "b", "a"]), "select", { options: ["a", "b"], entity_category: undefined }],
  [words("relay_status", []), "text", { enabled_by_default: false }],
  [{ dp: "1", code: "greeting", type: "String" }, "text", { max: 255, enabled_by_default: false }],
  [
    { dp: "1", code: "breaker_id", type: "String", ...RO },
    "sensor",
    { ...DIAGNOSTIC, enabled_by_default: undefined },
  ],
  [bool("doorcontact_state"), "binary_sensor", { device_class: "door", payload_on: "true" }],
  [
    words("pir", ["pir", "none"], { event: true }),
    "binary_sensor",
    { device_class: "motion", off_delay: undefined },
  ],
  [words("pir", ["pir"], { event: true }), "binary_sensor", { device_class: "motion", off_delay: 60 }],
  [words("presence_state", ["none", "presence"]), "binary_sensor", { device_class: "occupancy" }],
  [
    words("smoke_sensor_status", ["alarm", "normal"], RO),
    "binary_sensor",
    { device_class: "smoke", value_template: "{{ 'ON' if value in ['alarm', '1', 'true'] else 'OFF' }}" },
  ],
  [words("watersensor_state", ["alarm", "normal"], RO), "binary_sensor", { device_class: "moisture" }],
  [words("co_status", ["alarm", "normal"], RO), "binary_sensor", { device_class: "carbon_monoxide" }],
  [words("gas_sensor_state", ["1", "2"], RO), "binary_sensor", { device_class: "gas" }],
  [words("ch4_sensor_state", ["alarm"], RO), "binary_sensor", { device_class: "gas" }],
  [words("co2_state", ["alarm"], RO), "binary_sensor", { device_class: "safety" }],
  [bool("temper_alarm", RO), "binary_sensor", { device_class: "tamper", ...DIAGNOSTIC }],
  [words("shock_state", ["vibration", "normal"], RO), "binary_sensor", { device_class: "vibration" }],
  [words("window_state", ["opened", "closed"], RO), "binary_sensor", { device_class: "window" }],
  [bool("lock_motor_state", RO), "binary_sensor", { device_class: "lock" }],
  [
    words("switch_mode1", ["single_click"], { event: true }),
    "event",
    { device_class: "button", event_types: ["single_click"], entity_category: undefined, retain: undefined },
  ],
  [words("anything", ["a"], { event: true }), "event", { device_class: undefined, event_types: ["a"] }],
  [bool("doorbell", { event: true }), "event", { event_types: ["true", "false"] }],
  [int("unlock_fingerprint", undefined, { event: true, ...RO }), "sensor", { state_class: undefined }],
  [words("lock_control", ["lock", "unlock"]), "lock", { payload_lock: "lock", state_unlocked: "unlock" }],
  [bool("lock"), "switch", CONFIG],
  [int("", undefined), "number", { name: "DP 1", enabled_by_default: false }],
  [{ dp: "101" }, "sensor", { name: "DP 101", enabled_by_default: false }],
];

describe("what a data point becomes in Home Assistant", () => {
  for (const [entry, platform, keys] of SINGLE) {
    it(`${JSON.stringify(entry)} is a ${platform}`, () => {
      const [entity, ...others] = entitiesOf(entry);
      check(entity, platform, keys);
      assert.deepEqual(others, []);
    });
  }

  const nothing: readonly object[] = [
    { dp: "1", code: "scene_data", type: "String" },
    { dp: "1", code: "music_data", type: "String", access: "wr" },
    int("add_ele", "kWh"),
    { dp: "1", code: "alarm_set_1", type: "Raw" },
    { dp: "1", code: "program", type: "Json" },
    { dp: "1", code: "colour_data", type: "String" },
    { dp: "1", code: "ir_send", type: "String" },
    { dp: "1", code: "ir_study_code", type: "String", event: true, access: "ro" },
  ];
  for (const entry of nothing) {
    it(`${JSON.stringify(entry)} is nothing`, () => assert.deepEqual(entitiesOf(entry), []));
  }

  it("a phase is voltage, current and power", () => {
    const phases = entitiesOf({ dp: "6", code: "phase_a", type: "Raw", access: "ro" });
    assert.deepEqual(
      phases.map(({ uniqueId, keys }) => [uniqueId, keys["device_class"], keys["unit_of_measurement"]]),
      [
        ["tuya_bf0_6_voltage", "voltage", "V"],
        ["tuya_bf0_6_current", "current", "A"],
        ["tuya_bf0_6_power", "power", "W"],
      ],
    );
  });

  it("faults are a problem and its names", () => {
    const [problem, names] = entitiesOf({
      dp: "9",
      code: "fault",
      type: "Bitmap",
      values: ["hot"],
      access: "ro",
    });
    check(problem, "binary_sensor", { device_class: "problem", ...DIAGNOSTIC });
    check(names, "sensor", DIAGNOSTIC);
  });

  it("several switches have their names, and no two the same", () => {
    const names = entitiesOf(
      bool("switch_1", { label: "Switch" }),
      bool("switch_2", { dp: "2", label: "Switch" }),
      bool("switch_2b", { dp: "3", label: "Switch" }),
    ).map(({ keys }) => keys["name"]);
    assert.deepEqual(names, ["Switch", "Switch 2", "Switch 2b"]);
  });

  it("is called by its class where that says it, and nothing else does", () => {
    const temperature = (code: string, dp: string, label?: string) =>
      int(code, "℃", { dp, label, access: "ro" });
    const names = (...entries: readonly object[]) => entitiesOf(...entries).map(({ keys }) => keys["name"]);
    assert.deepEqual(names(temperature("va_temperature", "1")), [undefined]);
    assert.deepEqual(names(temperature("va_temperature", "1", "Temperature")), ["Temperature"]);
    assert.deepEqual(names(temperature("va_temperature", "1", "Attic")), ["Attic"]);
    assert.deepEqual(names(int("va_temperature", "bananas")), ["Temperature"]);
    const [first, second] = [temperature("va_temperature", "1"), temperature("floor_temp", "2")];
    assert.deepEqual(names(first, second), ["Temperature", "Floor temperature"]);
    assert.deepEqual(names(first, temperature("temp_current", "2")), ["Temperature", "Temp current"]);
    assert.deepEqual(names(first, bool("switch_9", { dp: "2", label: "temperature" })), [undefined, null]);
    assert.deepEqual(names(first, bool("child_lock", { dp: "2", label: "Temperature" })), [
      "Va temperature",
      "Temperature",
    ]);
    assert.deepEqual(names(int("cur_power_1", "W"), int("cur_power_2", "W", { dp: "2" })), [
      "Power 1",
      "Power 2",
    ]);
  });

  it("what measures what it switches is an outlet", () => {
    const [outlet] = entitiesOf(bool("switch_1"), int("cur_power", "W", { dp: "2" }));
    check(outlet, "switch", { device_class: "outlet" });
  });
});
