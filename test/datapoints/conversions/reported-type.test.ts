import assert from "node:assert/strict";
import {
  asReported,
  reportedDecimals,
  reportedNumber,
} from "../../../src/datapoints/conversions/reported-type";
import type { DpValue } from "../../../src/protocol/dps";

describe("reportedNumber", () => {
  for (const [raw, expected] of [
    [7, 7],
    ["7", 7],
    ["-7.25", -7.25],
    // More digits than a number keeps are no number, but a text.
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", undefined],
    [9007199254740992, 9007199254740992],
    ["on", undefined],
    ["", undefined],
    [true, undefined],
    [null, undefined],
    [undefined, undefined],
    [Infinity, undefined],
  ] as const) {
    it(`in ${JSON.stringify(raw) ?? "nothing"} is ${expected}`, () => {
      assert.equal(reportedNumber(raw), expected);
    });
  }
});

describe("reportedDecimals", () => {
  for (const [known, expected] of [
    ["21.50", 2],
    [" 21.50 ", 2],
    ["x.5", 0],
    [21.5, 1],
    ["21", 0],
    ["21.", 0],
    ["2.5e3", 0],
    ["1.2.3", 0],
    [true, 0],
    [null, 0],
    [undefined, 0],
  ] as const) {
    it(`of ${JSON.stringify(known) ?? "nothing"} are ${expected}`, () =>
      assert.equal(reportedDecimals(known), expected));
  }
});

describe("asReported", () => {
  for (const [value, known, expected] of [
    [5, "21.50", "5.00"],
    [5, "21", "5"],
    ["5", 21, 5],
    [true, 0, 1],
    [true, "on", "on"],
    [1, false, true],
    ["warm", "cold", "warm"],
    [5.5, "21", "5.5"],
    [{ a: 1 }, "cold", { a: 1 }],
    ["warm", [1], "warm"],
    [5, { a: 1 }, 5],
    [5, null, 5],
    [5, undefined, 5],
  ] as const) {
    const had = known === undefined ? "was never reported" : `was ${JSON.stringify(known)}`;
    it(`writes ${JSON.stringify(value)} as what ${had}`, () => {
      assert.deepEqual(asReported({ value }, known), { value: expected as DpValue });
    });
  }

  it("refuses what has no such form, and says which form that is", () => {
    const refused = asReported({ value: "warm" }, 21);
    assert.deepEqual(refused, { expects: "a number (that is what it reports)" });
  });

  it("leaves a refusal as it is, but for the value that would be sent all the same", () => {
    const expects = "a number from 0 to 5";
    assert.deepEqual(asReported({ expects }, "3"), { expects });
    assert.deepEqual(asReported({ expects, converted: 70 }, "3"), { expects, converted: "70" });
  });
});
