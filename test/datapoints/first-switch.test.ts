import assert from "node:assert/strict";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { mapOf } from "../support/datapoints";

describe("firstSwitch: what a bare switch command means", () => {
  it("is the first Boolean that is no event", () => {
    const plug = mapOf(
      { dp: "2", code: "bell", type: "Boolean", event: true },
      { dp: "1", code: "relay", type: "Boolean" },
      { dp: "3", code: "other", type: "Boolean" },
    );
    assert.equal(plug.firstSwitch({ "5": true }), "1");
  });

  it("is the one named as the main switch, where others come first", () => {
    for (const code of ["switch", "switch_1", "switch_led", "power"]) {
      const breaker = mapOf(
        { dp: "11", code: "switch_prepayment", type: "Boolean" },
        { dp: "12", code: "child_lock", type: "Boolean" },
        { dp: "16", code, type: "Boolean" },
      );
      assert.equal(breaker.firstSwitch({}), "16", code);
    }
  });

  it("is none whose name only ends like the main switch's", () => {
    const map = mapOf(
      { dp: "1", code: "anti_switch", type: "Boolean" },
      { dp: "2", code: "switch", type: "Boolean" },
    );
    assert.equal(map.firstSwitch({}), "2");
  });

  it("is no Boolean that is only reported", () => {
    const lock = mapOf({ dp: "4", type: "Boolean", access: "ro" }, { dp: "9", type: "Boolean" });
    assert.equal(lock.firstSwitch({ "4": true }), "9");
    const sensor = mapOf({ dp: "4", type: "Boolean", access: "ro" });
    assert.equal(sensor.firstSwitch({ "4": true }), undefined);
    assert.equal(sensor.firstSwitch({ "4": true, "101": false }), "101");
    assert.equal(mapOf({ dp: "4" }).firstSwitch({ "4": true, "101": false }), "4");
  });

  it("is the lowest data point reported as boolean, where none is configured", () => {
    assert.equal(DataPointMap.EMPTY.firstSwitch({ "101": true, "20": false, "3": 1, "4": "x" }), "20");
    assert.equal(DataPointMap.EMPTY.firstSwitch({ "3": 1 }), undefined);
    assert.equal(DataPointMap.EMPTY.firstSwitch({}), undefined);
  });
});
