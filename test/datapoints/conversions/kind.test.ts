import assert from "node:assert/strict";
import { DATA_POINT_TYPES } from "../../../src/datapoints/datapoint";
import { isPhase, kindOf } from "../../../src/datapoints/conversions/kind";
import { dataPointOf } from "../../support/datapoints";

describe("kindOf", () => {
  const byCode: [object, string][] = [
    [{ code: "colour_data_v2", type: "Json" }, "colour"],
    [{ code: "phase_b", type: "Raw" }, "phase"],
    [{ code: "phase_c", type: "Json" }, "phase"],
    [{ code: "phase_a", type: "String" }, "phase"],
    [{ code: "my_study_code", type: "Raw" }, "Raw"],
    [{ code: "study_code_1", type: "Raw" }, "Raw"],
    [{ code: "control", type: "Enum", values: ["open", "close", "stop"] }, "cover-control"],
    [{ code: "control", type: "Enum", values: ["send_ir", "study", "study_exit"] }, "Enum"],
    [{ code: "ir_send", type: "String" }, "infrared-send"],
    [{ code: "ir_send" }, "infrared-send"],
    [{ code: "ir_send", type: "Json" }, "infrared-send"],
    [{ code: "ir_study_code", type: "String" }, "infrared-learned"],
    [{ code: "study_code", type: "Raw" }, "infrared-learned"],
  ];
  for (const [entry, kind] of byCode) {
    it(`is ${kind} for ${JSON.stringify(entry)}`, () => {
      assert.equal(kindOf(dataPointOf(entry)), kind);
    });
  }

  it("is the type where the code says nothing, or cannot be right", () => {
    for (const type of DATA_POINT_TYPES) assert.equal(kindOf(dataPointOf({ code: "x", type })), type);
    assert.equal(kindOf(dataPointOf({})), "untyped");
    for (const code of ["colour_data", "phase_a", "ir_send", "ir_study_code"])
      assert.equal(kindOf(dataPointOf({ code, type: "Integer" })), "Integer", code);
  });
});

describe("isPhase", () => {
  it("goes by the code, and by a type that can hold bytes", () => {
    for (const code of ["phase_a", "phase_b", "phase_c"]) assert.equal(isPhase(dataPointOf({ code })), true);
    for (const code of ["phase_d", "phase", "phase_a_1", "my_phase_a"])
      assert.equal(isPhase(dataPointOf({ code })), false);
    assert.equal(isPhase(dataPointOf({ code: "phase_a", type: "Integer" })), false);
  });
});
