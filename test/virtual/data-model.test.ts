import assert from "node:assert/strict";
import { DataModel, type DpSchema } from "../../src/virtual/data-model";
import type { DpValue } from "../../src/protocol/dps";

const MODE = { kind: "enum", range: ["low", "high"] } as const satisfies DpSchema;

/** What a set of one data point leaves behind: schema, value before, value sent, value after in both kinds of firmware. */
const CASES: readonly (readonly [DpSchema, DpValue, DpValue, zeroed: DpValue, judged: DpValue])[] = [
  [{ kind: "bool" }, true, false, false, false],
  [{ kind: "bool" }, true, 1, false, true],
  [{ kind: "bool" }, true, null, false, true],
  [{ kind: "value" }, 7, 44.9, 44, 44],
  [{ kind: "value" }, 7, "44", 0, 7],
  [{ kind: "value" }, 7, true, 1, 7],
  [{ kind: "value" }, 7, 1e30, 2_147_483_647, 7],
  [{ kind: "value" }, 7, -1e30, -2_147_483_648, 7],
  [{ kind: "value" }, 7, null, 0, 7],
  [MODE, "high", "low", "low", "low"],
  [MODE, "high", "medium", "high", "high"],
  [MODE, "high", 3, "low", "low"],
  [MODE, "high", null, "low", "low"],
  [{ kind: "string" }, "a", 5, "a", "a"],
  [{ kind: "string" }, "a", null, "a", "a"],
  [{ kind: "bitmap" }, 3, null, 0, 0],
  [{ kind: "raw" }, "AAE=", "AAI=", "AAI=", "AAI="],
  [{ kind: "raw" }, "AAE=", "no base64", "", ""],
  [{ kind: "bool", readOnly: true }, true, false, true, true],
];

describe("DataModel", () => {
  for (const [index, wrongType] of (["zeroed", "judged"] as const).entries()) {
    it(`takes over what firmware that is ${wrongType === "judged" ? "strict" : "lax"} takes over`, () => {
      for (const [schema, before, sent, ...after] of CASES) {
        const model = new DataModel({ "1": before }, { "1": schema });
        const { changed, same } = model.apply({ "1": sent }, wrongType);
        const what = `${schema.kind} ${JSON.stringify(before)} set to ${JSON.stringify(sent)}`;
        assert.deepEqual(model.values["1"], after[index], what);
        assert.equal("1" in changed, before !== after[index], what);
        assert.ok(!("1" in changed && "1" in same));
      }
    });
  }

  it("drops texts with a quotation mark, or as long as they may be, where firmware is bad at texts", () => {
    const texts = { kind: "string", maxLength: 4 } as const;
    for (const [text, isTaken] of [
      ["abc", true],
      ["abcd", false],
      ['a"b', false],
      ["a\\b", true],
    ] as const) {
      const model = new DataModel({ "1": "old" }, { "1": texts });
      model.apply({ "1": text }, "judged", true);
      assert.equal(model.values["1"], isTaken ? text : "old");
      model.apply({ "1": text }, "judged");
      assert.equal(model.values["1"], text);
    }
  });

  it("infers kinds from first values, and knows no other data points", () => {
    const model = new DataModel({ "1": true, "2": 5, "3": "x" });
    model.apply({ "1": "yes", "2": "9", "3": "y", "4": 1, __proto__: 1 }, "judged");
    assert.deepEqual(model.values, { "1": true, "2": 5, "3": "y" });
  });

  it("obeys a number outside its limits, and never reports it", () => {
    const model = new DataModel({ "2": 5, "3": 1 }, { "2": { kind: "value", min: 0, max: 100 } });
    assert.deepEqual(model.apply({ "2": 400 }, "judged"), { changed: {}, same: {} });
    assert.deepEqual([model.values, model.report()], [{ "2": 400, "3": 1 }, { "3": 1 }]);
  });

  it("keeps measurements until somebody asks", () => {
    const model = new DataModel({ "18": 1, "19": 2 });
    model.measure({ "18": 5, "19": 2 });
    assert.deepEqual(model.reportUnreported(["19"]), {});
    assert.deepEqual(model.reportUnreported(["18", "19"]), { "18": 5 });
    assert.deepEqual(model.reportUnreported(["18", "19"]), {});
    model.measure({ "18": 6 });
    assert.deepEqual(model.report(), { "18": 6, "19": 2 });
    assert.deepEqual(model.reportUnreported(["18"]), {});
  });
});
