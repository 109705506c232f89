import assert from "node:assert/strict";
import { KnownValues, Values } from "../../src/device/values";
import { type DpValue, sameValue } from "../../src/protocol/dps";
import type { Report } from "../../src/protocol/report";

const reportOf = ({ dps, ...rest }: Pick<Report, "dps"> & Partial<Report>): Report => ({
  isCut: false,
  fields: { dps },
  ...rest,
  dps,
  numbers: Object.keys(dps),
});

describe("Values", () => {
  it("merges reports and never forgets a data point one leaves out", () => {
    const values = new Values();
    values.merge({ "1": true, "2": 5 });
    values.merge({ "2": 6 });
    assert.deepEqual(values.all(), { "1": true, "2": 6 });
  });

  it("names what is new or different, with the value it had before", () => {
    const values = new Values();
    assert.deepEqual(values.merge({ "1": true, "2": 5 }), {
      changed: ["1", "2"],
      previous: {},
      kept: { "1": true, "2": 5 },
    });
    assert.deepEqual(values.merge({ "1": true, "2": 6, "3": "x" }), {
      changed: ["2", "3"],
      previous: { "1": true, "2": 5 },
      kept: { "1": true, "2": 6, "3": "x" },
    });
  });

  it("takes a null for the mere existence of a data point", () => {
    const values = new Values();
    const merge = (value: DpValue): object => {
      const { changed, previous } = values.merge({ "1": value });
      return { changed, previous };
    };
    assert.deepEqual(merge(null), { changed: ["1"], previous: {} });
    assert.deepEqual(merge(null), { changed: [], previous: { "1": null } });
    assert.deepEqual(merge(7), { changed: ["1"], previous: { "1": null } });
    assert.deepEqual(merge(null), { changed: [], previous: { "1": 7 } });
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

  it("leaves out what there is no room for, still takes what it has, and forgets what is out of date", () => {
    const values = new Values(1_000);
    assert.deepEqual(values.merge({ "1": 1, "2": "x".repeat(1_000), "3": 3 }), {
      kept: { "1": 1, "3": 3 },
      changed: ["1", "3"],
      previous: {},
    });
    assert.deepEqual(values.merge({ "1": 2 }).changed, ["1"]);
    assert.deepEqual(values.merge({ "1": "x".repeat(1_000), "3": 3 }), {
      kept: { "3": 3 },
      changed: [],
      previous: { "1": 2, "3": 3 },
    });
    assert.deepEqual(values.all(), { "3": 3 });
    for (let i = 0; i < 1_000; i++) values.merge({ "2": "x".repeat(i % 300) });
    assert.deepEqual(values.merge({ "1": 1 }).changed, ["1"], "what was replaced is not counted any more");
  });
});

describe("KnownValues", () => {
  it("keeps a gateway and its sub-devices apart", () => {
    const known = new KnownValues();
    known.merge(reportOf({ dps: { "1": "gateway" } }), "push");
    assert.deepEqual([known.cids(), known.of("never heard of")], [[], {}]);
    known.merge(reportOf({ dps: { "1": "a" }, cid: "a" }), "push");
    const report = known.merge(reportOf({ dps: { "1": "b" }, cid: "b" }), "push");
    assert.deepEqual(report.previous, {});
    assert.deepEqual(known.of(undefined), { "1": "gateway" });
    assert.deepEqual(known.of("a"), { "1": "a" });
    assert.deepEqual(known.of("b"), { "1": "b" });
    known.merge(reportOf({ dps: { "2": "more" }, cid: "b" }), "push");
    assert.deepEqual(known.of("b"), { "1": "b", "2": "more" });
    assert.deepEqual(known.of("never heard of"), {});
  });

  it("makes a report with the time of the device, or ours in seconds where it sends none", () => {
    const known = new KnownValues();
    const before = Math.floor(Date.now() / 1000);
    assert.deepEqual(known.merge(reportOf({ dps: { "1": true }, t: 1_700_000_000, cid: "a" }), "initial"), {
      cid: "a",
      dps: { "1": true },
      changed: ["1"],
      previous: {},
      reason: "initial",
      t: 1_700_000_000,
      fields: { dps: { "1": true } },
    });
    const fields = { dps: {}, devId: "D", type: "query" };
    assert.equal(known.merge(reportOf({ dps: {}, t: 5, deviceId: "D", fields }), "push").fields, fields);
    const { t } = known.merge(reportOf({ dps: {} }), "push");
    assert.ok(t >= before && t <= Date.now() / 1000);
  });

  it("takes our time where a device counts from when it was switched on, or is wrong by more than a day", () => {
    const known = new KnownValues();
    const now = Math.floor(Date.now() / 1000);
    for (const t of [0, 5, 11, 1_577_836_799, now + 86_460, now * 1000]) {
      const own = known.merge(reportOf({ dps: {}, t }), "push").t;
      assert.ok(Math.abs(own - now) < 60, `${t} became ${own}`);
    }
    for (const t of [1_577_836_800, now - 86_400, now + 86_000])
      assert.equal(known.merge(reportOf({ dps: {}, t }), "push").t, t);
  });

  it("gives copies away", () => {
    const known = new KnownValues();
    known.merge(reportOf({ dps: { "1": true } }), "push");
    (known.of(undefined) as Record<string, DpValue>)["1"] = false;
    assert.deepEqual(known.of(undefined), { "1": true });
  });

  it("has room for the largest homes: 150 sub-devices with 20 data points each, and long codes", () => {
    let cuts = 0;
    const known = new KnownValues({ saysTooMuch: () => cuts++ });
    const dps = Object.fromEntries(
      Array.from({ length: 20 }, (_, dp) => [String(dp + 1), dp % 2 ? dp : "a text"]),
    );
    for (let i = 0; i < 150; i++)
      known.merge(reportOf({ dps, cid: `a4c138${String(i).padStart(10, "0")}` }), "push");
    for (let dp = 1; dp <= 255; dp++) known.merge(reportOf({ dps: { [dp]: dp } }), "push");
    known.merge(reportOf({ dps: { "201": "c".repeat(6_000), "202": "d".repeat(6_000) } }), "push");
    assert.deepEqual([cuts, known.cids().length, Object.keys(known.of(undefined)).length], [0, 150, 255]);
  });

  it("is bounded in bytes, whatever a hostile device invents", () => {
    let cuts = 0;
    const known = new KnownValues({ saysTooMuch: () => cuts++ });
    const fat = "x".repeat(15_000);
    for (let i = 0; i < 3_000; i++) {
      known.merge(reportOf({ dps: { [`${i % 255}`]: fat } }), "push");
      known.merge(reportOf({ dps: { "1": fat }, cid: `child ${i % 700}` }), "push");
      known.merge(reportOf({ dps: { [`${i}`]: i }, cid: `other child ${i}` }), "push");
    }
    const all = [undefined, ...known.cids()].map((cid) => JSON.stringify(known.of(cid)).length);
    const kept = all.reduce((sum, length) => sum + length, 0);
    assert.ok(kept < 400_000, `${kept} characters`);
    assert.ok(known.cids().length < 2_000 && cuts > 1_000, `${known.cids().length}, ${cuts}`);
  });

  it("keeps room for the gateway's own values, however many sub-devices are invented", () => {
    const known = new KnownValues();
    for (let i = 0; i < 20_000; i++)
      known.merge(reportOf({ dps: { "1": "x".repeat(100) }, cid: `child ${i}` }), "push");
    assert.deepEqual(known.merge(reportOf({ dps: { "1": true } }), "push").changed, ["1"]);
    assert.deepEqual(known.of(undefined), { "1": true });
  });

  it("says that something was left out, here or where the report was read", () => {
    let cuts = 0;
    const known = new KnownValues({ saysTooMuch: () => cuts++ });
    known.merge(reportOf({ dps: { "1": 1 } }), "push");
    known.merge(reportOf({ dps: {}, cid: "a" }), "push");
    assert.deepEqual([cuts, known.cids()], [0, []]);
    known.merge(reportOf({ dps: { "1": 1 }, isCut: true }), "push");
    assert.equal(cuts, 1);
    assert.deepEqual(known.merge(reportOf({ dps: { "1": "x".repeat(100_000), "2": 2 } }), "push").dps, {
      "2": 2,
    });
    assert.equal(cuts, 2);
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
