import assert from "node:assert/strict";
import { parseBand } from "../../src/datapoints/band";

describe("parseBand", () => {
  for (const [text, size, isPercent] of [
    ["0.5", 0.5, false],
    [" 2 % ", 2, true],
    ["10%", 10, true],
    ["0.001", 0.001, false],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseBand(text), { size, isPercent }));
  }

  for (const text of ["", "0", "0.0 %", "-1", "+1", "1e3", ".5", "2 % ?", "two", "9".repeat(400)])
    it(`takes ${JSON.stringify(text.slice(0, 10))} for none`, () => assert.equal(parseBand(text), undefined));
});
