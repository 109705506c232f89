import assert from "node:assert/strict";
import { foreignText } from "../../src/protocol/foreign-text";

describe("foreignText", () => {
  const table: readonly [string, string, string][] = [
    ["leaves an ordinary refusal as it is", "data format error", "data format error"],
    ["keeps letters of all scripts", "Gerät sagt: 错误 🙂", "Gerät sagt: 错误 🙂"],
    ["keeps what joins letters and pictures", "👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم"],
    ["makes one line of several", "one\r\ntwo\u2028three\u2029four", "one··two·three·four"],
    ["keeps no terminal sequence", "\u001b[2J\u001b]0;title\u0007ok\u009b31m", "·[2J·]0;title·ok·31m"],
    ["keeps nothing that turns the direction", "abc\u202egnp.exe\u2066x\u2069", "abc·gnp.exe·x·"],
    ["keeps nothing invisible", "a\u0000b\u200bc\ufeffd\u00ade\u{e0041}f", "a·b·c·d·e·f"],
    ["keeps no half character", "a\ud800b\udc00c", "a·b·c"],
  ];
  for (const [name, text, expected] of table) it(name, () => assert.equal(foreignText(text), expected));

  it("cuts what is longer than 200 characters, and says so", () => {
    assert.equal(foreignText("x".repeat(200)), "x".repeat(200));
    assert.equal(foreignText("x".repeat(201)), `${"x".repeat(199)}…`);
    assert.equal(foreignText("x".repeat(16_000)), `${"x".repeat(199)}…`);
    assert.equal(foreignText("abcdef", 4), "abc…");
  });

  it("cuts between characters", () => {
    assert.equal(foreignText("🙂".repeat(300)), `${"🙂".repeat(199)}…`);
    assert.equal(foreignText("🙂".repeat(200)), "🙂".repeat(200));
  });
});
