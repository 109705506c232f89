import assert from "node:assert/strict";
import { virtualValuesOf } from "../../../src/mqtt/virtual/index";
import { mapOf, refused } from "../../support/datapoints";

const POWER = { dp: "1", code: "power_go", type: "Boolean" };
const STATUS = { dp: "5", code: "status", type: "Enum", access: "ro" };

describe("vacuum cleaner as a virtual value", () => {
  const full = [
    POWER,
    { dp: "3", code: "mode", type: "Enum", values: ["smart", "chargego"] },
    STATUS,
    { dp: "13", code: "seek", type: "Boolean" },
    { dp: "14", code: "suction", type: "Enum", values: ["gentle", "strong"] },
  ];
  const [vacuum, ...others] = virtualValuesOf({ dataPoints: mapOf(...full) });
  assert.ok(vacuum);

  it("tells what it does and how strongly", () => {
    assert.deepEqual(others, []);
    const state = (word: string, power = true) =>
      (vacuum.read({ "1": power, "5": word, "14": "strong" }) as { state: string }).state;
    assert.deepEqual(vacuum.read({ "1": true, "5": "smart", "14": "strong" }), {
      state: "cleaning",
      fan_speed: "strong",
    });
    assert.equal(state("smart", false), "paused");
    assert.equal(state("standby"), "idle");
    assert.equal(state("goto_charge"), "returning");
    assert.equal(state("charge_done", false), "docked");
    assert.equal(state("dancing"), "cleaning");
    assert.equal(vacuum.read({ "1": true }), undefined);
  });

  it("takes commands", () => {
    assert.deepEqual(vacuum.write("start", {}), { "1": true });
    assert.deepEqual(vacuum.write("pause", {}), { "1": false });
    assert.deepEqual(vacuum.write(" STOP ", {}), { "1": false });
    assert.deepEqual(vacuum.write("locate", {}), { "13": true });
    assert.deepEqual(vacuum.write("return_to_base", {}), { "3": "chargego" });
    assert.match(refused(() => vacuum.write("fly", {})).message, /^vacuum takes one of "start", .*"fly"/);
  });

  it("offers no command there is nothing for", () => {
    const [plain] = virtualValuesOf({ dataPoints: mapOf(POWER, STATUS) });
    assert.match(refused(() => plain?.write("locate", {})).message, /one of "start", "pause", "stop", not/);
  });

  it("is none without a status: nothing would tell what it does", () => {
    assert.deepEqual(virtualValuesOf({ dataPoints: mapOf(POWER) }), []);
  });
});
