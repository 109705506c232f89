import assert from "node:assert/strict";
import { discoveryMessages } from "../../../src/mqtt/discovery/index";
import { houseOf, templateExamples } from "../../support/home-assistant/devices";
import { type Announced, expand, type Keys } from "../../support/home-assistant/expand";

/** The entities of a device with these data points, but for its connection. */
function entitiesOf(...entries: readonly object[]): readonly Announced[] {
  const [device] = houseOf([{ what: "D", entries }]);
  assert.ok(device);
  const options = { base: "b", prefix: "ha", bridgeTopic: "b/bridge/state", shape: "device" } as const;
  return discoveryMessages(device, options)
    .flatMap((message) => expand(JSON.parse(JSON.stringify(message)) as typeof message))
    .filter(({ uniqueId }) => !uniqueId.endsWith("_connection"));
}

/** Platform and some keys; a key that is to be missing is undefined. */
function check(entity: Announced | undefined, platform: string, keys: Keys = {}): void {
  assert.equal(entity?.platform, platform);
  const actual = Object.fromEntries(Object.keys(keys).map((key) => [key, entity.keys[key]]));
  assert.deepEqual(actual, keys);
}

const bool = (code: string, more: object = {}) => ({ dp: "1", code, type: "Boolean", ...more });
const int = (code: string, unit?: string, more: object = {}) => ({
  dp: "1",
  code,
  type: "Integer",
  ...(unit !== undefined && { unit }),
  ...more,
});
const words = (code: string, values: readonly string[], more: object = {}) => ({
  dp: "1",
  code,
  type: "Enum",
  values,
  ...more,
});
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
      name: "Energy",
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

  it("what measures what it switches is an outlet", () => {
    const [outlet] = entitiesOf(bool("switch_1"), int("cur_power", "W", { dp: "2" }));
    check(outlet, "switch", { device_class: "outlet" });
  });

  describe("several data points make", () => {
    const kindOf = (entries: readonly object[], platform: string): Keys => {
      const found = entitiesOf(...entries).filter((entity) => entity.platform === platform);
      assert.equal(found.length, 1, `One ${platform}`);
      return found[0]?.keys ?? {};
    };
    const template = (name: string) =>
      templateExamples().find(({ what }) => what === `template ${name}.json`)?.entries ?? assert.fail(name);

    it("a lamp, which takes its level, temperature and colour", () => {
      const entities = entitiesOf(...template("lamp-colour"));
      const [light] = entities.filter(({ platform }) => platform === "light");
      check(light, "light", {
        name: null,
        schema: "json",
        state_topic: "b/D/lamp",
        command_topic: "b/D/lamp/set",
        supported_color_modes: ["color_temp", "hs"],
        brightness: true,
        brightness_scale: 100,
        color_temp_kelvin: true,
        min_kelvin: 2700,
        max_kelvin: 6500,
        flash: false,
        transition: false,
        retain: false,
      });
      assert.deepEqual(entities.map(({ platform, uniqueId }) => `${platform} ${uniqueId.slice(9)}`).sort(), [
        "light lamp",
        "number 26",
        "select 21",
        "switch 34",
      ]);
    });

    it("lamps of every kind", () => {
      const modes = (name: string) => kindOf(template(name), "light")["supported_color_modes"];
      assert.deepEqual(modes("lamp-white"), ["color_temp"]);
      assert.deepEqual(modes("dimmer-old"), ["brightness"]);
      assert.deepEqual(kindOf([bool("switch_led")], "light")["supported_color_modes"], ["onoff"]);
    });

    it("a cover, in the words of messages", () => {
      const control = words("control", ["FZ", "ZZ", "STOP"]);
      const keys = kindOf(
        [
          control,
          int("percent_control", "%", { dp: "2", min: 0, max: 100 }),
          int("percent_state", "%", { dp: "3", ...RO }),
        ],
        "cover",
      );
      assert.deepEqual(
        [keys["payload_open"], keys["payload_close"], keys["payload_stop"]],
        ["open", "close", "stop"],
      );
      assert.equal(keys["position_topic"], "b/D/percent_state");
      assert.equal(keys["set_position_topic"], "b/D/percent_control/set");
      assert.equal(keys["state_topic"], undefined);
    });

    it("a cover that cannot be stopped", () => {
      assert.equal(kindOf([bool("mach_operate")], "cover")["payload_stop"], null);
    });

    it("a climate device with limits and steps of its own", () => {
      const keys = kindOf(template("thermostat"), "climate");
      assert.deepEqual(keys["modes"], ["off", "heat"]);
      assert.deepEqual(
        [keys["min_temp"], keys["max_temp"], keys["temp_step"], keys["precision"]],
        [5, 35, 0.5, 0.1],
      );
      assert.equal(keys["mode_command_topic"], "b/D/hvac_mode/set");
      assert.equal(keys["current_temperature_topic"], "b/D/temp_current");
      assert.equal(keys["action_topic"], "b/D/valve_state");
      assert.equal(keys["temperature_unit"], "C");
    });

    it("no climate device of limits nothing fits", () => {
      const entities = entitiesOf(bool("switch"), int("temp_set", "°C", { dp: "2", min: 30, max: 5 }));
      assert.deepEqual(entities.map(({ platform }) => platform).sort(), ["sensor", "switch"]);
    });

    it("a fan with a number, or with words in their order", () => {
      const speed = int("fan_speed", undefined, { dp: "3", min: 1, max: 6 });
      const numbered = kindOf([bool("switch"), speed], "fan");
      assert.deepEqual([numbered["speed_range_min"], numbered["speed_range_max"]], [1, 6]);
      const named = kindOf([bool("switch"), words("fan_speed_enum", ["high", "low"], { dp: "3" })], "fan");
      assert.equal(named["speed_range_max"], 2);
      assert.equal(
        named["percentage_value_template"],
        "{{ {'low': 1, 'high': 2}[value] | default('None') }}",
      );
      assert.equal(named["percentage_command_template"], "{{ {1: 'low', 2: 'high'}[value | int] }}");
    });

    it("a fan that can be automatic besides", () => {
      const keys = kindOf([bool("switch"), words("fan_speed", ["1", "2", "auto"], { dp: "3" })], "fan");
      assert.deepEqual(keys["preset_modes"], ["auto"]);
      assert.equal(keys["speed_range_max"], 2);
    });

    it("a fan and a select where nobody knows which speed is faster", () => {
      const entities = entitiesOf(bool("switch"), words("fan_speed", ["breeze", "storm"], { dp: "3" }));
      assert.deepEqual(entities.map(({ platform }) => platform).sort(), ["fan", "select"]);
    });

    it("a humidifier, and nothing of the kind where the humidity is none", () => {
      const device = (max: number) => [bool("switch"), int("humidity_set", "%", { dp: "2", min: 30, max })];
      assert.equal(kindOf(device(80), "humidifier")["max_humidity"], 80);
      assert.ok(entitiesOf(...device(800)).every(({ platform }) => platform !== "humidifier"));
    });

    it("a vacuum cleaner, with what it can do", () => {
      const keys = kindOf(
        [bool("power_go"), words("status", ["standby"], { dp: "5", ...RO }), bool("seek", { dp: "13" })],
        "vacuum",
      );
      assert.deepEqual(keys["supported_features"], ["start", "pause", "stop", "locate", "status"]);
    });
  });
});
