import assert from "node:assert/strict";
import { readChange, resolveChange } from "../../src/datapoints/friendly/change";
import { bytesOf } from "../../src/datapoints/notation/bytes";
import { readingOf } from "../../src/datapoints/reading";
import type { DpValue } from "../../src/protocol/dps";
import { dataPointOf, mapOf } from "../support/datapoints";

/*
 * Where one token decides: every row is the nearest one to the other side of a condition.
 */

describe("bytesOf", () => {
  const bytes = Buffer.from([0, 1, 255]);

  it("is the bytes of a Buffer, of one that went through JSON, and of a list", () => {
    for (const value of [bytes, new Uint8Array(bytes), JSON.parse(JSON.stringify(bytes)), [0, 1, 255]])
      assert.deepEqual(Buffer.from(bytesOf(value) ?? []), bytes);
    for (const value of [[], { type: "Buffer", data: [] }, Buffer.alloc(0)])
      assert.equal(bytesOf(value)?.length, 0);
  });

  it("is nothing of what is half a Buffer in JSON, or holds what is no byte", () => {
    for (const value of [
      { data: [1] },
      { type: "Buffer" },
      { type: "Buffer", data: "AQ==" },
      { type: "Buffer", data: { 0: 1 } },
      { type: "Uint8Array", data: [1] },
      { type: "Buffer", data: [256] },
      [-1],
      [256],
      [1.5],
      ["1"],
      [null],
      [1, undefined],
      "AQ==",
      1,
      null,
      undefined,
      {},
    ])
      assert.equal(bytesOf(value), undefined, JSON.stringify(value));
  });
});

describe("a change of nothing", () => {
  const map = mapOf(
    { dp: "1", type: "Integer", min: 0, max: 1000 },
    { dp: "2", type: "Integer", min: -200, max: 200 },
  );

  it("is one all the same, and ends at the present value", () => {
    assert.deepEqual(["+0", "-0", "+0.0"].map(readChange).map(Number), [0, -0, 0]);
    assert.equal(resolveChange(map, "1", "+0", 500), 500);
    assert.equal(resolveChange(map, "1", "-0", 500), 500);
    assert.equal(resolveChange(map, "2", "+0", -100), -100);
  });

  it("is none as a number, or without a sign: that is the value itself", () => {
    for (const value of [0, -0, "0"]) assert.equal(resolveChange(map, "1", value, 500), undefined);
  });

  it("ends at the limits, not one beyond and not one before", () => {
    assert.deepEqual(
      [["+500", 500] as const, ["+501", 500] as const, ["-500", 500] as const, ["-501", 500] as const].map(
        ([change, known]) => resolveChange(map, "1", change, known),
      ),
      [1000, 1000, 0, 0],
    );
  });
});

describe("readingOf a colour", () => {
  const lamp = dataPointOf({ code: "colour_data", dp: "24" });

  it("says which colour it is", () => {
    assert.equal(readingOf(lamp, "00f003e803e8").colour, "#0000ff");
    assert.equal(readingOf(lamp, "000003e803e8").colour, "#ff0000");
  });

  it("says none of what is no colour, and of other data points", () => {
    assert.ok(!("colour" in readingOf(lamp, "xyz")));
    assert.ok(!("colour" in readingOf(dataPointOf({ code: "mode", type: "Enum" }), "00f003e803e8")));
    assert.ok(!("colour" in readingOf(dataPointOf({ code: "any" }), { hex: "#0000ff" })));
  });
});

describe("DataPointMap.encode, forced", () => {
  const map = mapOf({ dp: "1", type: "Boolean" }, { dp: "2", code: "seen", type: "Integer", access: "ro" });

  it("sends whatever JSON has a form for", () => {
    const values: readonly DpValue[] = ["text", "", 5, -1.5, null, [], [1, "a"], {}, { a: { b: 1 } }];
    for (const value of values)
      assert.deepEqual(map.encode("1", value, { force: true }), value, JSON.stringify(value));
  });

  it("sends nothing JSON has no form for", () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    for (const value of [
      NaN,
      Infinity,
      -Infinity,
      Buffer.from([1]),
      new Uint16Array(1),
      new DataView(new ArrayBuffer(1)),
      circular,
      { toJSON: () => undefined },
      { big: 1n },
      1n,
      Symbol("x"),
      () => 1,
      undefined,
    ])
      assert.throws(() => map.encode("1", value, { force: true }), { code: "BAD_INPUT" }, typeof value);
  });

  it("is needed for null and for what is only reported, and for nothing else", () => {
    assert.throws(() => map.encode("1", null), { code: "BAD_INPUT", message: /msg\.force/ });
    assert.throws(() => map.encode("2", 5), { code: "BAD_INPUT", message: /msg\.force/ });
    assert.equal(map.encode("2", 5, { force: true }), 5);
    assert.equal(map.encode("1", true), true);
    assert.throws(() => map.encode("1", "perhaps"), { code: "BAD_INPUT" });
  });
});
