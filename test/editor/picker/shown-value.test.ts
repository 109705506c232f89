import assert from "node:assert/strict";
import { shownValue } from "../../../nodes/editor/picker/shown-value";

describe("shownValue", () => {
  const table: [unknown, string | undefined, string][] = [
    [true, undefined, "true"],
    [false, "V", "false"],
    [230.1, "V", "230.1 V"],
    [0, undefined, "0"],
    ["white", undefined, "white"],
    ["", undefined, ""],
    ["000e0d0000000000000000c80000", undefined, "000e0d00000000000…"],
    [["ov_cr", "ov_vol"], undefined, "ov_cr, ov_vol"],
    [[], undefined, "[]"],
    [{ h: 20, s: 75.2, v: 100, hex: "#ff7f3f" }, undefined, "#ff7f3f"],
    [{ voltage: 230.1, current: 4.39 }, undefined, "230.1 · 4.39"],
    [{ type: "Buffer", data: [1, 2, 3] }, undefined, "<Buffer 3>"],
    [{ learn: true }, undefined, "true"],
    [null, "V", ""],
    [undefined, "V", ""],
  ];
  for (const [value, unit, text] of table) {
    it(`shows ${JSON.stringify(value)} as "${text}"`, () => {
      assert.equal(shownValue(value, unit), text);
    });
  }
});
