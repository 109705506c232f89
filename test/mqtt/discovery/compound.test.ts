import assert from "node:assert/strict";
import { templateExamples } from "../../support/home-assistant/devices";
import type { Keys } from "../../support/home-assistant/expand";
import { bool, check, entitiesOf, int, words } from "../../support/home-assistant/mapped";

const RO = { access: "ro" };

describe("several data points make in Home Assistant", () => {
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

  it("a climate device with the usual limits, if those of its table leave no value", () => {
    const keys = kindOf([bool("switch"), int("temp_set", "°C", { dp: "2", min: 30, max: 5 })], "climate");
    assert.deepEqual([keys["min_temp"], keys["max_temp"]], [undefined, undefined]);
  });

  it("a fan with a number, or with words in their order", () => {
    const speed = int("fan_speed", undefined, { dp: "3", min: 1, max: 6 });
    const numbered = kindOf([bool("switch"), speed], "fan");
    assert.deepEqual([numbered["speed_range_min"], numbered["speed_range_max"]], [1, 6]);
    assert.equal(
      numbered["percentage_command_template"],
      '{% if value | int == 0 %}{"1":false}{% else %}{"3":{{ value }}}{% endif %}',
    );
    const named = kindOf([bool("switch"), words("fan_speed_enum", ["high", "low"], { dp: "3" })], "fan");
    assert.equal(named["speed_range_max"], 2);
    assert.equal(named["percentage_value_template"], "{{ {'low': 1, 'high': 2}[value] | default('None') }}");
    assert.match(String(named["percentage_command_topic"]), /\/dps\/set$/);
    assert.equal(
      named["percentage_command_template"],
      `{{ {0: '{"1":false}', 1: '{"3":"low"}', 2: '{"3":"high"}'}[value | int] }}`,
    );
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
