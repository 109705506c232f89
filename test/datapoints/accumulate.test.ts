import assert from "node:assert/strict";
import { Accumulator } from "../../src/datapoints/accumulate";
import { mapOf } from "../support/datapoints";

const METER = mapOf(
  { dp: "17", code: "add_ele", type: "Integer", scale: 3, accumulate: true },
  { dp: "101", type: "Integer", accumulate: true },
  { dp: "18", code: "cur_current", type: "Integer" },
);

describe("Accumulator", () => {
  it("adds up every push, equal ones too", () => {
    const energy = new Accumulator(METER);
    assert.deepEqual(energy.add({ dps: { "17": 120, "18": 5 }, reason: "push" }), { add_ele_total: 0.12 });
    assert.deepEqual(energy.add({ dps: { "17": 120 }, reason: "push" }), { add_ele_total: 0.24 });
    assert.deepEqual(energy.add({ dps: { "17": 1, "101": 3 }, reason: "push" }), {
      add_ele_total: 0.241,
      "101_total": 3,
    });
    assert.deepEqual(energy.totals, { "17": 241, "101": 3 });
  });

  it("does not count an increment again because somebody asked for it", () => {
    const energy = new Accumulator(METER);
    energy.add({ dps: { "17": 120 }, reason: "push" });
    assert.deepEqual(energy.add({ dps: { "17": 120 }, reason: "reply" }), {});
    assert.deepEqual(energy.add({ dps: { "17": 120 }, reason: "initial" }), {});
    assert.deepEqual(energy.totals, { "17": 120 });
  });

  it("leaves out what is no increment", () => {
    const energy = new Accumulator(METER);
    for (const value of [null, "x", "", true, NaN, Infinity, {}]) {
      assert.deepEqual(energy.add({ dps: { "17": value, "18": 120, "9": 120 }, reason: "push" }), {});
    }
    assert.deepEqual(energy.totals, {});
  });

  it("counts a number that comes as a text", () => {
    const energy = new Accumulator(METER);
    assert.deepEqual(energy.add({ dps: { "17": "120" }, reason: "push" }), { add_ele_total: 0.12 });
  });

  it("goes on where another one left off", () => {
    const totals: unknown = JSON.parse('{"17":241,"101":"3","9":null}');
    const energy = new Accumulator(METER, totals);
    assert.deepEqual(energy.totals, { "17": 241 });
    assert.deepEqual(energy.add({ dps: { "17": 9 }, reason: "push" }), { add_ele_total: 0.25 });
    for (const broken of [null, undefined, 5, "x", []])
      assert.deepEqual(new Accumulator(METER, broken).totals, {});
  });

  it("tells all sums by name, in people's units, but of what is no increment any more", () => {
    const energy = new Accumulator(METER, { "17": 241, "18": 7, "9": 5 });
    assert.deepEqual(energy.sums, { add_ele_total: 0.241 });
    energy.add({ dps: { "101": 3 }, reason: "push" });
    assert.deepEqual(energy.sums, { add_ele_total: 0.241, "101_total": 3 });
  });

  it("counts up to the largest number that is exact", () => {
    const energy = new Accumulator(METER, { "101": Number.MAX_SAFE_INTEGER - 1 });
    assert.deepEqual(energy.add({ dps: { "101": 1 }, reason: "push" }), { "101_total": 2 ** 53 - 1 });
    assert.deepEqual(energy.add({ dps: { "101": 1 }, reason: "push" }), {});
  });

  it("loses nothing to binary fractions in a million reports", () => {
    const energy = new Accumulator(METER);
    let last = {};
    for (let count = 0; count < 1_000_000; count++) last = energy.add({ dps: { "17": 1 }, reason: "push" });
    assert.deepEqual(last, { add_ele_total: 1000 });
  });

  it("stays a sum, whatever a device reports as an increment", () => {
    const energy = new Accumulator(METER);
    energy.add({ dps: { "17": 5 }, reason: "push" });
    for (const increment of [1e308, -1e308, 2 ** 53, Infinity, NaN, "1e400", null])
      assert.deepEqual(energy.add({ dps: { "17": increment }, reason: "push" }), {}, String(increment));
    energy.add({ dps: { "17": 2 ** 52 }, reason: "push" });
    energy.add({ dps: { "17": 2 ** 52 }, reason: "push" });
    assert.deepEqual(energy.add({ dps: { "17": -(2 ** 52) }, reason: "push" }), { add_ele_total: 0.005 });
    assert.deepEqual(new Accumulator(METER, { "17": Infinity }).totals, {});
  });
});
