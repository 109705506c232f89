import assert from "node:assert/strict";
import { coverOf } from "../../../src/datapoints/friendly/cover";
import { mapOf } from "../../support/datapoints";
import type { Dps } from "../../../src/protocol/dps";

describe("coverOf", () => {
  const table: [string, object[], Dps, string | undefined, string | undefined][] = [
    ["a cover without names", [], { "1": "stop", "2": 50 }, "1", "2"],
    ["one that has reported no position", [], { "1": "ZZ" }, "1", undefined],
    ["one whose second data point is no number", [], { "1": "up", "2": "x" }, "1", undefined],
    ["a switch with a level", [], { "1": true, "2": 50 }, undefined, undefined],
    ["a word that only begins like one of a cover", [], { "1": "opened", "2": 50 }, undefined, undefined],
    ["a word that only ends like one of a cover", [], { "1": "nonstop", "2": 50 }, undefined, undefined],
    [
      "one whose first data point has a name",
      [{ dp: "1", code: "mode" }],
      { "1": "stop", "2": 50 },
      undefined,
      undefined,
    ],
    [
      "one whose second data point has a name",
      [{ dp: "2", code: "level" }],
      { "1": "stop", "2": 50 },
      "1",
      undefined,
    ],
    ["one with another name", [{ dp: "9", code: "level" }], { "1": "stop", "2": 50 }, "1", "2"],
    ["one listed without a code", [{ dp: "1", type: "Enum" }], { "1": "stop", "2": 50 }, "1", "2"],
  ];
  for (const [what, entries, values, control, position] of table) {
    it(`finds ${control ?? "no control"} and ${position ?? "no position"} of ${what}`, () => {
      assert.deepEqual(coverOf(mapOf(...entries), values), { control, position, reached: undefined });
    });
  }

  it("knows where a cover says it is", () => {
    const reached = (code: string) => coverOf(mapOf({ dp: "3", code }), {}).reached;
    for (const code of ["percent_state", "percent_state_1"]) assert.equal(reached(code), "3");
    for (const code of ["my_percent_state", "percent_state_x"]) assert.equal(reached(code), undefined);
  });
});
