import assert from "node:assert/strict";
import { isSwitchWord, readBoolean, writeBoolean } from "../../../src/datapoints/notation/on-off";

describe("readBoolean", () => {
  it("knows words and numbers for on and off, and no others", () => {
    for (const value of [true, "true", " ON ", "1", 1]) assert.equal(readBoolean(value), true, String(value));
    for (const value of [false, "False", "off", "0", 0, -0])
      assert.equal(readBoolean(value), false, String(value));
    for (const value of ["", "yes", 2, NaN, null, undefined, {}, ["on"]])
      assert.equal(readBoolean(value), undefined, JSON.stringify(value));
  });
});

describe("isSwitchWord", () => {
  it("is true of words that can mean nothing but on and off", () => {
    for (const word of ["on", "OFF", " Off ", "true", "FALSE"]) assert.equal(isSwitchWord(word), true, word);
    for (const value of ["1", "0", " 1", "", "only", "off-peak", true, 1, null, undefined])
      assert.equal(isSwitchWord(value), false, String(value));
  });
});

describe("writeBoolean", () => {
  const table: [string, string, string][] = [
    ["off", "on", "off"],
    ["OFF", "ON", "OFF"],
    ["On", "On", "Off"],
    [" Off ", "On", "Off"],
    ["true", "true", "false"],
    ["TRUE", "TRUE", "FALSE"],
    ["0", "1", "0"],
  ];
  for (const [like, on, off] of table) {
    it(`says ${on} and ${off} beside ${JSON.stringify(like)}`, () => {
      assert.deepEqual([writeBoolean(true, like), writeBoolean(false, like)], [on, off]);
    });
  }

  it("has no word beside another one", () => {
    for (const like of ["", "warm", "2"]) assert.equal(writeBoolean(true, like), undefined);
  });
});
