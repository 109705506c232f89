import assert from "node:assert/strict";
import { assertInProportion } from "../support/growth";
import { type Body, isJsonObject, parseBody } from "../../src/protocol/message";

const json = (value: { readonly [name: string]: unknown }): Body => ({ kind: "json", value });
const text = (value: string): Body => ({ kind: "text", text: value });

describe("parseBody", () => {
  const cases: readonly [string, string | Buffer, Body][] = [
    ["nothing", "", { kind: "empty" }],
    ["NULs only", "\0\0\0", { kind: "empty" }],
    ["an object", '{"dps":{"1":true}}', json({ dps: { "1": true } })],
    ["an empty object", "{}", json({})],
    ["an object with NULs behind it", '{"a":1}\0\0', json({ a: 1 })],
    ["an object with blanks in it", '{ "a" :\n\t1 }\r\n', json({ a: 1 })],
    ["a refusal", "json obj data unvalid", text("json obj data unvalid")],
    ["a refusal with a NUL behind it", "data format error\0", text("data format error")],
    ["a NUL inside text", "a\0b", text("a\0b")],
    ["a blank before an object, which no device writes", ' {"a":1}', text(' {"a":1}')],
    ["an array", "[1,2]", text("[1,2]")],
    ["a number", "17", text("17")],
    ["null", "null", text("null")],
    ["a string", '"{}"', text('"{}"')],
    ["half an object", '{"dps":{"1":', text('{"dps":{"1":')],
    ["an object and more", '{"a":1}{"b":2}', text('{"a":1}{"b":2}')],
    ["a byte order mark", "\ufeff{}", text("\ufeff{}")],
    ["the last of two equal names", '{"a":1,"a":2}', json({ a: 2 })],
    ["bytes that are no UTF-8", Buffer.from('{"1":"K\xfcche"}', "latin1"), json({ "1": "K\ufffdche" })],
    ["a character cut in two", Buffer.from('{"1":"\xc3"}', "latin1"), json({ "1": "\ufffd" })],
    ["only bytes that are no UTF-8", Buffer.from("fffe", "hex"), text("\ufffd\ufffd")],
    ["half a surrogate pair", '{"1":"\\ud83d"}', json({ "1": "\ud83d" })],
    ["a number without bounds", '{"1":1e999}', json({ "1": Infinity })],
  ];
  for (const [name, payload, expected] of cases) {
    it(`reads ${name}`, () => assert.deepEqual(parseBody(Buffer.from(payload as string)), expected));
  }

  const repaired: readonly [string, Body][] = [
    ['{"dps":{"1":true},"type":query,"t":1}', json({ dps: { "1": true }, type: "query", t: 1 })],
    ['{"type": query}', json({ type: "query" })],
    ['{"1":"\\"type\\":query","type":query}', json({ "1": '"type":query', type: "query" })],
    ['{"1":"\\"type\\":query"}', json({ "1": '"type":query' })],
    ['{"type":queryx}', text('{"type":queryx}')],
    ['{"1":"a\\q","2":"\\\\q\\n\\u00e9"}', json({ "1": "a\\q", "2": "\\q\n\u00e9" })],
    ['{"1":"\\u12","type":query}', json({ "1": "\\u12", type: "query" })],
    ['{"1":"a\\"}', text('{"1":"a\\"}')],
    // Control characters, which are blanks outside of texts.
    ['{"1":"a\nb\x01\x1f"}', json({ "1": "a\nb\x01\x1f" })],
    ['{\n"1":"\t","type":query}\r\n', json({ "1": "\t", type: "query" })],
    ['{"1":"a\\"\n","2":"\n"}', json({ "1": 'a"\n', "2": "\n" })],
    ['{"1":"\n', text('{"1":"\n')],
    ['{"type":query', text('{"type":query')],
    ['{"type":other}', text('{"type":other}')],
  ];
  for (const [body, expected] of repaired) {
    it(`reads ${body}`, () => assert.deepEqual(parseBody(Buffer.from(body)), expected));
  }

  it("is quick with what looks like the beginning of a text again and again", async () => {
    const body = (length: number) => Buffer.from(`{"a":"${'\\"'.repeat(length)}`);
    assert.equal(parseBody(body(10)).kind, "text");
    await assertInProportion((length) => parseBody(body(length)), 4_000);
  });

  it("takes a name like __proto__ for a name", () => {
    const body = parseBody(Buffer.from('{"__proto__":{"dps":{}},"a":1}'));
    assert.ok(body.kind === "json");
    assert.equal(body.value["dps"], undefined);
    assert.deepEqual(Object.keys(body.value), ["__proto__", "a"]);
    assert.equal(Object.getPrototypeOf(body.value), Object.prototype);
  });

  const nested = (depth: number, open: string, close: string) =>
    Buffer.from(`{"dps":{"1":${open.repeat(depth)}1${close.repeat(depth)}}}`);
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ] as const) {
    it(`reads ${open} nested 98 times, and takes deeper nesting for text`, () => {
      assert.equal(parseBody(nested(98, open, close)).kind, "json");
      assert.equal(parseBody(nested(99, open, close)).kind, "text");
      assert.equal(parseBody(nested(8000, open, close)).kind, "text");
    });
  }
});

describe("isJsonObject", () => {
  it("is true of objects only", () => {
    const values = [{}, { a: 1 }, [], null, undefined, "{}", 1, true];
    assert.deepEqual(values.map(isJsonObject), [true, true, false, false, false, false, false, false]);
  });
});

describe("parseBody: nesting", () => {
  /** So many levels of arrays within an object, with something beside them. */
  const nested = (levels: number, beside = ""): string =>
    `{${beside}"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  const kind = (body: string): string => parseBody(Buffer.from(body)).kind;

  it("is read down to a hundred levels, of arrays and of objects", () => {
    assert.deepEqual([kind(nested(100)), kind(nested(101))], ["json", "text"]);
    assert.deepEqual([kind(objects(100)), kind(objects(101))], ["json", "text"]);
  });

  it("is looked for in every value, not only in the first or the last one", () => {
    const deep = "[".repeat(100) + "]".repeat(100);
    assert.equal(kind(`{"a":1,"b":${deep}}`), "text");
    assert.equal(kind(`{"a":${deep},"b":1}`), "text");
  });

  it("is not seen in many brackets side by side, nor in those of a text", () => {
    assert.equal(kind(`{"a":[${"[],".repeat(300)}[]]}`), "json");
    assert.equal(kind(`{"a":[${"{},".repeat(300)}{}]}`), "json");
    assert.equal(kind(`{"a":"${"[".repeat(300)}${"{".repeat(300)}"}`), "json");
    assert.equal(kind(`{${'"a":{},'.repeat(60)}"b":[${"[],".repeat(60)}[]]}`), "json");
  });
});
