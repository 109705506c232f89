import assert from "node:assert/strict";
import { climateOf } from "../../../src/datapoints/friendly/climate";
import { mapOf } from "../../support/datapoints";

/** The parts of a device with these codes, from data point 1 on. */
function partsOf(...codes: readonly string[]) {
  return climateOf(mapOf(...codes.map((code, index) => ({ dp: `${index + 1}`, code }))));
}

describe("climateOf", () => {
  it("knows the codes of a target temperature", () => {
    for (const code of ["temp_set", "set_temp", "target_temp", "temp_target", "temp_set_c", "temp_set_f"])
      assert.equal(partsOf(code).target, "1", code);
    for (const code of ["max_temp_set", "temp_set_x", "temp_settings", "temp_current"])
      assert.equal(partsOf(code).target, undefined, code);
  });

  it("knows the codes of a speed", () => {
    for (const code of ["speed", "windspeed", "fan_speed", "fan_speed_percent", "fan_speed_enum"])
      assert.equal(partsOf(code).speed, "1", code);
    for (const code of ["max_speed", "speed_x", "fan_speed_percent_1"])
      assert.equal(partsOf(code).speed, undefined, code);
  });

  it("knows the codes of a mode, beside one of the others", () => {
    for (const code of ["mode", "work_mode", "hvac_mode", "fan_mode"]) {
      assert.equal(partsOf("temp_set", code).mode, "2", code);
      assert.equal(partsOf("speed", code).mode, "2", code);
      assert.equal(partsOf("switch", code).mode, undefined, code);
    }
    for (const code of ["my_mode", "mode_x"]) assert.equal(partsOf("speed", code).mode, undefined, code);
  });

  it("leaves the mode of a lamp in a fan to the lamp", () => {
    for (const lamp of ["bright_value", "bright_value_v2", "colour_data", "color_data"]) {
      assert.equal(partsOf("fan_speed", "work_mode", lamp).mode, undefined, lamp);
      assert.equal(partsOf("fan_speed", "work_mode", "fan_mode", lamp).mode, "3", lamp);
      for (const code of ["my_fan_mode", "fan_mode_2"])
        assert.equal(partsOf("fan_speed", code, lamp).mode, undefined, code);
    }
    assert.equal(partsOf("fan_speed", "work_mode", "no_bright_value").mode, "2");
  });

  it("takes nothing that is only reported", () => {
    const map = mapOf({ dp: "1", code: "temp_set", access: "ro" }, { dp: "2", code: "set_temp" });
    assert.equal(climateOf(map).target, "2");
  });
});
