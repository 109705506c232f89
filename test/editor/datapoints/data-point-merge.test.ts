import assert from "node:assert/strict";
import { fromRow, toRow, toRows, type DataPointRow } from "../../../nodes/editor/datapoints/data-point";
import { mergeRows } from "../../../nodes/editor/datapoints/data-point-merge";
import { missingRows } from "../../../nodes/editor/datapoints/reported-points";
import type { DataPointEntry } from "../../../src/datapoints/datapoint";

const VOLTAGE: DataPointEntry = {
  dp: "20",
  code: "cur_voltage",
  label: "Voltage",
  type: "Integer",
  scale: 1,
  unit: "V",
  access: "ro",
};
const MODE: DataPointEntry = { dp: "21", code: "work_mode", type: "Enum", values: ["white", "colour"] };

/** What stands in the rows that change, and how many were added, completed and kept. */
function merge(rows: readonly DataPointRow[], entries: readonly DataPointEntry[], replace = false) {
  const { rows: changed, added, completed, kept } = mergeRows(rows, entries, replace);
  return { rows: changed.map(fromRow), counts: [added, completed, kept] };
}

describe("mergeRows", () => {
  it("adds what the table does not have", () => {
    assert.deepEqual(merge([], [VOLTAGE, MODE]), { rows: [VOLTAGE, MODE], counts: [2, 0, 0] });
  });

  it("gives a row what it lacks, and leaves it what it has", () => {
    const mine = toRow({ dp: "20", code: "volts", type: "Integer", scale: 2 });
    assert.deepEqual(merge([mine], [VOLTAGE]), {
      rows: [{ ...VOLTAGE, code: "volts", scale: 2 }],
      counts: [0, 1, 0],
    });
  });

  it("keeps rows that say all of it, and those of which the template knows nothing", () => {
    const rows = toRows([VOLTAGE, { dp: "101", code: "mine" }]);
    assert.deepEqual(merge(rows, [VOLTAGE]), { rows: [], counts: [0, 0, 1] });
    assert.deepEqual(merge(rows, [VOLTAGE], true), { rows: [], counts: [0, 0, 1] });
  });

  it("refines a type that a value was taken for, in this dialog or an earlier one", () => {
    const taken = missingRows({ "20": 2301, "21": "white" }, []);
    assert.deepEqual(merge(taken, [VOLTAGE, MODE]).rows, [VOLTAGE, MODE]);
    assert.deepEqual(merge(toRows(taken.map(fromRow)), [VOLTAGE, MODE]).rows, [VOLTAGE, MODE]);
  });

  it("gives what has no number to the row of its name, and lets the rest wait for one", () => {
    const rows = toRows([{ dp: "20", code: "cur_voltage" }]);
    const unnumbered = [{ code: "cur_voltage", type: "Integer", unit: "V" } as const, { code: "phase_a" }];
    const merged = mergeRows(rows, [], false, unnumbered);
    assert.deepEqual(merged.rows.map(fromRow), [
      { dp: "20", code: "cur_voltage", type: "Integer", unit: "V" },
      { dp: "", code: "phase_a" },
    ]);
    const again = mergeRows([...rows, ...toRows([{ dp: "", code: "phase_a" }])], [], true, [
      { code: "phase_a", type: "Raw" },
    ]);
    assert.deepEqual(again.rows.map(fromRow), [{ dp: "", code: "phase_a", type: "Raw" }]);
    assert.deepEqual([again.added, again.completed], [0, 1]);
  });

  it("takes no details of another type than the row has", () => {
    const rows = toRows([
      { dp: "20", type: "Boolean" },
      { dp: "21", code: "mine", type: "String" },
    ]);
    assert.deepEqual(merge(rows, [VOLTAGE, { ...MODE, label: "Mode" }]).rows, [
      { dp: "20", code: "cur_voltage", label: "Voltage", type: "Boolean", access: "ro" },
      { dp: "21", code: "mine", label: "Mode", type: "String" },
    ]);
  });

  it("switches flags on in rows nobody has worked on only", () => {
    const button = { dp: "1", code: "button", type: "Enum", event: true } as const;
    assert.deepEqual(merge([toRow({ dp: "1" })], [button]).rows, [button]);
    const mine = toRow({ dp: "1", code: "mine", type: "Enum" });
    assert.deepEqual(merge([mine], [button]).rows, []);
  });

  it("says what the template says where that is asked for, without what is unknown to both", () => {
    const mine = toRow({ dp: "20", code: "volts", type: "String", event: true, nested: 1 });
    assert.deepEqual(merge([mine], [VOLTAGE], true), {
      rows: [{ ...VOLTAGE, nested: 1 }],
      counts: [0, 1, 0],
    });
  });

  it("gives no name that another row has", () => {
    const rows = toRows([{ dp: "5", code: "cur_voltage" }]);
    const { code: _code, ...unnamed } = VOLTAGE;
    assert.deepEqual(merge(rows, [VOLTAGE]).rows, [unnamed]);
    assert.deepEqual(merge([...rows, toRow({ dp: "20", code: "u" })], [VOLTAGE], true).rows, [
      { ...VOLTAGE, code: "u" },
    ]);
  });
});
