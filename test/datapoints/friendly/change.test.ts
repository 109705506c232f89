import assert from "node:assert/strict";
import { readChange, resolveChange, UndecidedError } from "../../../src/datapoints/friendly/change";
import { mapOf } from "../../support/datapoints";
import type { DpValue } from "../../../src/protocol/dps";

const MAP = mapOf(
  { dp: "2", code: "level", type: "Integer", min: 10, max: 1000 },
  { dp: "3", code: "countdown", type: "Integer" },
  { dp: "4", code: "temp_set", type: "Integer", scale: 1, min: 50, max: 350 },
  { dp: "5", code: "frost", type: "Integer", scale: 1, min: -200, max: 200 },
  { dp: "6", code: "mode", type: "Enum" },
  { dp: "7", code: "note", type: "String" },
  { dp: "9", code: "half_degrees", type: "Integer", divisor: 2, min: 10, max: 70 },
  { dp: "10", code: "speed", type: "Enum", values: ["1", "2", "3"] },
  { dp: "11", code: "lock", type: "Boolean" },
  { dp: "8", code: "position", type: "Integer", min: 0, max: 100, invert: true },
);

describe("readChange", () => {
  it("is a text with a sign in front", () => {
    const table: [unknown, number | undefined][] = [
      ["+10", 10],
      ["-10", -10],
      [" +0.5 ", 0.5],
      ["-.5", -0.5],
      ["10", undefined],
      ["1e+3", undefined],
      ["1e-3", undefined],
      ["+", undefined],
      ["+-5", undefined],
      ["+ten", undefined],
      ["-", undefined],
      [10, undefined],
      [-10, undefined],
      [null, undefined],
      [["+10"], undefined],
    ];
    for (const [value, change] of table) assert.equal(readChange(value), change, JSON.stringify(value));
  });
});

describe("resolveChange", () => {
  const table: [string, unknown, DpValue | undefined, number | undefined][] = [
    ["2", "+10", 500, 510],
    ["2", "-10", 500, 490],
    ["2", "+600", 500, 1000],
    ["2", "-600", 500, 10],
    ["2", "10", 500, undefined],
    ["2", -10, 500, undefined],
    ["3", "-10", 5, -5],
    ["4", "+0.5", 215, 22],
    ["4", "-100", 215, 5],
    ["5", "+1.5", -100, -8.5],
    ["5", "-10", 0, undefined],
    ["4", "+0.5", "215", 22],
    ["9", "+0.5", 43, 22],
    ["9", "+20", 43, 35],
    ["9", "-20", 43, 5],
    ["10", "+1", 2, 3],
    ["10", "+1", "2", undefined],
    ["7", "+1", 5, 6],
    ["6", "+1", "a", undefined],
    ["7", "+49", "x", undefined],
    ["8", "+10", 70, 40],
    ["8", "+90", 70, 100],
    ["77", "+10", 5, 15],
    ["77", "-10", 5, -5],
    ["77", "+10", "text", undefined],
    // Not even where the device reports another type than its table says.
    ["11", "+1", 0, undefined],
  ];
  for (const [dp, value, known, result] of table) {
    it(`of ${JSON.stringify(value)} for ${MAP.nameOf(dp)} at ${JSON.stringify(known)} is ${result}`, () => {
      assert.equal(resolveChange(MAP, dp, value, known), result);
    });
  }

  it("starts from the present value, and is of the kind of the known one", () => {
    const present = () => 7;
    assert.equal(resolveChange(MAP, "77", "+10", 5, present), 17);
    assert.equal(resolveChange(MAP, "77", "+10", "text", present), undefined);
  });

  for (const [dp, known] of [
    ["2", undefined],
    ["2", null],
    ["2", "n/a"],
    ["77", undefined],
    ["77", null],
  ] as const) {
    it(`is undecided for ${MAP.nameOf(dp)} at ${known}`, () => {
      assert.throws(
        () => resolveChange(MAP, dp, "+10", known),
        (error) => error instanceof UndecidedError && /cannot be changed by an amount/.test(error.message),
      );
    });
  }
});
