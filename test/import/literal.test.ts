import assert from "node:assert/strict";
import { inspect } from "node:util";
import { lineAt, readLiteral } from "../../src/import/literal";
import { assertInProportion } from "../support/growth";
import { Random } from "../support/random";

function read(text: string): unknown {
  const result = readLiteral(text);
  assert.ok(result.ok, result.ok ? "" : `line ${result.line}: ${result.reason}`);
  return result.value;
}

describe("readLiteral", () => {
  const table: [string, unknown][] = [
    ["[]", []],
    ["{}", {}],
    [" [ 1 , 2 , ] ", [1, 2]],
    ["{a: 1, 'b': 2, \"c\": 3, 20: 4, $d_1: 5,}", { a: 1, b: 2, c: 3, "20": 4, $d_1: 5 }],
    ["[true, false, null, undefined]", [true, false, null, undefined]],
    ["[True, False, None]", [true, false, null]],
    [
      "[70113010600194123456, 02811057600194123456, 9007199254740991, 0]",
      ["70113010600194123456", "02811057600194123456", 2 ** 53 - 1, 0],
    ],
    ["[1, -1, +2, 1.5, .5, 1e3, 0x10, 5n]", [1, -1, 2, 1.5, 0.5, 1000, 16, 5]],
    ['[\'it\\\'s\', "a \\"b\\"", `c`]', ["it's", 'a "b"', "c"]],
    ["'\\n\\t\\\\\\/\\x41\\u0042\\u{1F4A1}\\q'", "\n\t\\/AB💡q"],
    ["'one ' +\n  'two ' + \"three\"", "one two three"],
    ["'a\\\nb'", "ab"],
    ["`a\nb`", "a\nb"],
    ["`${process.exit()}`", "${process.exit()}"],
    ["// list\n[ /* one */ 1 ] // end", [1]],
    ['\ufeff{ "a": "ü€💡" }', { a: "ü€💡" }],
    ["{a: undefined}", {}],
    ["{'__proto__': {x: 1}, a: 1}", { a: 1 }],
    ["{constructor: 1}", { constructor: 1 }],
    ["{a: {b: [{c: 'd'}]}}", { a: { b: [{ c: "d" }] } }],
    ["{ 'key': '7{O<&\"$M}N0z/\\'|q' }", { key: "7{O<&\"$M}N0z/'|q" }],
  ];
  for (const [text, value] of table) {
    it(`reads ${text.replace(/\s+/g, " ")}`, () => assert.deepEqual(read(text), value));
  }

  it("gives no object another prototype", () => {
    const value = read('{"__proto__": {"polluted": true}}') as object;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.equal("polluted" in value, false);
  });

  it("says where the text goes on behind the value", () => {
    const result = readLiteral("x [1] rest", 2);
    assert.ok(result.ok);
    assert.equal(result.end, 5);
  });

  const wrong: [string, number, RegExp][] = [
    ["", 1, /ends too early/],
    ["[\n1,\n2", 3, /ends before the "\]" that belongs to line 1/],
    ["{\n\na: 1", 3, /ends before the "\}" that belongs to line 1/],
    ["[1\n2]", 2, /a "," or "\]" is missing/],
    ["{a: 1\r\n b: 2}", 2, /a "," or "\}" is missing/],
    ["{a 1}", 1, /a ":" is missing/],
    ["{: 1}", 1, /a name is missing/],
    ["[,]", 1, /no value/],
    ["{a: }", 1, /no value/],
    ["[hello]", 1, /no value; texts need quotes/],
    ["[1x]", 1, /no value/],
    ["['a\nb']", 1, /has no closing '/],
    ['["a', 1, /has no closing "/],
    ["['\\u12']", 1, /written in a way that means nothing/],
    ["['\\u{110000}']", 1, /written in a way that means nothing/],
    ["['a' + 5]", 1, /missing behind a "\+"/],
    ["[1,\n... 3 more items]", 2, /left out when the list was printed/],
    ["[{ a: [Object] }]", 1, /left out when the list was printed/],
    ["[1, /* open", 1, /no value/],
    ["(function(){ return 1 })()", 1, /no value/],
    ["[".repeat(100), 1, /nested too deeply/],
    ["{a:".repeat(100), 1, /nested too deeply/],
  ];
  for (const [text, line, reason] of wrong) {
    it(`says what is wrong with ${inspect(text.slice(0, 30))}`, () => {
      const result = readLiteral(text);
      assert.ok(!result.ok);
      assert.match(result.reason, reason);
      assert.equal(result.line, line);
    });
  }

  it("quotes nothing of the text, for there are keys in it", () => {
    const key = "7{O<&\"$M}N0z/'|q";
    const text = JSON.stringify([{ id: "a", key }]);
    for (let end = 0; end < text.length; end++) {
      const result = readLiteral(text.slice(0, end));
      assert.ok(!result.ok);
      assert.ok(!result.reason.includes("O<&"), result.reason);
    }
  });

  it("agrees with JSON.parse about anything JSON", () => {
    const random = new Random(9);
    const value = (depth: number): unknown => {
      const kind = random.below(depth > 3 ? 4 : 6);
      if (kind === 0) return random.pick([true, false, null]);
      if (kind === 1) return random.between(-1e9, 1e9) / 10 ** random.below(5);
      if (kind < 4) return random.text(random.below(12));
      const items = Array.from({ length: random.below(5) }, () => value(depth + 1));
      return kind === 4 ? items : Object.fromEntries(items.map((item) => [random.text(5), item]));
    };
    for (let run = 0; run < 400; run++) {
      const text = JSON.stringify(value(0), null, random.below(3));
      assert.deepEqual(read(text), JSON.parse(text));
    }
  });

  it("reads what Node.js prints of objects", () => {
    const random = new Random(10);
    for (let run = 0; run < 200; run++) {
      const list = Array.from({ length: 5 }, () => ({
        name: random.text(100),
        id: random.text(8),
        "a-b": [1, null],
      }));
      const text = inspect(list, { depth: null, maxArrayLength: null, maxStringLength: null });
      assert.deepEqual(read(text), list, text);
    }
  });

  for (const part of ['{"a":"b"},', " ", "/*", '"', "'a'+", "\\"]) {
    it(`takes time in proportion to the text, of ${part} over and over`, async () => {
      const read = (characters: number): unknown => readLiteral(`[${part.repeat(characters / part.length)}`);
      await assertInProportion(read, 50_000);
    });
  }

  it("survives whatever is thrown at it", () => {
    const random = new Random(11);
    const base = JSON.stringify([
      { id: "bf01", name: "Lamp", key: "0123456789abcdef", mapping: { "1": { code: "x" } } },
    ]);
    for (let run = 0; run < 5000; run++) {
      const at = random.below(base.length);
      const cut = base.slice(0, at) + random.text(random.below(4)) + base.slice(at + random.below(4));
      const result = readLiteral(cut);
      assert.ok(result.ok || (result.line >= 1 && result.reason !== ""));
    }
  });
});

describe("lineAt", () => {
  it("counts every kind of line end once", () => {
    assert.equal(lineAt("a\nb\r\nc\rd", 0), 1);
    assert.equal(lineAt("a\nb\r\nc\rd", 2), 2);
    assert.equal(lineAt("a\nb\r\nc\rd", 5), 3);
    assert.equal(lineAt("a\nb\r\nc\rd", 7), 4);
  });
});
