import assert from "node:assert/strict";
import { KnownValues, Values } from "../../src/device/values";
import { type DpValue, sameValue } from "../../src/protocol/dps";

describe("Values", () => {
  it("merges reports and never forgets a data point one leaves out", () => {
    const values = new Values();
    values.merge({ "1": true, "2": 5 });
    values.merge({ "2": 6 });
    assert.deepEqual(values.all(), { "1": true, "2": 6 });
  });

  it("names what is new or different, with the value it had before", () => {
    const values = new Values();
    assert.deepEqual(values.merge({ "1": true, "2": 5 }), { changed: ["1", "2"], previous: {} });
    assert.deepEqual(values.merge({ "1": true, "2": 6, "3": "x" }), {
      changed: ["2", "3"],
      previous: { "1": true, "2": 5 },
    });
  });

  it("takes a null for the mere existence of a data point", () => {
    const values = new Values();
    assert.deepEqual(values.merge({ "1": null }), { changed: ["1"], previous: {} });
    assert.deepEqual(values.merge({ "1": null }).changed, []);
    assert.deepEqual(values.merge({ "1": 7 }), { changed: ["1"], previous: { "1": null } });
    assert.deepEqual(values.merge({ "1": null }), { changed: [], previous: { "1": 7 } });
    assert.deepEqual(values.all(), { "1": 7 });
  });

  it("tells values of different types apart: false, 0 and an empty text are no absence", () => {
    const values = new Values();
    values.merge({ "1": false, "2": 0, "3": "" });
    assert.deepEqual(values.merge({ "1": 0, "2": "", "3": false }).changed, ["1", "2", "3"]);
    assert.deepEqual(values.merge({ "1": 0, "2": "", "3": false }).changed, []);
  });

  it("keeps names that mean something to JavaScript apart from their meaning", () => {
    const values = new Values();
    const dps = JSON.parse('{"constructor": 1, "toString": 2, "hasOwnProperty": 3}') as Record<
      string,
      DpValue
    >;
    assert.deepEqual(values.merge(dps).previous, {});
    assert.deepEqual(values.merge(dps).changed, []);
    assert.deepEqual(values.all(), dps);
  });

  it("adds no more data points than there is room for, and still takes those it has", () => {
    const values = new Values();
    values.merge({ "1": 1 });
    assert.deepEqual(values.merge({ "1": 2, "2": 2, "3": 3 }, 1).changed, ["1", "2", "3"]);
    assert.deepEqual(values.all(), { "1": 2, "2": 2 });
  });
});

describe("KnownValues", () => {
  it("keeps a gateway and its sub-devices apart", () => {
    const known = new KnownValues();
    known.merge({ dps: { "1": "gateway" } }, "push");
    known.merge({ dps: { "1": "a" }, cid: "a" }, "push");
    const report = known.merge({ dps: { "1": "b" }, cid: "b" }, "push");
    assert.deepEqual(report.previous, {});
    assert.deepEqual(known.of(undefined), { "1": "gateway" });
    assert.deepEqual(known.of("a"), { "1": "a" });
    assert.deepEqual(known.of("b"), { "1": "b" });
    assert.deepEqual(known.of("never heard of"), {});
  });

  it("makes a report with the time of the device, or ours in seconds where it sends none", () => {
    const known = new KnownValues();
    const before = Math.floor(Date.now() / 1000);
    assert.deepEqual(known.merge({ dps: { "1": true }, t: 1_700_000_000, cid: "a" }, "initial"), {
      cid: "a",
      dps: { "1": true },
      changed: ["1"],
      previous: {},
      reason: "initial",
      t: 1_700_000_000,
    });
    const extras = { devId: "D", type: "query" };
    assert.deepEqual(known.merge({ dps: {}, t: 5, deviceId: "D", extras }, "push").extras, extras);
    const { t } = known.merge({ dps: {} }, "push");
    assert.ok(t >= before && t <= Date.now() / 1000);
  });

  it("gives copies away", () => {
    const known = new KnownValues();
    known.merge({ dps: { "1": true } }, "push");
    (known.of(undefined) as Record<string, DpValue>)["1"] = false;
    assert.deepEqual(known.of(undefined), { "1": true });
  });

  it("is bounded, whatever a hostile device invents", () => {
    const known = new KnownValues();
    for (let i = 0; i < 300; i++) {
      const dps = Object.fromEntries(Array.from({ length: 100 }, (_, dp) => [`${i}-${dp}`, dp]));
      known.merge({ dps, cid: i % 2 ? `child ${i}` : undefined }, "push");
    }
    const cids = Array.from({ length: 300 }, (_, i) => `child ${i}`);
    const kept = [undefined, ...cids].reduce((sum, cid) => sum + Object.keys(known.of(cid)).length, 0);
    assert.equal(kept, 10_000);
    assert.deepEqual(known.merge({ dps: { "0-0": "new" } }, "push").previous, { "0-0": 0 });
    assert.equal(known.of(undefined)["0-0"], "new");
  });
});

describe("sameValue", () => {
  const table: [DpValue, DpValue, boolean][] = [
    [1, 1, true],
    [1, "1", false],
    [0, false, false],
    [null, false, false],
    [null, null, true],
    ["a", "a", true],
    [{ a: [1] }, { a: [1] }, true],
    [{ a: [1] }, { a: [2] }, false],
    [[1, 2], [1, 2], true],
    [{}, "{}", false],
    ["{}", {}, false],
    [{}, null, false],
  ];
  for (const [a, b, expected] of table) {
    it(`${JSON.stringify(a)} and ${JSON.stringify(b)}: ${expected}`, () => {
      assert.equal(sameValue(a, b), expected);
      assert.equal(sameValue(b, a), expected);
    });
  }
});
