import assert from "node:assert/strict";
import { isPlainScalar, parseNumber, readNumber } from "../../../src/datapoints/notation/number";

describe("parseNumber", () => {
  const numbers: [string, number][] = [
    ["5", 5],
    [" -5.25 ", -5.25],
    ["+5.", 5],
    [".25", 0.25],
    ["1e12", 1e12],
    ["1E+3", 1000],
    ["2.5e-10", 2.5e-10],
  ];
  for (const [text, number] of numbers) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(parseNumber(text), number));
  }

  for (const text of ["", ".", "e3", "1e", "1e+", "1ex3", "0x10", "1,5", "5 V", "Infinity", "--5"])
    it(`takes ${JSON.stringify(text)} for none`, () => assert.equal(parseNumber(text), undefined));
});

describe("readNumber and isPlainScalar", () => {
  it("know numbers that have an end", () => {
    assert.deepEqual([5, "5", -0.5].map(readNumber), [5, 5, -0.5]);
    for (const value of [NaN, Infinity, -Infinity, "1e999", true, null, undefined, [5], 5n])
      assert.equal(readNumber(value), undefined, String(value));
    for (const value of [5, true, false]) assert.equal(isPlainScalar(value), true);
    for (const value of [NaN, Infinity, "5", null, 5n]) assert.equal(isPlainScalar(value), false);
  });
});
