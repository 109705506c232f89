import assert from "node:assert/strict";
import { inspect } from "node:util";
import { isDpName, memoryOf, possibleDps } from "../../src/protocol/limits";
import type { JsonObject } from "../../src/protocol/message";

describe("isDpName", () => {
  it("takes the numbers firmware has, as it writes them", () => {
    for (const name of ["1", "9", "20", "101", "255"]) assert.ok(isDpName(name), name);
    for (const name of [
      "0",
      "256",
      "1000",
      "-1",
      "+1",
      "01",
      "1.0",
      "1e2",
      "0x10",
      " 1",
      "1 ",
      "",
      "NaN",
      "Infinity",
      "switch_1",
      "__proto__",
      "constructor",
      "١",
    ])
      // prettier-ignore
      assert.ok(!isDpName(name), name);
  });
});

describe("possibleDps", () => {
  it("gives the very object back where all of it is possible", () => {
    const dps = { "1": true, "2": 5, "3": "text", "4": null, "5": { a: [1, "text", null, true] } };
    assert.equal(possibleDps(dps).dps, dps);
    assert.deepEqual(possibleDps(dps).numbers, ["1", "2", "3", "4", "5"]);
  });

  for (const name of [
    "0",
    "256",
    "00",
    "01",
    "1.5",
    "-1",
    "4294967294",
    "4294967295",
    "",
    "x",
    "__proto__",
  ]) {
    it(`leaves out "${name}", whatever stands beside it`, () => {
      for (const others of [[], ["1"], ["255"], ["1", "20", "255"], ["1", "y"]]) {
        const dps = JSON.parse(`{${[name, ...others].map((dp) => `"${dp}":7`).join()}}`) as JsonObject;
        const numbers = others.filter((dp) => dp !== "y");
        assert.deepEqual(possibleDps(dps), {
          dps: Object.fromEntries(numbers.map((dp) => [dp, 7])),
          numbers,
        });
      }
    });
  }

  it("leaves out what no device has", () => {
    const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);
    const dps = JSON.parse(
      '{"1":true,"0":1,"256":1,"__proto__":{"x":1},"2":1e999,"3":-1e999,"4":[1e999]}',
    ) as object;
    assert.deepEqual(possibleDps({ ...dps, "5": deep(8), "6": deep(9), "7": deep(90) }), {
      dps: { "1": true, "5": deep(8) },
      numbers: ["1", "5"],
    });
  });
});

describe("possibleDps, of possible numbers only", () => {
  for (const value of [Infinity, -Infinity, [Infinity], [1, Infinity], { a: { b: -Infinity } }]) {
    it(`leaves out a value that is without end: ${inspect(value)}`, () => {
      assert.deepEqual(possibleDps({ "1": true, "2": value, "3": 5 }), {
        dps: { "1": true, "3": 5 },
        numbers: ["1", "3"],
      });
    });
  }
});

describe("memoryOf", () => {
  it("is little for what is no object, and more for each character of a name", () => {
    for (const value of [null, undefined, 0, -1e300, true]) assert.ok(memoryOf(value) < 24, String(value));
    const named = (length: number) => memoryOf({ ["k".repeat(length)]: 1 });
    assert.equal(named(1_001) - named(1), 2 * 1_000);
    assert.ok(named(1) > memoryOf({}));
  });

  /** What 1,000 of them really take, measured where a garbage collector can be called. */
  const samples: readonly [string, () => unknown][] = [
    ["numbers", () => 7],
    ["texts", () => "x".repeat(1_000)],
    ["lists of lists", () => Array.from({ length: 100 }, () => [])],
    ["objects of objects", () => Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, {}]))],
  ];
  for (const [name, make] of samples) {
    it(`says rather too much than too little of ${name}`, function () {
      const { gc } = globalThis;
      if (!gc) {
        // Without the collector at least the order of size is right.
        assert.ok(memoryOf(make()) >= JSON.stringify(make()).length);
        return;
      }
      const text = JSON.stringify(make());
      gc();
      const before = process.memoryUsage().heapUsed;
      const kept = Array.from({ length: 1_000 }, () => JSON.parse(text) as unknown);
      gc();
      const taken = (process.memoryUsage().heapUsed - before) / kept.length;
      assert.ok(memoryOf(kept[0]) >= 0.8 * taken, `${memoryOf(kept[0])} instead of ${taken}`);
    });
  }
});
