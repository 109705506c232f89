import assert from "node:assert/strict";
import { toDevice, toPeople } from "../../src/datapoints/scale";

/** Device units, people's units, and how they are scaled. */
const CASES: readonly [raw: number, shown: number, scale: { scale: number; divisor?: number }][] = [
  [2301, 230.1, { scale: 1 }],
  [7, 7, { scale: 0 }],
  [-15, -1.5, { scale: 1 }],
  [100.5, 1.005, { scale: 2 }],
  [5, 0.625, { scale: 3, divisor: 8 }],
  // A number that is written with an exponent.
  [1e23, 1e22, { scale: 1 }],
  [7, 7e-9, { scale: 9 }],
];

describe("a scaled number", () => {
  for (const [raw, shown, scale] of CASES) {
    it(`is ${shown} to people and ${raw} to the device`, () => {
      assert.equal(toPeople(raw, scale as Parameters<typeof toPeople>[1]), shown);
      assert.equal(toDevice(shown, scale as Parameters<typeof toDevice>[1]), raw);
    });
  }

  it("has no noise of binary fractions on its way to the device", () => {
    assert.equal(toDevice(4.35, { scale: 2, divisor: undefined }), 435);
    assert.equal(toDevice(0.07, { scale: 0, divisor: 100 }), 7);
  });

  it("has none on its way to people, with any divisor", () => {
    assert.equal(toPeople(153, { scale: 0, divisor: 2.55 }), 60);
    assert.equal(toPeople(7, { scale: 0, divisor: 0.1 }), 70);
  });
});
