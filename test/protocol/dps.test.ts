import assert from "node:assert/strict";
import { type DpValue, sameValue } from "../../src/protocol/dps";

describe("sameValue", () => {
  const values: readonly DpValue[] = [
    true,
    false,
    0,
    1,
    -1,
    "1",
    "",
    "true",
    null,
    "null",
    [],
    [1],
    [1, 2],
    "[1]",
    {},
    { a: 1 },
    { a: 2 },
    { b: 1 },
    { a: { b: [1] } },
  ];

  it("is true of a value and itself, and of a copy of it", () => {
    for (const value of values) {
      assert.equal(sameValue(value, value), true, JSON.stringify(value));
      assert.equal(sameValue(value, structuredClone(value)), true, JSON.stringify(value));
    }
  });

  it("is false of any two others, however alike", () => {
    for (const [index, value] of values.entries())
      for (const other of values.toSpliced(index, 1))
        assert.equal(sameValue(value, other), false, `${JSON.stringify(value)}, ${JSON.stringify(other)}`);
  });
});
