import assert from "node:assert/strict";
import { inspect } from "node:util";
import { BITMAP } from "../../../src/datapoints/conversions/bitmap";
import { dataPointOf } from "../../support/datapoints";
import type { DpValue } from "../../../src/protocol/dps";

const FAULT = dataPointOf({ type: "Bitmap", values: ["short_circuit", "surge", "Overload"] });
const ODD = dataPointOf({ type: "Bitmap", values: ["a", "bit 5", "A", "b"] });
const UNNAMED = dataPointOf({ type: "Bitmap" });

describe("BITMAP: reported values", () => {
  const table: [typeof FAULT, DpValue, unknown][] = [
    [FAULT, 0, []],
    [FAULT, 1, ["short_circuit"]],
    [FAULT, 6, ["surge", "Overload"]],
    [FAULT, 9, ["short_circuit", "bit 3"]],
    [FAULT, 2 ** 31, ["bit 31"]],
    [FAULT, 2 ** 52, ["bit 52"]],
    [FAULT, -1, -1],
    [FAULT, 1.5, 1.5],
    [FAULT, 2 ** 53, 2 ** 53],
    [FAULT, "3", ["short_circuit", "surge"]],
    [FAULT, "x", "x"],
    [FAULT, null, null],
    [UNNAMED, 6, 6],
    [ODD, 15, ["bit 0", "bit 1", "bit 2", "b"]],
  ];
  for (const [dataPoint, raw, value] of table) {
    it(`shows ${inspect(raw)} of ${inspect(dataPoint.values)} as ${inspect(value)}`, () => {
      assert.deepEqual(BITMAP.decode(raw, dataPoint), value);
    });
  }
});

describe("BITMAP: names that only contain how a bit without a name is called", () => {
  const names = ["habit 5", "bit 7a"];
  const dataPoint = dataPointOf({ type: "Bitmap", values: names });

  it("are names", () => {
    assert.deepEqual(BITMAP.decode(3, dataPoint), names);
    assert.deepEqual(BITMAP.encode(names, dataPoint, undefined), { value: 3 });
  });
});

describe("BITMAP: values to send", () => {
  const accepted: [typeof FAULT, unknown, number][] = [
    [FAULT, [], 0],
    [FAULT, ["surge"], 2],
    [FAULT, ["OVERLOAD", " surge "], 6],
    [FAULT, ["surge", "surge", "bit 1"], 2],
    [FAULT, ["bit 31"], 2 ** 31],
    [FAULT, "surge", 2],
    [FAULT, "Bit 3", 8],
    [FAULT, [" bit 3 "], 8],
    [FAULT, 5, 5],
    [FAULT, "5", 5],
    [FAULT, 0, 0],
    [UNNAMED, ["bit 2"], 4],
    [UNNAMED, "bit 2", 4],
    [UNNAMED, "4", 4],
    [ODD, ["b"], 8],
  ];
  for (const [dataPoint, value, sent] of accepted) {
    it(`sends ${inspect(value)} as ${sent}`, () => {
      assert.deepEqual(BITMAP.encode(value, dataPoint, undefined), { value: sent });
    });
  }

  const rejected: [typeof FAULT, unknown][] = [
    [FAULT, ["fire"]],
    [FAULT, ["surge", 1]],
    [FAULT, ["bit 53"]],
    [FAULT, "fire"],
    [FAULT, -1],
    [FAULT, true],
    [FAULT, {}],
    [UNNAMED, ["surge"]],
    [UNNAMED, "surge"],
    [ODD, ["a"]],
  ];
  for (const [dataPoint, value] of rejected) {
    it(`refuses ${inspect(value)}`, () => {
      const coerced = BITMAP.encode(value, dataPoint, undefined);
      assert.ok("expects" in coerced);
      assert.match(coerced.expects, /^a number/);
    });
  }

  it("names what there is", () => {
    for (const value of [["fire"], "fire"])
      assert.deepEqual(BITMAP.encode(value, FAULT, undefined), {
        expects: 'a number, or a list of "short_circuit", "surge", "Overload"',
      });
    assert.deepEqual(BITMAP.encode(["fire"], UNNAMED, undefined), {
      expects: 'a number, or a list such as ["bit 0"]',
    });
  });
});
