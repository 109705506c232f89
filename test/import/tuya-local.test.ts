import assert from "node:assert/strict";
import { readYaml } from "../../nodes/editor/resources/yaml";
import { readTemplate, type ReadTemplate } from "../../src/import/template";
import { isYaml } from "../../src/import/yaml";

/** In the format tuya-local's documentation describes: a thermostat that counts half degrees. */
const THERMOSTAT = `
name: Floor thermostat
products:
  - id: abcdefghijklmnop
    name: Acme F1
primary_entity:
  entity: climate
  dps:
    - id: 1
      type: boolean
      name: hvac_mode
      mapping:
        - dps_val: false
          value: "off"
        - dps_val: true
          value: heat
    - id: 2
      type: integer
      name: temperature
      unit: C
      range:
        min: 10
        max: 70
      mapping:
        - scale: 2
          step: 1
    - id: 3
      type: integer
      name: current_temperature
      readonly: true
      mapping:
        - scale: 10
    - id: 4
      type: string
      name: preset_mode
      mapping:
        - dps_val: "0"
          value: manual
        - dps_val: "1"
          value: program
    - id: 102
      type: integer
      name: floor_temperature
      mapping: [{scale: 2}]
secondary_entities:
  - entity: lock
    name: Child lock
    category: config
    dps:
      - id: 6
        type: boolean
        name: lock
  - entity: sensor
    name: External temperature
    class: temperature
    dps:
      - {id: 102, type: integer, name: sensor, unit: C, class: measurement}
  - entity: number
    name: Countdown
    dps:
      - id: 9
        type: integer
        name: value
        unit: min
        range: {min: 0, max: 86400}
        mapping:
          - scale: 60
            step: 60
  - entity: event
    class: button
    translation_key: key
    dps:
      - id: 20
        type: string
        name: event
        mapping:
          - dps_val: single
            value: pressed
          - dps_val: null
            value: nothing
  - entity: binary_sensor
    class: problem
    dps:
      - id: 12
        type: bitfield
        name: sensor
`;

const LAMP = `
name: Lamp
entities:
  - entity: light
    dps:
      - id: 20
        type: boolean
        name: switch
      - id: 21
        type: string
        name: color_mode
        mapping:
          - dps_val: white
            value: color_temp
          - dps_val: colour
            value: hs
      - id: 22
        type: integer
        name: brightness
        range:
          min: 10
          max: 1000
      - id: 24
        type: hex
        name: rgbhsv
  - entity: cover
    dps:
      - id: 101
        name: position
        type: integer
        range: {min: 0, max: 100}
        mapping:
          - invert: true
      - id: 103
        name: control
        type: string
        mapping:
          - {dps_val: open, value: open}
          - {dps_val: close, value: close}
  - entity: button
    name: Restart now!
    dps:
      - id: 110
        type: boolean
        name: button
`;

function good(text: string): Extract<ReadTemplate, { ok: true }> {
  const read = readTemplate(text, "", readYaml);
  assert.ok(read.ok, "says" in read ? read.says : "");
  return read;
}

describe("readTemplate: device files of tuya-local", () => {
  it("reads types, scales and limits in device units, words, who may set it", () => {
    const read = good(THERMOSTAT);
    assert.equal(read.name, "Floor thermostat");
    assert.deepEqual(read.problems, []);
    assert.deepEqual(read.datapoints, [
      { dp: "1", code: "hvac_mode", type: "Boolean" },
      { dp: "2", code: "temperature", type: "Integer", divisor: 2, unit: "°C", min: 10, max: 70, step: 1 },
      { dp: "3", code: "current_temperature", type: "Integer", scale: 1, access: "ro" },
      { dp: "4", code: "preset_mode", type: "Enum", values: ["0", "1"] },
      {
        dp: "102",
        code: "floor_temperature",
        label: "External temperature",
        type: "Integer",
        divisor: 2,
        unit: "°C",
      },
      { dp: "6", code: "child_lock", label: "Child lock", type: "Boolean" },
      {
        dp: "9",
        code: "countdown",
        label: "Countdown",
        type: "Integer",
        divisor: 60,
        unit: "min",
        min: 0,
        max: 86400,
        step: 60,
      },
      { dp: "20", code: "key", type: "Enum", values: ["single"], access: "ro", event: true },
      { dp: "12", code: "problem", type: "Bitmap", access: "ro" },
    ]);
  });

  it("gives lamps and covers the codes friendly words go by", () => {
    assert.deepEqual(good(LAMP).datapoints, [
      { dp: "20", code: "switch_led", type: "Boolean" },
      { dp: "21", code: "work_mode", type: "Enum", values: ["white", "colour"] },
      { dp: "22", code: "bright_value", type: "Integer", min: 10, max: 1000 },
      { dp: "24", code: "colour_data", type: "String" },
      { dp: "101", code: "percent_control", type: "Integer", min: 0, max: 100, invert: true },
      { dp: "103", code: "control", type: "Enum", values: ["open", "close"] },
      { dp: "110", code: "restart_now", label: "Restart now!", type: "Boolean", access: "wr" },
    ]);
  });

  it("says that it takes a reader of YAML, and no more than the line where that fails", () => {
    assert.deepEqual(readTemplate(THERMOSTAT), {
      ok: false,
      isYaml: true,
      says: "The text is YAML, which cannot be read here.",
    });
    const secret = "7{O<&\"$M}N0z/'|q";
    for (const line of [`key: *${secret}`, `key: !${secret}`, `key: "${secret}\\q"`, `key: {${secret}`]) {
      const read = readTemplate(`name: x\n${line}\n`, "", readYaml);
      assert.equal(read.ok, false);
      assert.match("says" in read ? read.says : "", /^(?:Line [23]: [a-z ,]+\.|The text is well-formed)/);
      assert.ok(!JSON.stringify(read).includes("M}N0z"), JSON.stringify(read));
    }
  });

  it("is not held up by aliases that make a short text long", () => {
    const dps = Array.from({ length: 2000 }, (_, index) => `  - {id: ${index + 1}, type: integer, name: n}`);
    const entities = Array.from({ length: 900 }, () => "  - {entity: sensor, dps: *all}");
    const text = `all: &all\n${dps.join("\n")}\nentities:\n${entities.join("\n")}\n`;
    assert.equal(good(text).datapoints.length, 100);
  });

  it("still reads JSON behind a line that looks like YAML", () => {
    const read = readTemplate('Table:\n\n{"datapoints": [{"dp": "1", "code": "a"}]}');
    assert.ok(read.ok);
    assert.deepEqual(read.datapoints, [{ dp: "1", code: "a" }]);
  });
});

describe("isYaml", () => {
  it("goes by the first line that says something", () => {
    for (const text of [
      THERMOSTAT,
      "# a\n\nname: x",
      "---\nname: x",
      "- a\n- b",
      '"a b": 1',
      "name:\n  x",
      "\ufeffname: x",
    ])
      assert.equal(isYaml(text), true, text);
    for (const text of [
      "",
      "{}",
      "[1]",
      "  {a: 1}",
      "hello",
      "My table:",
      "http://x",
      "[INFO] a: b",
      "12:30 o'clock",
    ])
      assert.equal(isYaml(text), false, text);
  });
});
