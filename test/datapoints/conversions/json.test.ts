import assert from "node:assert/strict";
import { inspect } from "node:util";
import { JSON_TEXT } from "../../../src/datapoints/conversions/json";
import { parseObject } from "../../../src/datapoints/notation/json-text";
import { dataPointOf } from "../../support/datapoints";

const POINT = dataPointOf({ type: "Json" });

describe("JSON_TEXT", () => {
  it("shows objects and lists in a text, and leaves everything else alone", () => {
    assert.deepEqual(JSON_TEXT.decode('{"a":1}', POINT), { a: 1 });
    assert.deepEqual(JSON_TEXT.decode("[1]", POINT), [1]);
    for (const raw of ["12", "true", "null", '"x"', "{broken", "", 5, null, { a: 1 }]) {
      assert.deepEqual(JSON_TEXT.decode(raw, POINT), raw);
    }
  });

  it("finds objects and lists only", () => {
    assert.deepEqual(parseObject('{"a":1}'), { a: 1 });
    for (const text of ["null", "5", "{"]) assert.equal(parseObject(text), undefined, text);
  });

  it("writes a text for a device that reports a text, and an object for one that reports an object", () => {
    assert.deepEqual(JSON_TEXT.encode({ a: 1 }, POINT, undefined), { value: '{"a":1}' });
    assert.deepEqual(JSON_TEXT.encode({ a: 1 }, POINT, '{"a":0}'), { value: '{"a":1}' });
    assert.deepEqual(JSON_TEXT.encode({ a: 1 }, POINT, null), { value: '{"a":1}' });
    assert.deepEqual(JSON_TEXT.encode({ a: 1 }, POINT, { a: 0 }), { value: { a: 1 } });
    assert.deepEqual(JSON_TEXT.encode([1], POINT, [0]), { value: [1] });
    assert.deepEqual(JSON_TEXT.encode('{"a":1}', POINT, undefined), { value: '{"a":1}' });
  });

  it("writes what has a form in JSON of its own, and objects of classes", () => {
    class Plan {
      readonly a = 1;
    }
    assert.deepEqual(JSON_TEXT.encode(new Plan(), POINT, undefined), { value: '{"a":1}' });
    assert.deepEqual(JSON_TEXT.encode(new Date(0), POINT, undefined), {
      value: '"1970-01-01T00:00:00.000Z"',
    });
  });

  const SILENT = { toJSON: () => undefined };
  const circular: unknown[] = [];
  circular.push(circular);
  for (const value of [
    undefined,
    NaN,
    Buffer.from("x"),
    circular,
    { a: 10n },
    () => 1,
    Symbol("s"),
    SILENT,
    // Written as {}.
    new Map([["a", 1]]),
    new Error("x"),
    Promise.resolve({ a: 1 }),
  ]) {
    it(`refuses ${inspect(value)}`, () => {
      assert.deepEqual(JSON_TEXT.encode(value, POINT, undefined), { expects: "an object or a JSON text" });
    });
  }
});
