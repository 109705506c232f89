import assert from "node:assert/strict";
import type { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { DataPointMap as Map } from "../../../src/datapoints/datapoint-map";
import { isMereSwitch, readFriendly } from "../../../src/datapoints/friendly/friendly";
import { friendlyMeanings, friendlyPoints } from "../../../src/datapoints/friendly/points";
import { showFriendly } from "../../../src/datapoints/friendly/show";
import type { Dps } from "../../../src/protocol/dps";
import { mapOf } from "../../support/datapoints";
import { profile } from "../../support/kind";

const kind = (id: string): DataPointMap => mapOf(...profile(id));
const NONE = Map.EMPTY;
const WHITE: Dps = { "20": true, "21": "white", "22": 400, "23": 500, "24": "00f003e801f4" };
const BLUE: Dps = { ...WHITE, "21": "colour" };
const OLD: Dps = { "1": true, "2": "white", "3": 102, "4": 0, "5": "ff00000000ffff" };

/** Everything friendly that is known of a device. */
function shown(dataPoints: DataPointMap, values: Dps): object {
  const readings = friendlyPoints(dataPoints, values).flatMap((point) => {
    const reading = showFriendly(point, dataPoints, values);
    return reading ? [[point.word, reading.value] as const] : [];
  });
  return Object.fromEntries(readings);
}

describe("friendlyPoints", () => {
  const table: readonly (readonly [string, Dps, readonly string[]])[] = [
    ["lamp-colour", {}, ["on", "brightness", "colour", "temperature", "kelvin"]],
    ["lamp-colour-old", {}, ["on", "brightness", "colour", "temperature", "kelvin"]],
    ["lamp-white", {}, ["on", "brightness", "temperature", "kelvin"]],
    ["dimmer", {}, ["on", "brightness"]],
    ["cover", {}, ["position"]],
    ["thermostat", {}, ["on", "target"]],
    ["fan", {}, ["on", "speed"]],
    ["fan-lamp", {}, ["on", "brightness", "temperature", "kelvin", "mode", "speed"]],
    ["plug", {}, ["on"]],
    ["breaker", {}, ["on"]],
    ["sensor-climate", {}, []],
    ["scene-switch", {}, []],
    ["", {}, []],
    ["", WHITE, ["on", "brightness", "colour", "temperature", "kelvin"]],
    ["", { "1": "stop", "2": 50 }, ["position"]],
    ["", { "1": true, "9": 0 }, ["on"]],
    ["", { "40": true }, []],
  ];
  for (const [id, values, words] of table) {
    it(`has ${words.join(", ") || "nothing"} for ${id || JSON.stringify(values)}`, () => {
      const found = friendlyPoints(id === "" ? NONE : kind(id), values);
      assert.deepEqual(
        found.map(({ word }) => word),
        words,
      );
    });
  }

  it("says which data points a word hangs on, in which unit, and what people call it", () => {
    const lamp = kind("lamp-colour");
    assert.deepEqual(friendlyPoints(lamp), [
      { word: "on", dp: "20", dps: ["20"], unit: undefined, label: "On" },
      { word: "brightness", dp: "22", dps: ["20", "21", "24", "22"], unit: "%", label: "Brightness" },
      { word: "colour", dp: "24", dps: ["20", "21", "24"], unit: undefined, label: "Colour" },
      { word: "temperature", dp: "23", dps: ["20", "21", "23"], unit: "%", label: "Colour temperature" },
      { word: "kelvin", dp: "23", dps: ["20", "21", "23"], unit: "K", label: "Colour temperature" },
    ]);
    assert.deepEqual(friendlyPoints(kind("cover")), [
      { word: "position", dp: "2", dps: ["3", "2"], unit: "%", label: "Position" },
    ]);
    const dimmer = mapOf({ dp: "1", code: "switch_led", type: "Boolean" }, { dp: "2", code: "bright_value" });
    assert.deepEqual(friendlyPoints(dimmer)[1]?.dps, ["1", "2"]);
    const fan = mapOf(
      { dp: "2", code: "temp_set", type: "Integer", unit: "°C" },
      { dp: "3", code: "mode", type: "Enum" },
      { dp: "4", code: "speed", type: "Integer", unit: "rpm" },
    );
    assert.deepEqual(friendlyMeanings(fan), [
      { word: "target", dp: "2", dps: ["2"], unit: "°C", label: "Target temperature" },
      { word: "mode", dp: "3", dps: ["3"], unit: undefined, label: "Mode" },
      { word: "speed", dp: "4", dps: ["4"], unit: "rpm", label: "Speed" },
    ]);
  });

  it("takes no child lock for what switches a device", () => {
    assert.deepEqual(friendlyPoints(mapOf({ dp: "1", code: "child_lock", type: "Boolean" })), []);
    for (const code of ["power", "switch", "led_switch_1", "light", "fan_switch", "switch_fan"])
      assert.equal(friendlyPoints(mapOf({ dp: "7", code, type: "Boolean" }))[0]?.word, "on", code);
    for (const code of ["my_light", "light_x"])
      assert.deepEqual(friendlyPoints(mapOf({ dp: "7", code, type: "Boolean" })), [], code);
  });

  it("has the brightness of a lamp that has nothing but colours in its colour", () => {
    const lamp = mapOf(
      { dp: "20", code: "switch_led", type: "Boolean" },
      { dp: "24", code: "colour_data_v2" },
    );
    const points = friendlyPoints(lamp).map(({ word, dp }) => [word, dp]);
    assert.deepEqual(points, [
      ["on", "20"],
      ["brightness", "24"],
      ["colour", "24"],
    ]);
  });

  it("leaves a name to the code of the device that is written the same", () => {
    const odd = mapOf(...profile("cover"), { dp: "101", code: "position", type: "Enum" });
    assert.deepEqual(friendlyPoints(odd), []);
  });
});

describe("showFriendly", () => {
  const table: readonly (readonly [what: string, DataPointMap, Dps, object])[] = [
    ["white light", kind("lamp-colour"), WHITE, { on: true, brightness: 40, temperature: 50, kelvin: 4600 }],
    ["a colour", kind("lamp-colour"), BLUE, { on: true, brightness: 50, colour: "#000080" }],
    [
      "a lamp that is off",
      kind("lamp-colour"),
      { ...BLUE, "20": false },
      { on: false, brightness: 0, colour: "#000080" },
    ],
    ["a scene", kind("lamp-colour"), { ...WHITE, "21": "scene" }, { on: true }],
    ["a mode that is not known", kind("lamp-colour"), { "20": true, "22": 400 }, { on: true }],
    ["a lamp without names", NONE, BLUE, { on: true, brightness: 50, colour: "#000080" }],
    ["a lamp of the first generation", NONE, OLD, { on: true, brightness: 40, temperature: 0, kelvin: 2700 }],
    ["a dimmer", kind("dimmer"), { "1": true, "2": 255 }, { on: true, brightness: 25.5 }],
    ["a dimmer that is off", kind("dimmer"), { "1": false, "2": 255 }, { on: false, brightness: 0 }],
    ["a cover on its way", kind("cover"), { "1": "open", "2": 100, "3": 30 }, { position: 30 }],
    ["a cover that does not say where it is", kind("cover"), { "2": 100 }, { position: 100 }],
    [
      "a cover the other way round",
      mapOf({ dp: "2", code: "percent_control", type: "Integer", invert: true }),
      { "2": 30 },
      { position: 70 },
    ],
    ["a thermostat", kind("thermostat"), { "1": true, "2": "auto", "16": 215 }, { on: true, target: 21.5 }],
    [
      "a lamp that has nothing but colours",
      mapOf({ dp: "20", code: "switch_led", type: "Boolean" }, { dp: "24", code: "colour_data_v2" }),
      { "20": true, "24": "00f003e801f4" },
      { on: true, brightness: 50, colour: "#000080" },
    ],
    ["no level that is none", kind("lamp-colour"), { ...WHITE, "22": "x", "23": null }, { on: true }],
    ["no colour that is none", kind("lamp-colour"), { ...BLUE, "24": "" }, { on: true }],
    [
      "a fan",
      mapOf(
        { dp: "60", code: "fan_switch", type: "Boolean" },
        { dp: "61", code: "fan_mode", type: "Enum" },
        { dp: "62", code: "fan_speed", type: "Enum" },
      ),
      { "60": true, "61": "sleep", "62": "high" },
      { on: true, mode: "sleep", speed: "high" },
    ],
    ["nothing that is null", kind("plug"), { "1": null }, {}],
  ];
  for (const [what, dataPoints, values, words] of table) {
    it(`shows ${what}`, () => assert.deepEqual(shown(dataPoints, values), words));
  }

  it("says which data point says so", () => {
    const lamp = kind("lamp-colour");
    const source = (values: Dps) => showFriendly({ word: "brightness", dp: "22" }, lamp, values);
    assert.deepEqual(source(WHITE), { value: 40, dp: "22", raw: 400 });
    assert.deepEqual(source(BLUE), { value: 50, dp: "24", raw: "00f003e801f4" });
    assert.deepEqual(source({ ...WHITE, "20": false }), { value: 0, dp: "20", raw: false });
  });

  it("shows a brightness that makes the same again, in white and in colour", () => {
    const lamp = kind("lamp-colour");
    for (let level = 10; level <= 1000; level++) {
      const hex = level.toString(16).padStart(4, "0");
      const lit: readonly Dps[] = [
        { ...WHITE, "22": level },
        { ...BLUE, "24": `00f003e8${hex}` },
      ];
      for (const values of lit) {
        const { value, dp, raw } = showFriendly({ word: "brightness", dp: "22" }, lamp, values) ?? {};
        const entries = readFriendly({ brightness: value }, { dataPoints: lamp, values, force: false });
        const again = entries.map(([each, to]) => [each, lamp.encode(each, to, { known: values[each] })]);
        assert.deepEqual(Object.fromEntries(again)[String(dp)], raw);
      }
    }
  });
});

describe("isMereSwitch", () => {
  for (const [id, expected] of [
    ["plug", true],
    ["breaker", true],
    // They are switched, too, but a number means something else.
    ["dimmer", false],
    ["fan", false],
    ["thermostat", false],
    // They have no switch.
    ["cover", false],
    ["sensor-climate", false],
  ] as const) {
    it(`is ${expected} of ${id}`, () => {
      assert.equal(isMereSwitch({ dataPoints: kind(id), values: {} }), expected);
    });
  }

  it("is false of what has neither a switch nor a level", () => {
    const white = mapOf({ dp: "23", code: "temp_value_v2", type: "Integer" });
    assert.equal(isMereSwitch({ dataPoints: white, values: {} }), false);
  });
});
