import assert from "node:assert/strict";
import { formatDuration } from "../../../nodes/tuya-device/error-notice";

describe("formatDuration", () => {
  const table: [number, string][] = [
    [0.4, "0 ms"],
    [340, "340 ms"],
    [1_000, "1 s"],
    [59_400, "59 s"],
    [59_700, "1 min"],
    [3_540_000, "59 min"],
    [3_600_000, "1 h"],
    [12_000_000, "3 h 20 min"],
  ];
  for (const [ms, text] of table) it(`says ${text}`, () => assert.equal(formatDuration(ms), text));
});
