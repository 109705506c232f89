import assert from "node:assert/strict";
import { isMomentary } from "../../src/import/entries";
import { dataPointOf } from "../support/datapoints";

const CLICKS = ["single_click", "double_click", "long_press"];

describe("isMomentary", () => {
  const table: [object, boolean][] = [
    // What can be set is no button, whatever its words are.
    [{ code: "switch_type", type: "Enum", values: ["click", "switch"], access: "rw" }, false],
    [{ code: "switch_type_1", type: "Enum", values: ["press", "rocker"], access: "rw" }, false],
    [{ code: "switch_mode1", type: "Enum", values: CLICKS, access: "rw" }, false],
    [{ code: "unlock_switch", type: "Enum", values: ["single_unlock"], access: "rw" }, false],
    [{ code: "doorbell_volume", type: "Enum", values: ["low"], access: "rw" }, false],
    [{ code: "switch_type", type: "Enum", values: ["click", "switch"] }, false],
    [{ code: "switch_type", type: "Enum", values: ["press", "rocker"] }, false],
    // Locks, doorbells and alarms, of whatever type.
    [{ code: "unlock_fingerprint", type: "Integer", access: "ro" }, true],
    [{ code: "unlock_card", type: "Raw", access: "ro" }, true],
    [{ code: "unlock_password", type: "Integer" }, true],
    [{ code: "unlock_request", type: "Integer", access: "ro" }, true],
    [{ code: "alarm_lock", type: "Enum", values: ["wrong_finger", "low_battery"], access: "ro" }, true],
    [{ code: "alarm_message", type: "String", access: "ro" }, true],
    [{ code: "hijack", type: "Boolean", access: "ro" }, true],
    [{ code: "doorbell", type: "Boolean", access: "ro" }, true],
    [{ code: "doorbell_active", type: "String" }, true],
    // Settings beside them, where nobody says what can be set.
    [{ code: "unlock_switch", type: "Enum", values: ["single_unlock", "face_unlock"] }, false],
    [{ code: "doorbell_song", type: "Enum", values: ["ding_0"] }, false],
    [{ code: "doorbell_volume", type: "Enum", values: ["mute", "low"] }, false],
    // Keys.
    [{ code: "switch_mode2", type: "Enum", values: ["click", "press"], access: "ro" }, true],
    [{ code: "switch1_value", type: "Enum", values: CLICKS }, true],
    [{ code: "scene_3", type: "Enum", values: ["scene"], access: "ro" }, true],
    [{ code: "knob_1", type: "Enum", values: ["rotate_left", "rotate_right", "click"], access: "ro" }, true],
    [{ code: "scene_3", type: "Enum", values: ["scene"], access: "rw" }, false],
    [{ code: "scene_3", type: "Enum", values: ["scene"] }, false],
    // States.
    [{ code: "doorcontact_state", type: "Boolean", access: "ro" }, false],
    [{ code: "alarm_state", type: "Enum", values: ["normal", "alarm"], access: "ro" }, false],
    [{ code: "closed_opened", type: "Enum", values: ["open", "closed"], access: "ro" }, false],
    [{ code: "work_state", type: "Enum", values: ["hold", "program"], access: "ro" }, false],
    [{ code: "switch_1", type: "Boolean" }, false],
    [{ code: "mode", type: "Enum", access: "ro" }, false],
  ];
  for (const [entry, is] of table) {
    it(`is ${is} for ${JSON.stringify(entry)}`, () => assert.equal(isMomentary(dataPointOf(entry)), is));
  }
});
