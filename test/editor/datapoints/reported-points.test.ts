import assert from "node:assert/strict";
import { fromRow, problemsOf, toRow } from "../../../nodes/editor/datapoints/data-point";
import { guessType, missingRows } from "../../../nodes/editor/datapoints/reported-points";

describe("guessType", () => {
  const CASES = [
    [true, "Boolean"],
    [0, "Integer"],
    [-5, "Integer"],
    [1.5, ""],
    ["white", "String"],
    [{ a: 1 }, "Json"],
    [[1], "Json"],
    [null, ""],
  ] as const;
  for (const [value, type] of CASES)
    it(`${JSON.stringify(value)} is ${type || "any"}`, () => assert.equal(guessType(value), type));
});

describe("missingRows", () => {
  it("has a row for each data point the table lacks, by number", () => {
    const rows = missingRows({ "101": "x", "20": 2301, "1": true, "2": 5 }, [
      toRow({ dp: " 2 ", code: "mine" }),
    ]);
    assert.deepEqual(rows.map(fromRow), [
      { dp: "1", type: "Boolean" },
      { dp: "20", type: "Integer" },
      { dp: "101", type: "String" },
    ]);
    assert.deepEqual(problemsOf(rows).flat(), []);
  });

  it("has none where the table has them all", () => {
    assert.deepEqual(missingRows({ "1": true }, [toRow({ dp: "1" })]), []);
  });
});
