import assert from "node:assert/strict";
import { readRefusal } from "../../src/protocol/refusal";

describe("the texts devices refuse with", () => {
  // As they stand in the vendor's code, and as field reports quote them.
  for (const [text, refusal] of [
    ["parse data error", "unreadable"],
    ["data format error", "unreadable"],
    ["json obj data unvalid", "no-values"],
    ["query dp failed", "no-refresh"],
    ["devid not found", "unknown-child"],
    ["gw id invalid", "child-out-of-reach"],
    ["lan pro not register", "no-gateway"],
  ] as const) {
    it(`"${text}" is ${refusal}`, () => {
      assert.equal(readRefusal(text), refusal);
      assert.equal(readRefusal(` ${text.toUpperCase()}.`), refusal);
    });
  }

  it("other texts are not known as refusals", () => {
    for (const text of ["", "hello", "data", "parse error", '{"t":"1764500000"}']) {
      assert.equal(readRefusal(text), undefined, text);
    }
  });
});
