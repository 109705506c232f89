import assert from "node:assert/strict";
import { virtualValuesOf } from "../../../src/mqtt/virtual/index";
import type { VirtualValue } from "../../../src/mqtt/types";
import { mapOf, refused } from "../../support/datapoints";
import { profile } from "../../support/kind";

/** The lamps of a device with these data points. */
function lampsOf(...entries: readonly object[]): readonly VirtualValue[] {
  return virtualValuesOf({ dataPoints: mapOf(...entries) });
}

function lamp(...entries: readonly object[]): VirtualValue {
  const [only, ...others] = lampsOf(...entries);
  assert.ok(only);
  assert.deepEqual(others, []);
  return only;
}

const WHITE = { "20": true, "21": "white", "22": 800, "23": 500, "24": "00dc01f403e8" };
/** Hue 220, half saturated, at 40 %. */
const COLOUR = { ...WHITE, "21": "colour", "24": "00dc01f40190" };

describe("lamp as a virtual value", () => {
  describe("with white and colour", () => {
    const colourLamp = () => lamp(...profile("lamp-colour"));

    it("shows brightness and temperature of white light", () => {
      assert.deepEqual(colourLamp().read(WHITE), {
        state: "ON",
        brightness: 80,
        color_mode: "color_temp",
        color_temp: 4600,
      });
    });

    it("shows brightness and hue of coloured light", () => {
      assert.deepEqual(colourLamp().read(COLOUR), {
        state: "ON",
        brightness: 40,
        color_mode: "hs",
        color: { h: 220, s: 50 },
      });
    });

    it("keeps brightness and colour while it is off", () => {
      assert.deepEqual(colourLamp().read({ ...COLOUR, "20": false }), {
        state: "OFF",
        brightness: 40,
        color_mode: "hs",
        color: { h: 220, s: 50 },
      });
    });

    it("goes on to show the light before a scene", () => {
      const value = colourLamp();
      const scene = { ...COLOUR, "21": "scene" };
      assert.deepEqual(value.read(scene), { state: "ON" });
      value.read(COLOUR);
      assert.deepEqual(value.read(scene), value.read(COLOUR));
      value.read(WHITE);
      assert.deepEqual(value.read({ ...WHITE, "21": "music" }), value.read(WHITE));
    });

    it("says nothing before the switch is known, and no more than is known", () => {
      assert.equal(colourLamp().read({ "21": "white" }), undefined);
      assert.deepEqual(colourLamp().read({ "20": true }), { state: "ON" });
      assert.deepEqual(colourLamp().read({ "20": true, "21": "white", "22": 300 }), {
        state: "ON",
        brightness: 30,
      });
    });

    it("is never less bright than one percent: 0 is none at all", () => {
      const read = colourLamp().read({ ...WHITE, "22": 1 }) as { brightness: number };
      assert.equal(read.brightness, 1);
    });

    const commands: readonly (readonly [what: string, values: object, payload: unknown, asked: object])[] = [
      ["ON switches on", { ...WHITE, "20": false }, { state: "ON" }, { "20": true }],
      ["ON alone is obeyed when it is on, too", WHITE, { state: "ON" }, { "20": true }],
      ["OFF switches, and nothing else", COLOUR, { state: "OFF", brightness: 10 }, { "20": false }],
      [
        "brightness is that of white light, without another ON",
        WHITE,
        { state: "ON", brightness: 40 },
        { "21": "white", "22": 400 },
      ],
      [
        "brightness in colour mode dims the colour",
        COLOUR,
        { state: "ON", brightness: 20 },
        { "24": "00dc01f400c8" },
      ],
      [
        "brightness switches on a lamp that is off",
        { ...WHITE, "20": false },
        { state: "ON", brightness: 40 },
        { "20": true, "21": "white", "22": 400 },
      ],
      [
        "a colour is as bright as the white light before",
        WHITE,
        { state: "ON", color: { h: 120, s: 60 } },
        { "20": true, "21": "colour", "24": "007802580320" },
      ],
      [
        "a colour is as bright as the colour before",
        COLOUR,
        { state: "ON", color: { h: 360, s: 100 } },
        { "20": true, "21": "colour", "24": "016803e80190" },
      ],
      [
        "a colour with a brightness",
        WHITE,
        { state: "ON", color: { h: 30, s: 100 }, brightness: 25 },
        { "20": true, "21": "colour", "24": "001e03e800fa" },
      ],
      [
        "a temperature sets white light",
        COLOUR,
        { state: "ON", color_temp: 2700 },
        { "21": "white", "23": 0 },
      ],
      [
        "a temperature switches on a lamp that is off",
        { ...COLOUR, "20": false },
        { state: "ON", color_temp: 6500, brightness: 50 },
        { "20": true, "21": "white", "22": 500, "23": 1000 },
      ],
      ["a mere word", WHITE, "OFF", { "20": false }],
      ["a mere boolean, as it stands in other programs", WHITE, "true", { "20": true }],
      ["no state at all", WHITE, { brightness: 30 }, { "21": "white", "22": 300 }],
      [
        "null is no value",
        WHITE,
        { state: "ON", brightness: 30, color_temp: null, color: null },
        { "21": "white", "22": 300 },
      ],
      [
        "null is no brightness",
        WHITE,
        { state: null, brightness: null, color_temp: 2700 },
        { "21": "white", "23": 0 },
      ],
      [
        "null in a colour is no value, either",
        WHITE,
        { state: "ON", color: { h: 120, s: 60, v: null, r: null } },
        { "20": true, "21": "colour", "24": "007802580320" },
      ],
      [
        "a colour with its own lightness",
        WHITE,
        { color: { h: 240, s: 100, l: 25 } },
        { "20": true, "21": "colour", "24": "00f003e801f4" },
      ],
      ["brightness 0 is off", WHITE, { state: "ON", brightness: 0 }, { "20": false }],
    ];
    for (const [what, values, payload, asked] of commands) {
      it(`takes a command: ${what}`, () => {
        assert.deepEqual(colourLamp().write(payload, values as typeof WHITE), asked);
      });
    }

    it("refuses what cannot be meant", () => {
      const write = (payload: unknown) => refused(() => colourLamp().write(payload, WHITE)).message;
      assert.match(write("purple"), /^lamp takes ON, OFF, or an object .* not the text "purple"; nothing/);
      assert.match(write({ hue: 5 }), /^lamp takes ON, OFF/);
      assert.match(write({ state: null }), /^lamp takes ON, OFF/);
      assert.match(write({ state: "DIM" }), /not the text "DIM"/);
      assert.match(write({ brightness: 300 }), /brightness takes a number from 0 to 100 percent/);
      assert.match(write({ color_temp: 153 }), /kelvin takes a number from 1000 to 20000/);
      assert.match(write({ color: { h: 400, s: 1 } }), /takes a colour such as/);
      assert.match(write({ color: { h: 1, s: 1 }, color_temp: 3000 }), /not both/);
    });
  });

  it("has white as a colour without saturation where it has no other word for it", () => {
    const strip = lamp(
      { dp: "1", code: "switch_led", type: "Boolean" },
      { dp: "2", code: "work_mode", type: "Enum", values: ["white", "colour"] },
      { dp: "3", code: "bright_value", type: "Integer", min: 10, max: 1000 },
      { dp: "5", code: "colour_data_v2", type: "String" },
    );
    const values = { "1": true, "2": "white", "3": 500, "5": "007803e803e8" };
    assert.deepEqual(strip.read(values), {
      state: "ON",
      brightness: 50,
      color_mode: "hs",
      color: { h: 0, s: 0 },
    });
  });

  it("of a first generation counts to 255", () => {
    const old = lamp(...profile("lamp-white-old"));
    assert.deepEqual(old.read({ "1": true, "2": 255, "3": 0 }), {
      state: "ON",
      brightness: 100,
      color_mode: "color_temp",
      color_temp: 2700,
    });
    assert.deepEqual(old.write({ state: "ON", brightness: 40 }, { "1": true, "2": 255 }), { "2": 102 });
  });

  it("knows two channels of a dimmer, and does not mix them up", () => {
    const [first, second, ...others] = lampsOf(...profile("dimmer"));
    assert.ok(first && second);
    assert.deepEqual(others, []);
    assert.deepEqual([first.name, second.name], ["lamp", "lamp_2"]);
    const values = { "1": true, "2": 600, "7": false, "8": 250, "20": true, "21": "colour" };
    assert.deepEqual(first.read(values), { state: "ON", brightness: 60, color_mode: "brightness" });
    assert.deepEqual(second.read(values), { state: "OFF", brightness: 25, color_mode: "brightness" });
    assert.deepEqual(second.write({ state: "ON", brightness: 50 }, values), { "7": true, "8": 500 });
  });

  it("can be nothing but switched", () => {
    const light = lamp({ dp: "9", code: "light", type: "Boolean" });
    assert.deepEqual(light.read({ "9": false }), { state: "OFF", color_mode: "onoff" });
    assert.deepEqual(light.write({ state: "ON" }, {}), { "9": true });
  });

  it("switches with whatever switches the device, where it has a brightness", () => {
    const dimmer = lamp(
      { dp: "1", code: "switch", type: "Boolean" },
      { dp: "2", code: "bright_value", type: "Integer", min: 10, max: 1000 },
    );
    assert.deepEqual(dimmer.dps, ["1", "2"]);
  });

  it("has white light alone where no word tells which light shines", () => {
    const value = lamp(
      { dp: "1", code: "switch_led", type: "Boolean" },
      { dp: "3", code: "bright_value", type: "Integer", min: 10, max: 1000 },
      { dp: "5", code: "colour_data_v2", type: "String" },
    );
    assert.deepEqual(value.read({ "1": true, "3": 500, "5": "007803e803e8" }), {
      state: "ON",
      brightness: 50,
      color_mode: "brightness",
    });
  });

  it("is none where several switches may be dimmed", () => {
    assert.deepEqual(
      lampsOf(
        { dp: "1", code: "switch_1", type: "Boolean" },
        { dp: "2", code: "switch_2", type: "Boolean" },
        { dp: "3", code: "bright_value", type: "Integer", min: 10, max: 1000 },
      ),
      [],
    );
  });

  it("is none in a device that measures light", () => {
    assert.deepEqual(
      lampsOf(
        { dp: "1", code: "switch", type: "Boolean" },
        { dp: "2", code: "bright_value", type: "Integer", access: "ro" },
      ),
      [],
    );
  });
});
