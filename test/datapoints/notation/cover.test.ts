import assert from "node:assert/strict";
import {
  coverControl,
  isCoverControl,
  isCoverPosition,
  readCoverCommand,
} from "../../../src/datapoints/notation/cover";
import { dataPointOf, mapOf } from "../../support/datapoints";

describe("isCoverControl", () => {
  it("goes by the code and the words", () => {
    const table: [object, boolean][] = [
      [{ code: "control" }, true],
      [{ code: "control", type: "Enum" }, true],
      [{ code: "control_2", type: "Enum", values: ["open", "stop", "close"] }, true],
      [{ code: "mach_operate", type: "Enum", values: ["FZ", "ZZ", "STOP"] }, true],
      [{ code: "control", type: "Boolean" }, true],
      [{ code: "control", type: "Enum", values: ["send_ir", "study", "study_exit"] }, false],
      [{ code: "control", type: "String" }, true],
      [{ code: "my_control" }, false],
      [{ code: "control", type: "Integer" }, false],
      [{ code: "control_back", type: "Enum" }, false],
      // By its words alone, where it can be set.
      [{ code: "switch", type: "Enum", values: ["open", "close"] }, true],
      [{ code: "door_control_1", type: "Enum", values: ["open", "close", "stop"], access: "rw" }, true],
      [{ code: "door_control_1", type: "Enum", values: ["Open", "Stop", "Close"], access: "wr" }, true],
      [{ code: "gate", type: "Enum", values: ["fopen", "fclose"] }, true],
      [{ code: "work", type: "Enum", values: ["STOP", "ZZ", "FZ"] }, true],
      [{ type: "Enum", values: ["open", "close"] }, true],
      [{ code: "door_state", type: "Enum", values: ["open", "close"], access: "ro" }, false],
      [{ code: "situation_set", type: "Enum", values: ["fully_open", "fully_close"] }, false],
      [{ code: "switch", type: "Enum", values: ["on", "off", "stop"] }, false],
      [{ code: "mode", type: "Enum", values: ["1", "2", "0"] }, false],
      [{ code: "fan_direction", type: "Enum", values: ["up", "down", "stop"] }, false],
      [{ code: "switch_1", type: "Boolean" }, false],
      [{ code: "switch" }, false],
    ];
    for (const [entry, is] of table)
      assert.equal(isCoverControl(dataPointOf(entry)), is, JSON.stringify(entry));
  });
});

describe("coverControl", () => {
  const reported = { dp: "1", code: "control", type: "Enum", values: ["open", "close"], access: "ro" };
  const door = { dp: "2", code: "door", type: "Enum", values: ["open", "close"] };
  const usual = { dp: "3", code: "control_2", type: "Enum", values: ["FZ", "ZZ", "STOP"] };

  it("is the one with a usual code, else the first that can be set", () => {
    const found = (...entries: object[]) => coverControl(mapOf(...entries).dataPoints)?.dp;
    assert.equal(found(reported, door, usual), "3");
    assert.equal(found(reported, door), "2");
    assert.equal(found(reported), undefined);
  });
});

describe("isCoverPosition", () => {
  it("is the position to go to, not the one reported", () => {
    const table: [object, boolean][] = [
      [{ code: "percent_control", type: "Integer" }, true],
      [{ code: "percent_control_2", type: "Integer" }, true],
      [{ code: "position" }, true],
      [{ code: "door_position", type: "Integer", access: "rw" }, true],
      [{ code: "position_set_1", type: "Integer" }, true],
      [{ code: "position", type: "Integer", access: "ro" }, false],
      [{ code: "cur_position", type: "Integer" }, false],
      [{ code: "current_position", type: "Integer" }, false],
      [{ code: "percent_state", type: "Integer" }, false],
      [{ code: "superposition", type: "Integer" }, false],
      [{ code: "ballast_position", type: "Integer" }, true],
      [{ code: "position_state", type: "Integer" }, false],
      [{ code: "position", type: "Enum" }, false],
    ];
    for (const [entry, is] of table)
      assert.equal(isCoverPosition(dataPointOf(entry)), is, JSON.stringify(entry));
  });
});

describe("readCoverCommand", () => {
  it("knows four words, in any case", () => {
    assert.equal(readCoverCommand("open"), "open");
    assert.equal(readCoverCommand(" STOP "), "stop");
    for (const value of ["opened", "", true, 1, null, undefined, {}, ["open"]])
      assert.equal(readCoverCommand(value), undefined);
  });
});
