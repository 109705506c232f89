import assert from "node:assert/strict";
import { inspect } from "node:util";
import { writeJson } from "../../../src/datapoints/notation/json-text";

describe("writeJson", () => {
  const circular: unknown[] = [];
  circular.push(circular);
  const rows: readonly [unknown, string | undefined][] = [
    [null, "null"],
    ["a", '"a"'],
    [5, "5"],
    [false, "false"],
    [[1, null], "[1,null]"],
    [{ a: { b: 1 } }, '{"a":{"b":1}}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [undefined, undefined],
    [NaN, undefined],
    [5n, undefined],
    [{ a: 5n }, undefined],
    [() => 1, undefined],
    [circular, undefined],
    [new Map(), undefined],
    [new Error("x"), undefined],
    [Buffer.from("x"), undefined],
    [new Uint8Array(1), undefined],
  ];
  for (const [value, text] of rows) {
    it(`writes ${inspect(value)} as ${text ?? "nothing"}`, () => assert.equal(writeJson(value), text));
  }
});
