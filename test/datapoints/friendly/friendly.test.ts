import assert from "node:assert/strict";
import { readFriendly } from "../../../src/datapoints/friendly/friendly";
import type { FriendlyValues } from "../../../src/datapoints/friendly/context";
import type { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { mapOf, refused } from "../../support/datapoints";
import {
  COVER,
  DARK,
  DIMMER,
  FAN,
  GATE,
  IN_COLOUR,
  LAMP,
  LAMP_A,
  LAMP_B,
  NONE,
  options,
  PLUG,
  sent,
  THERMOSTAT,
  UPSIDE_DOWN,
} from "../../support/friendly-devices";
import type { Dps } from "../../../src/protocol/dps";
import { UndecidedError } from "../../../src/datapoints/friendly/change";

const COLOURS = mapOf(
  { dp: "20", code: "switch_led", type: "Boolean" },
  { dp: "24", code: "colour_data_v2" },
);
const TILT = mapOf({ dp: "2", code: "position", type: "Integer", min: -90, max: 90 });

describe("readFriendly", () => {
  const table: [FriendlyValues, DataPointMap, Dps, Dps][] = [
    [{ on: true }, LAMP, {}, { "20": true }],
    [{ on: false }, LAMP, {}, { "20": false }],
    [{ on: true }, LAMP, { "20": "off" }, { "20": "on" }],
    [{ position: 30 }, GATE, {}, { "4": 60 }],
    [{ position: "+0.5" }, GATE, { "4": 60 }, { "4": 61 }],
    [{ on: "off" }, NONE, LAMP_A, { "1": false }],
    [{ colour: "#ff7f3f" }, LAMP, {}, { "20": true, "21": "colour", "24": "001402f003e8" }],
    [{ color: "red" }, LAMP, {}, { "20": true, "21": "colour", "24": "000003e803e8" }],
    [{ colour: { h: 20, s: 75.2, v: 100 } }, LAMP, {}, { "20": true, "21": "colour", "24": "001402f003e8" }],
    [{ colour: "001402f003e8" }, LAMP, {}, { "20": true, "21": "colour", "24": "001402f003e8" }],
    [{ colour: "#ff7f3f", on: false }, LAMP, {}, { "20": false, "21": "colour", "24": "001402f003e8" }],
    [{ colour: "#f00", brightness: 40 }, LAMP, {}, { "20": true, "21": "colour", "24": "000003e80190" }],
    [
      { colour: "#f00", brightness: "+10" },
      LAMP,
      { "24": "000003e801f4" },
      { "20": true, "21": "colour", "24": "000003e80258" },
    ],
    [{ colour: "#ff7f3f" }, NONE, LAMP_B, { "20": true, "21": "colour", "24": "001402f003e8" }],
    [{ colour: "#ff7f3f" }, NONE, LAMP_A, { "1": true, "2": "colour", "5": "ff7f3f0014c0ff" }],
    [{ brightness: 40 }, LAMP, {}, { "21": "white", "22": 400 }],
    [{ brightness: "40" }, LAMP, {}, { "21": "white", "22": 400 }],
    [{ brightness: 0 }, LAMP, {}, { "20": false }],
    [{ brightness: "0" }, DIMMER, { "1": true }, { "1": false }],
    [{ colour: "#f00", brightness: 0 }, LAMP, {}, { "20": false }],
    [{ brightness: 0 }, DARK, { "2": 500 }, { "2": 10 }],
    [{ brightness: 0.1 }, LAMP, {}, { "21": "white", "22": 10 }],
    [{ brightness: 40 }, LAMP, { "20": false }, { "20": true, "21": "white", "22": 400 }],
    [{ brightness: 40 }, LAMP, { "20": true }, { "21": "white", "22": 400 }],
    [{ brightness: 40, on: false }, LAMP, { "20": false }, { "20": false, "21": "white", "22": 400 }],
    [{ brightness: "+10" }, LAMP, { "20": false, "22": 400 }, { "20": true, "21": "white", "22": 500 }],
    [{ brightness: "-10" }, LAMP, { "20": false, "22": 400 }, { "21": "white", "22": 300 }],
    [{ brightness: 40 }, LAMP, IN_COLOUR, { "24": "00f003e80190" }],
    [{ brightness: "-30" }, LAMP, IN_COLOUR, { "24": "00f003e802bc" }],
    [{ brightness: "-200" }, LAMP, IN_COLOUR, { "24": "00f003e8000a" }],
    [{ brightness: 40 }, LAMP, { ...IN_COLOUR, "20": false }, { "20": true, "24": "00f003e80190" }],
    [{ brightness: 0 }, LAMP, IN_COLOUR, { "20": false }],
    [{ brightness: 40, kelvin: 2700 }, LAMP, IN_COLOUR, { "21": "white", "22": 400, "23": 0 }],
    [{ brightness: 40 }, LAMP, { ...IN_COLOUR, "21": "scene" }, { "21": "white", "22": 400 }],
    [{ brightness: 40 }, LAMP, { "21": "colour" }, { "21": "white", "22": 400 }],
    [{ target: 21.5 }, THERMOSTAT, {}, { "16": 215 }],
    [{ target: 21, on: true }, THERMOSTAT, {}, { "16": 210, "1": true }],
    [{ speed: "high", mode: "sleep" }, FAN, {}, { "62": "high", "61": "sleep" }],
    [{ brightness: 100, temperature: 30 }, LAMP, {}, { "21": "white", "22": 1000, "23": 300 }],
    [{ brightness: "+10" }, LAMP, { "22": 400 }, { "21": "white", "22": 500 }],
    [{ brightness: "-90" }, LAMP, { "22": 400 }, { "21": "white", "22": 10 }],
    [{ brightness: 40 }, DIMMER, {}, { "2": 400 }],
    [{ brightness: 40, on: true }, DIMMER, {}, { "2": 400, "1": true }],
    [{ brightness: 50 }, NONE, LAMP_A, { "2": "white", "3": 127 }],
    [{ brightness: 50 }, NONE, LAMP_B, { "20": true, "21": "white", "22": 500 }],
    [{ temperature: 30 }, LAMP, {}, { "21": "white", "23": 300 }],
    [{ temperature: "-10" }, LAMP, { "23": 50 }, { "21": "white", "23": 0 }],
    [{ kelvin: 2700 }, LAMP, {}, { "21": "white", "23": 0 }],
    [{ kelvin: 6500 }, LAMP, {}, { "21": "white", "23": 1000 }],
    [{ kelvin: 2000 }, LAMP, {}, { "21": "white", "23": 0 }],
    [{ kelvin: "+380" }, LAMP, { "23": 500 }, { "21": "white", "23": 600 }],
    [{ kelvin: 6500 }, NONE, LAMP_A, { "2": "white", "4": 255 }],
    [{ position: 30 }, COVER, {}, { "2": 30 }],
    [{ position: "30" }, COVER, {}, { "2": 30 }],
    [{ position: "+10" }, COVER, { "2": 95 }, { "2": 100 }],
    [{ position: 30 }, UPSIDE_DOWN, {}, { "2": 70 }],
    [{ position: 30 }, NONE, { "1": "stop", "2": 0 }, { "2": 30 }],
    [{ position: "-10" }, TILT, { "2": 5 }, { "2": -10 }],
    [{ position: "+10" }, TILT, { "2": 5 }, { "2": 15 }],
    // A lamp that has nothing but colours.
    [{ colour: "red" }, mapOf({ dp: "24", code: "colour_data_v2" }), {}, { "24": "000003e803e8" }],
    [{ brightness: 40 }, COLOURS, { "24": "00f003e803e8" }, { "24": "00f003e80190" }],
    [{ brightness: 0 }, COLOURS, {}, { "20": false }],
    [{}, LAMP, {}, {}],
  ];
  for (const [request, dataPoints, values, dps] of table) {
    it(`makes ${JSON.stringify(dps)} of ${JSON.stringify(request)} at ${JSON.stringify(values)}`, () => {
      const context = options(dataPoints, values);
      assert.deepEqual(sent(readFriendly(request, context), context), dps);
    });
  }

  it("leaves out a mode the lamp does not have", () => {
    const strip = mapOf(
      { dp: "20", code: "switch_led", type: "Boolean" },
      { dp: "21", code: "work_mode", type: "Enum", values: ["colour", "scene"] },
      { dp: "22", code: "bright_value", type: "Integer" },
    );
    assert.deepEqual(readFriendly({ brightness: 40 }, options(strip, {})), [["22", 400]]);
  });

  it("turns a scale of the brightness into device units", () => {
    const odd = mapOf({
      dp: "2",
      code: "bright_value",
      type: "Integer",
      scale: 1,
      min: 10,
      max: 1000,
      invert: true,
    });
    const context = options(odd, { "2": 210 });
    assert.deepEqual(sent(readFriendly({ brightness: 40 }, context), context), { "2": 610 });
    assert.deepEqual(sent(readFriendly({ brightness: "+10" }, context), context), { "2": 110 });
  });

  const rejected: [FriendlyValues, DataPointMap, RegExp][] = [
    [
      { brightness: 101 },
      LAMP,
      /^brightness takes a number from 0 to 100 percent.*not 101; .* Nothing was sent/,
    ],
    [{ brightness: -1 }, LAMP, /from 0 to 100 percent/],
    [{ brightness: "half" }, LAMP, /not the text "half"/],
    [{ brightness: true }, LAMP, /not true/],
    [{ brightness: null }, LAMP, /not null/],
    [{ brightness: NaN }, LAMP, /not NaN/],
    [{ temperature: 200 }, LAMP, /^temperature takes a number from 0 to 100 percent/],
    [{ kelvin: 27 }, LAMP, /^kelvin takes a number from 1000 to 20000 kelvin/],
    [{ position: 101 }, COVER, /^position takes a number from 0 to 100 percent/],
    [{ position: "open" }, COVER, /^position takes a number/],
    [{ colour: "reddish", brightness: 5 }, LAMP, /^colour takes a colour such as/],
    [{ colour: "red", color: "blue" }, LAMP, /names the colour twice/],
    [{ temperature: 5, kelvin: 2700 }, LAMP, /in percent and in kelvin/],
    [{ colour: "red", kelvin: 2700 }, LAMP, /not both/],
    [{ colour: "red", brightness: 101 }, LAMP, /^brightness takes a number from 0 to 100 percent/],
    [{ colour: "red" }, COVER, /no known data point for colour\. It understands position\. Name/],
    [{ colour: "red" }, FAN, /for colour\. It understands on, mode, speed\. Name/],
    [{ colour: "red" }, NONE, /for colour\. Name/],
    [{ target: 21 }, LAMP, /no known data point for target/],
    [{ mode: "auto" }, LAMP, /no known data point for mode/],
    [{ speed: 3 }, LAMP, /no known data point for speed/],
    [{ brightness: 0 }, PLUG, /no known data point for brightness/],
    [{ brightness: 5 }, COVER, /no known data point for brightness/],
    [{ temperature: 5 }, DIMMER, /no known data point for colour temperature/],
    [{ kelvin: 2700 }, DIMMER, /no known data point for colour temperature/],
    [{ position: 5 }, LAMP, /no known data point for position/],
    [{ on: true }, COVER, /no known data point for on and off/],
  ];
  for (const [request, dataPoints, sentence] of rejected) {
    it(`refuses ${JSON.stringify(request)}`, () => {
      const error = refused(() => readFriendly(request, options(dataPoints, { "99": 1 })));
      assert.match(error.message, sentence);
      assert.ok(!(error instanceof UndecidedError));
    });
  }

  it("refuses a brightness beyond the limits in colour mode, too", () => {
    const error = refused(() => readFriendly({ brightness: 101 }, options(LAMP, IN_COLOUR)));
    assert.match(error.message, /^brightness takes a number from 0 to 100 percent/);
  });

  it("sends under force what does not fit, and nothing that is no number", () => {
    const context = options(LAMP, {}, true);
    refused(() => readFriendly({ brightness: "half" }, context));
    assert.deepEqual(sent(readFriendly({ brightness: -10 }, context), context), {
      "21": "white",
      "22": -100,
    });
    assert.deepEqual(sent(readFriendly({ brightness: 150 }, context), context), {
      "21": "white",
      "22": 1500,
    });
    const cover = options(COVER, {}, true);
    assert.deepEqual(sent(readFriendly({ position: 120 }, cover), cover), { "2": 120 });
  });

  const undecided: [FriendlyValues, DataPointMap, Dps][] = [
    [{ brightness: 40 }, NONE, {}],
    [{ colour: "red" }, NONE, {}],
    [{ on: true }, NONE, {}],
    [{ position: 5 }, NONE, {}],
    [{ brightness: "+10" }, LAMP, {}],
    [{ temperature: "+10" }, LAMP, { "22": 5 }],
    [{ kelvin: "-10" }, LAMP, { "22": 5 }],
    [{ position: "+10" }, COVER, { "3": 5 }],
    [{ colour: "red", brightness: "+10" }, LAMP, {}],
  ];
  for (const [request, dataPoints, values] of undecided) {
    it(`cannot tell ${JSON.stringify(request)} at ${JSON.stringify(values)} yet`, () => {
      assert.throws(() => readFriendly(request, options(dataPoints, values)), UndecidedError);
    });
  }
});

describe("readFriendly from the present value", () => {
  /** What is on its way to a lamp, dimmer or cover that reported something else. */
  const table: [FriendlyValues, DataPointMap, Dps, Dps, Dps][] = [
    [{ brightness: "+10" }, DIMMER, { "2": 100 }, { "2": 500 }, { "2": 600 }],
    [{ brightness: "-10" }, DIMMER, { "2": 500 }, { "2": 100 }, { "2": 10 }],
    [{ temperature: "+10" }, LAMP, { "21": "white", "23": 0 }, { "23": 500 }, { "21": "white", "23": 600 }],
    [{ kelvin: "+380" }, LAMP, { "21": "white", "23": 0 }, { "23": 500 }, { "21": "white", "23": 600 }],
    [{ position: "+10" }, COVER, { "2": 0 }, { "2": 50 }, { "2": 60 }],
    [{ brightness: 50 }, LAMP, IN_COLOUR, { "21": "white" }, { "21": "white", "22": 500 }],
    [{ brightness: 50 }, LAMP, { ...IN_COLOUR, "21": "white" }, { "21": "colour" }, { "24": "00f003e801f4" }],
    [{ brightness: 50 }, DIMMER, { "1": true, "2": 10 }, { "1": false }, { "1": true, "2": 500 }],
    [{ brightness: 50 }, DIMMER, { "1": false, "2": 10 }, { "1": true }, { "2": 500 }],
  ];
  for (const [request, dataPoints, values, underWay, dps] of table) {
    it(`${JSON.stringify(request)} at ${JSON.stringify(underWay)}`, () => {
      const expected: Dps = { ...values, ...underWay };
      const context = { ...options(dataPoints, values), present: (dp: string) => expected[dp] };
      assert.deepEqual(sent(readFriendly(request, context), context), dps);
    });
  }

  it("is undecided where that is not certain, and only where it matters", () => {
    const present = (): never => {
      throw new UndecidedError("Not certain.");
    };
    for (const [request, dataPoints, values] of table) {
      const context = { ...options(dataPoints, values), present };
      assert.throws(() => readFriendly(request, context), UndecidedError);
    }
    const context = { ...options(LAMP, IN_COLOUR), present };
    for (const request of [{ colour: "red" }, { kelvin: 3000 }, { temperature: 50 }, { on: true }])
      assert.ok(readFriendly(request, context).length > 0);
    assert.ok(readFriendly({ position: 50 }, { ...options(COVER, { "2": 0 }), present }).length > 0);
  });
});

describe("readFriendly", () => {
  it("leaves a value for on and off that is neither to the data point, which says what it takes", () => {
    const context = { dataPoints: PLUG, values: {}, force: false };
    assert.deepEqual(readFriendly({ on: "toggle" }, context), [["1", "toggle"]]);
    assert.deepEqual(readFriendly({ on: "ON" }, context), [["1", true]]);
  });
});
