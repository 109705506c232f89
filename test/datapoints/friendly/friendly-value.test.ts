import assert from "node:assert/strict";
import type { DataPointMap } from "../../../src/datapoints/datapoint-map";
import {
  colourPointEntries,
  isFriendlyName,
  readFriendlyValue,
} from "../../../src/datapoints/friendly/friendly";
import { friendlyWordOf } from "../../../src/datapoints/friendly/points";
import { mapOf, refused } from "../../support/datapoints";
import {
  BOTH,
  COVER,
  DIMMER,
  FAN,
  FAN_LAMP,
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

describe("readFriendlyValue", () => {
  const table: [unknown, DataPointMap, Dps, Dps | undefined][] = [
    ["#ff7f3f", LAMP, {}, { "20": true, "21": "colour", "24": "001402f003e8" }],
    ["red", LAMP, {}, { "20": true, "21": "colour", "24": "000003e803e8" }],
    [{ r: 255, g: 127, b: 63 }, NONE, LAMP_A, { "1": true, "2": "colour", "5": "ff7f3f0014c0ff" }],
    ["open", COVER, {}, { "1": "ZZ" }],
    ["CLOSE", COVER, {}, { "1": "FZ" }],
    ["stop", COVER, {}, { "1": "STOP" }],
    ["open", NONE, { "1": "up" }, { "1": "up" }],
    ["close", NONE, { "1": "up" }, { "1": "down" }],
    ["continue", NONE, { "1": "stop" }, { "1": "continue" }],
    ["open", UPSIDE_DOWN, {}, { "2": 0 }],
    ["close", UPSIDE_DOWN, {}, { "2": 100 }],
    ["open", GATE, {}, { "2": "Open" }],
    ["stop", GATE, {}, { "2": "Stop" }],
    ["close", BOTH, {}, { "2": "down" }],
    // The words of its table, whatever it reports.
    [
      "open",
      mapOf({ dp: "1", code: "control", type: "Enum", values: ["open", "close"] }),
      { "1": "ZZ" },
      { "1": "open" },
    ],
    ["close", mapOf({ dp: "9", code: "control", type: "Enum" }), { "9": 1 }, { "9": 2 }],
    ["red", COVER, { "1": "ZZ" }, undefined],
    ["open", LAMP, LAMP_B, undefined],
    ["stop", UPSIDE_DOWN, { "2": 1 }, undefined],
    ["open", NONE, { "1": "1" }, undefined],
    ["on", LAMP, {}, undefined],
    [true, LAMP, {}, undefined],
    [50, LAMP, {}, { "21": "white", "22": 500 }],
    ["50", DIMMER, { "1": true }, { "2": 500 }],
    ["+10", DIMMER, { "1": true, "2": 500 }, { "2": 600 }],
    [1, DIMMER, { "1": true }, { "2": 10 }],
    [0, DIMMER, { "1": true }, { "1": false }],
    [40, LAMP, IN_COLOUR, { "24": "00f003e80190" }],
    [40, NONE, LAMP_A, { "2": "white", "3": 102 }],
    [30, COVER, {}, { "2": 30 }],
    [30, NONE, { "1": "stop", "2": 0 }, { "2": 30 }],
    [21, THERMOSTAT, {}, undefined],
    [2, FAN, {}, undefined],
    [40, FAN_LAMP, {}, undefined],
    [40, PLUG, {}, undefined],
    [40, NONE, { "1": true, "9": 0 }, undefined],
    [{ a: 1 }, LAMP, {}, undefined],
    [null, LAMP, {}, undefined],
    [undefined, LAMP, {}, undefined],
  ];
  for (const [value, dataPoints, values, dps] of table) {
    it(`makes ${JSON.stringify(dps)} of ${JSON.stringify(value)} at ${JSON.stringify(values)}`, () => {
      const context = options(dataPoints, values);
      const entries = readFriendlyValue(value, context);
      assert.deepEqual(entries && sent(entries, context), dps);
    });
  }

  it("cannot tell before anything is known of the device", () => {
    for (const value of ["#ff8800", { r: 1, g: 2, b: 3 }, "open", "stop", 50, "+10"]) {
      assert.throws(() => readFriendlyValue(value, options(NONE, {})), UndecidedError);
    }
    const sentence = (value: unknown) => refused(() => readFriendlyValue(value, options(NONE, {}))).message;
    assert.match(sentence("open"), /no known data point for "open"\./);
    assert.match(sentence(50), /no known data point for a mere number\./);
  });

  it("refuses a command the cover does not have", () => {
    const context = options(COVER, {});
    const entries = readFriendlyValue("continue", context);
    assert.ok(entries);
    assert.match(
      refused(() => sent(entries, context)).message,
      /control \(data point 1\) takes one of "open", "close", "stop"/,
    );
  });
});

describe("colourPointEntries", () => {
  it("has the lamp show a colour that its colour data point is given", () => {
    assert.deepEqual(colourPointEntries("24", "red", options(LAMP, {})), [
      ["21", "colour"],
      ["24", "red"],
      ["20", true],
    ]);
  });

  it("leaves other values and other data points alone", () => {
    assert.equal(colourPointEntries("24", "warm", options(LAMP, {})), undefined);
    assert.equal(colourPointEntries("21", "red", options(LAMP, {})), undefined);
    assert.equal(colourPointEntries("24", "red", options(COVER, {})), undefined);
  });
});

describe("friendlyWordOf", () => {
  it("has one spelling for both", () => {
    assert.deepEqual(["colour", "color", "on", "colr"].map(friendlyWordOf), [
      "colour",
      "colour",
      "on",
      undefined,
    ]);
  });
});

describe("isFriendlyName", () => {
  it("knows the names and nothing else", () => {
    for (const name of ["on", "colour", "color", "brightness", "temperature", "kelvin", "position"])
      assert.equal(isFriendlyName(name), true);
    for (const name of ["", "On", "colours", "bright_value", "__proto__", "toString", "dps"])
      assert.equal(isFriendlyName(name), false);
  });
});
