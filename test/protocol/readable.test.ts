import assert from "node:assert/strict";
import { beginsJson, isPlainText, isReadable } from "../../src/protocol/readable";
import { Random } from "../support/random";

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("isReadable and isPlainText", () => {
  const cases: readonly [string, boolean, boolean][] = [
    ["", true, true],
    ["\0\0", true, true],
    ["{}", true, true],
    ['{"dps":{"1":true}}', true, true],
    ['{"dps":{"1":true}}\0\0', true, true],
    ['{\r\n\t"1": 1 }', true, true],
    ['{"1":"\x7f\xfc\xc3"}', true, true],
    ['{"1":"\x01"}', true, false],
    ["json obj data unvalid", true, true],
    ["gw id invalid.", true, true],
    ["parse data error\0", true, true],
    ["~#[]@^", true, false],
    ["K\xc3\xbcche", true, false],
    ["K\xfcche", false, false],
    ["a\0b", false, false],
    ["\x7f", false, false],
    ["{\x90}", false, false],
    ["{x}", true, false],
    ['{"', true, false],
    ["\x01\x02", false, false],
  ];
  for (const [text, readable, plain] of cases) {
    it(`${JSON.stringify(text)}: ${readable}, ${plain}`, () => {
      assert.deepEqual([isReadable(bytes(text)), isPlainText(bytes(text))], [readable, plain]);
    });
  }

  it("take next to no random bytes for text", () => {
    const random = new Random(2);
    const counts = { readable: 0, plain: 0 };
    for (let i = 0; i < 100_000; i++) {
      const noise = random.bytes(16);
      if (isReadable(noise)) counts.readable++;
      if (isPlainText(noise)) counts.plain++;
    }
    assert.ok(counts.readable <= 10 && counts.plain === 0, JSON.stringify(counts));
  });
});

describe("beginsJson", () => {
  it("is true of a brace with a quote, a brace or white space behind it", () => {
    for (const text of ['{"', "{}", "{ ", "{\n", "{\t", "{\r"]) assert.ok(beginsJson(bytes(text)), text);
    for (const text of ["", "{", "{\0\0\0", "{x", "[]", " {}"]) assert.ok(!beginsJson(bytes(text)), text);
  });
});
