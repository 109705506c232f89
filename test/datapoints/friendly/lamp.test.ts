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
  });
});
