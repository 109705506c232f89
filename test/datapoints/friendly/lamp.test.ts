import assert from "node:assert/strict";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { lampOf, modeWord } from "../../../src/datapoints/friendly/lamp";
import { dataPointOf, mapOf } from "../../support/datapoints";
import type { Dps } from "../../../src/protocol/dps";

const NOTHING = {
  switch: undefined,
  mode: undefined,
  brightness: undefined,
  temperature: undefined,
  colour: undefined,
};

describe("lampOf", () => {
  it("goes by the codes, wherever they are", () => {
    const map = mapOf(
      { dp: "1", code: "switch", type: "Boolean" },
      { dp: "101", code: "switch_led", type: "Boolean" },
      { dp: "102", code: "work_mode", type: "Enum" },
      { dp: "103", code: "bright_value_v2", type: "Integer" },
      { dp: "104", code: "temp_value_v2", type: "Integer" },
      { dp: "105", code: "colour_data_v2", type: "Json" },
    );
    const lamp = { switch: "101", mode: "102", brightness: "103", temperature: "104", colour: "105" };
    assert.deepEqual(lampOf(map, {}), lamp);
    assert.deepEqual(lampOf(map, { "20": true, "21": "white", "22": 10 }), lamp);
  });

  describe("takes the switch of the light in a fan for the lamp's", () => {
    const fan = { dp: "1", code: "switch", type: "Boolean" } as const;
    const colour = { dp: "24", code: "colour_data", type: "Json" } as const;
    it("where it is a Boolean", () => {
      const map = mapOf(fan, { dp: "15", code: "light", type: "Boolean" }, colour);
      assert.equal(lampOf(map, {}).switch, "15");
    });

    it("where its type is not known, but it reports true or false", () => {
      const map = mapOf(fan, { dp: "15", code: "light" }, colour);
      assert.equal(lampOf(map, { "15": false }).switch, "15");
    });

    it("not where it is something else", () => {
      const reported = mapOf(fan, { dp: "15", code: "light", type: "Boolean", access: "ro" }, colour);
      assert.equal(lampOf(reported, {}).switch, "1");
      const ofWords = mapOf(fan, { dp: "15", code: "light", type: "Enum", values: ["on", "off"] }, colour);
      assert.equal(lampOf(ofWords, {}).switch, "1");
      const untyped = mapOf(fan, { dp: "15", code: "light" }, colour);
      assert.equal(lampOf(untyped, { "15": 3 }).switch, "1");
    });
  });

  const unnamed: [string, Dps, object][] = [
    [
      "type B",
      { "20": true, "21": "white", "22": 500, "23": 0, "24": "000003e803e8" },
      { switch: "20", mode: "21", brightness: "22", temperature: "23", colour: "24" },
    ],
    [
      "type B without colour",
      { "20": true, "21": "white", "22": 500, "23": 0, "24": "" },
      { switch: "20", mode: "21", brightness: "22", temperature: "23", colour: undefined },
    ],
    [
      "type A",
      { "1": true, "2": "colour", "3": 255, "4": 0, "5": "ff00000000ffff" },
      { switch: "1", mode: "2", brightness: "3", temperature: "4", colour: "5" },
    ],
    [
      "type B with words for levels",
      { "20": true, "21": "white", "22": "high", "23": "warm" },
      { ...NOTHING, switch: "20", mode: "21" },
    ],
    ["a scene", { "20": true, "21": "scene" }, { ...NOTHING, switch: "20", mode: "21" }],
    ["a mode without a switch", { "20": 5, "21": "white", "22": 500 }, NOTHING],
    ["a mode of another kind", { "20": true, "21": "off-white", "22": 500 }, { ...NOTHING, switch: "20" }],
    ["a mode of more", { "20": true, "21": "whiteboard", "22": 500 }, { ...NOTHING, switch: "20" }],
    ["a plug", { "1": true, "9": 0, "18": 5 }, { ...NOTHING, switch: "1" }],
    ["a thermostat", { "1": true, "2": "manual", "3": 20, "4": 19 }, { ...NOTHING, switch: "1" }],
    ["a dimmer", { "1": true, "2": 500 }, { ...NOTHING, switch: "1" }],
    ["nothing", {}, NOTHING],
  ];
  for (const [what, values, lamp] of unnamed) {
    it(`goes by the values where no codes are configured: ${what}`, () => {
      assert.deepEqual(lampOf(DataPointMap.EMPTY, values), lamp);
    });
  }

  it("goes by the values of data points that are listed without a code, too", () => {
    const map = mapOf({ dp: "20", type: "Boolean" }, { dp: "21", type: "Enum" });
    assert.deepEqual(lampOf(map, { "20": true, "21": "scene_1", "22": 500 }), {
      ...NOTHING,
      switch: "20",
      mode: "21",
      brightness: "22",
    });
  });

  // The part a code belongs to, or none.
  const codes: [keyof typeof NOTHING, readonly string[], readonly string[]][] = [
    [
      "switch",
      ["switch_led", "led_switch", "switch_led_1", "light", "light_1"],
      ["my_switch_led", "switch_led_x", "highlight", "light_x"],
    ],
    ["mode", ["work_mode"], ["my_work_mode", "work_mode_x"]],
    [
      "brightness",
      ["bright_value", "bright_value_v2", "bright_value_1"],
      ["my_bright_value", "bright_value_2"],
    ],
    ["temperature", ["temp_value", "temp_value_v2", "temp_value_1"], ["my_temp_value", "temp_value_2"]],
  ];
  for (const [part, own, others] of codes) {
    it(`tells its ${part} by the code`, () => {
      const found = (code: string) => {
        const type = part === "switch" ? "Boolean" : undefined;
        // A switch that comes first is the lamp's where no code says otherwise.
        const map = mapOf({ dp: "9", code: "relay", type: "Boolean" }, { dp: "101", code, type });
        return lampOf(map, {})[part] === "101";
      };
      assert.deepEqual([own.filter(found), others.filter(found)], [own, []]);
    });
  }

  it("does not take a data point for something else than its name says", () => {
    const map = mapOf({ dp: "21", code: "scene_name" }, { dp: "22", code: "speed", type: "Integer" });
    assert.deepEqual(lampOf(map, { "20": true, "21": "white", "22": 500 }), { ...NOTHING, switch: "20" });
  });
});

describe("modeWord", () => {
  it("is a member of the mode, or the usual word", () => {
    const mode = (...values: string[]) => dataPointOf({ type: "Enum", values });
    assert.equal(modeWord(undefined, "white"), "white");
    assert.equal(modeWord(mode(), "colour"), "colour");
    assert.equal(modeWord(mode("white", "color", "scene"), "colour"), "color");
    assert.equal(modeWord(mode("white_mode", "colour"), "white"), "white_mode");
    assert.equal(modeWord(mode("colour", "scene"), "white"), undefined);
    assert.equal(modeWord(mode("off-white", "multicolour"), "white"), undefined);
    assert.equal(modeWord(mode("off-white", "multicolour"), "colour"), undefined);
  });
});
