import assert from "node:assert/strict";
import { type DataPointEntry, parseDataPoints } from "../../src/datapoints/datapoint";
import { readingOf } from "../../src/datapoints/reading";
import type { DpValue } from "../../src/protocol/dps";

describe("readingOf", () => {
  const cases: [string, Omit<DataPointEntry, "dp"> & { dp?: string }, DpValue, string, boolean][] = [
    ["scales a number", { type: "Integer", scale: 1, unit: "V" }, 2301, "230.1 V", true],
    ["names the unit of a number as it is", { type: "Integer", unit: "mA" }, 261, "261 mA", true],
    ["turns a direction", { type: "Integer", unit: "%", invert: true }, 30, "70 %", true],
    ["marks what is beyond a limit", { type: "Integer", unit: "V", max: 500 }, 2301, "2301 V", false],
    ["lists the bits that are set", { type: "Bitmap", values: ["a", "b", "c"] }, 5, "a, c", true],
    ["shows that no bit is set", { type: "Bitmap", values: ["a"] }, 0, "–", true],
    ["shows a colour", { code: "colour_data", dp: "24" }, "00f003e803e8", "#0000ff", true],
    ["shows what is no colour as it is", { code: "colour_data", dp: "24" }, "xyz", "xyz", false],
    ["shows nothing of a colour as nothing", { code: "colour_data", dp: "24" }, null, "null", true],
    ["leaves a number that is a word", { type: "Enum", values: ["a", "b"] }, 1, "1", false],
    ["translates a cover's words", { code: "control", type: "Enum" }, "ZZ", "open", true],
    ["passes a boolean", { type: "Boolean" }, true, "true", true],
    ["marks a wrong type", { type: "Boolean" }, 1, "1", false],
    ["marks a word that is not in the list", { type: "Enum", values: ["a"] }, "b", "b", false],
    ["leaves bytes as the device sent them", { code: "phase_a", type: "Raw" }, "CPwAAGQ=", "CPwAAGQ=", true],
    ["adds no unit to what is no number", { type: "Enum", values: ["a"], unit: "W" }, "a", "a", true],
    ["writes an object as JSON", {}, { a: [1] }, '{"a":[1]}', true],
    ["knows nothing of an unnamed one", {}, 2301, "2301", true],
  ];
  for (const [what, entry, value, shown, fits] of cases) {
    it(what, () => {
      const [dataPoint] = parseDataPoints([{ dp: "1", ...entry }]).dataPoints;
      assert.ok(dataPoint);
      const reading = readingOf(dataPoint, value);
      assert.deepEqual([reading.shown, reading.fits], [shown, fits]);
      assert.equal(reading.raw, typeof value === "string" ? value : JSON.stringify(value));
    });
  }
});

describe("readingOf", () => {
  it("says whether a value was converted: a unit alone is no conversion", () => {
    const isConverted = (entry: Omit<DataPointEntry, "dp">, value: DpValue) => {
      const [dataPoint] = parseDataPoints([{ dp: "1", ...entry }]).dataPoints;
      return dataPoint && readingOf(dataPoint, value).isConverted;
    };
    assert.equal(isConverted({ type: "Integer", unit: "mA" }, 261), false);
    assert.equal(isConverted({ type: "Integer", unit: "V", scale: 1 }, 2301), true);
    assert.equal(isConverted({ type: "Enum" }, "white"), false);
    assert.equal(isConverted({ type: "Bitmap", values: ["a"] }, 1), true);
  });
});
