import assert from "node:assert/strict";
import { dataPointTable } from "../../../nodes/tuya-device/data-point-table";

describe("dataPointTable", () => {
  const list = () => [
    { dp: "1", code: "switch_1", type: "Boolean" },
    { dp: "1", code: "again" },
  ];

  it("is one for equal lists, with the problems of each", () => {
    const [first, second] = [dataPointTable(list()), dataPointTable(list())];
    assert.equal(first.dataPoints, second.dataPoints);
    assert.equal(first.dataPoints.nameOf("1"), "switch_1");
    assert.equal(first.problems.length, 1);
    assert.deepEqual(first.problems, second.problems);
  });

  it("is another one for another list", () => {
    const { dataPoints } = dataPointTable([{ dp: "1", code: "switch_1" }]);
    assert.notEqual(dataPoints, dataPointTable(list()).dataPoints);
  });

  for (const nothing of [undefined, null, "", []])
    it(`is empty where the list is ${JSON.stringify(nothing)}`, () => {
      assert.deepEqual(dataPointTable(nothing).dataPoints.dataPoints, []);
    });
});
