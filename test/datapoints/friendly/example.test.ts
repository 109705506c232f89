import assert from "node:assert/strict";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { exampleFor } from "../../../src/datapoints/friendly/example";
import type { Dps } from "../../../src/protocol/dps";

function example(dataPoints: readonly object[], values: Dps = {}): string | undefined {
  return exampleFor(new DataPointMap(parseDataPoints(dataPoints).dataPoints), values);
}

const SWITCH = { dp: "1", code: "switch_1", type: "Boolean" };
const LAMP = [
  { dp: "20", code: "switch_led", type: "Boolean" },
  { dp: "22", code: "bright_value_v2", type: "Integer", min: 10, max: 1000 },
];
const SHUTTER = [
  { dp: "1", code: "control", type: "Enum", values: ["open", "stop", "close"] },
  { dp: "2", code: "percent_control", type: "Integer", min: 0, max: 100 },
];
const THERMOSTAT = [
  { dp: "1", code: "switch", type: "Boolean" },
  { dp: "2", code: "temp_set", type: "Integer", min: 50, max: 350, scale: 1 },
  { dp: "3", code: "temp_current", type: "Integer", scale: 1, access: "ro" },
];

describe("exampleFor", () => {
  for (const [what, dataPoints, expected] of [
    ["a lamp", LAMP, "{brightness: 40}"],
    ["a shutter", SHUTTER, "{position: 50}"],
    ["a thermostat", THERMOSTAT, "{target: 21}"],
    ["a switch", [SWITCH], "{on: true}"],
  ] as const) {
    it(`says what people mostly want of ${what}`, () => assert.equal(example(dataPoints), expected));
  }

  for (const [what, dataPoint, expected] of [
    ["true or false", { code: "siren", type: "Boolean" }, "{siren: true}"],
    [
      "a number, in people's units",
      { code: "delay", type: "Integer", min: 15, max: 600, scale: 1 },
      "{delay: 1.5}",
    ],
    ["a number without limits", { code: "delay", type: "Integer" }, "{delay: 0}"],
    ["a word", { code: "scene", type: "Enum", values: ["dawn", "dusk"] }, '{scene: "dawn"}'],
    ["a word of which none is known", { code: "scene", type: "Enum" }, '{scene: "…"}'],
    ["bits", { code: "faults", type: "Bitmap" }, "{faults: …}"],
    ["a text", { code: "note", type: "String" }, "{note: …}"],
    ["JSON", { code: "plan", type: "Json" }, "{plan: …}"],
    ["a name that only begins like one in JavaScript", { code: "a-b", type: "Boolean" }, '{"a-b": true}'],
    ["something of its own", { code: "programme", type: "Raw" }, "{programme: …}"],
    ["a name that is none in JavaScript", { code: "2nd-siren", type: "Boolean" }, '{"2nd-siren": true}'],
  ] as const) {
    it(`names a data point that can be set: ${what}`, () => {
      const readOnly = { dp: "100", code: "seen", type: "Integer", access: "ro" };
      const nameless = { dp: "101", code: "", type: "Boolean" };
      assert.equal(example([readOnly, nameless, { dp: "102", ...dataPoint }]), expected);
    });
  }

  it("repeats a value of a device of which nothing else is known, and none that is no plain one", () => {
    assert.equal(example([], { "101": null, "102": { a: 1 }, "103": "warm" }), '{"103": "warm"}');
    assert.equal(example([], { "103": 7 }), '{"103": 7}');
    assert.equal(example([], { "101": null }), undefined);
    assert.equal(example([]), undefined);
  });
});
