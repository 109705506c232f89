import assert from "node:assert/strict";
import { Deadband } from "../../../nodes/tuya-in/deadband";
import { parseBand } from "../../../src/datapoints/band";

describe("parseBand", () => {
  const table: [string, ReturnType<typeof parseBand>][] = [
    ["0.5", { size: 0.5, isPercent: false }],
    [" 2 ", { size: 2, isPercent: false }],
    ["5%", { size: 5, isPercent: true }],
    ["2.5 % ", { size: 2.5, isPercent: true }],
    ["", undefined],
    ["0", undefined],
    ["0%", undefined],
    ["-1", undefined],
    ["1e3", undefined],
    ["5 W", undefined],
    ["%", undefined],
    ["${BAND}", undefined],
    ["9".repeat(400), undefined],
  ];
  for (const [text, expected] of table) {
    it(`reads ${JSON.stringify(text.slice(0, 10))}`, () => assert.deepEqual(parseBand(text), expected));
  }
});

describe("Deadband", () => {
  /** Those of a series of values that pass. */
  function passed(band: string, values: readonly unknown[]): unknown[] {
    const parsed = parseBand(band);
    assert.ok(parsed);
    const deadband = new Deadband(parsed);
    return values.filter((value) => {
      const passes = deadband.passes("k", value);
      if (passes) deadband.remember("k", value);
      return passes;
    });
  }

  it("passes the first value, and then changes of at least its size, up and down", () => {
    assert.deepEqual(passed("5", [100, 104.9, 95.1, 105, 101, 100, 94]), [100, 105, 100, 94]);
  });

  it("loses no slow drift", () => {
    assert.deepEqual(passed("5", [100, 102, 104, 106, 108, 110, 112]), [100, 106, 112]);
  });

  it("takes binary fractions for what they stand for", () => {
    assert.deepEqual(passed("0.2", [229.9, 230.1, 230.3, 230.2, 230.1]), [229.9, 230.1, 230.3, 230.1]);
    assert.deepEqual(passed("0.1", [0.2, 0.3, 0.4]), [0.2, 0.3, 0.4]);
  });

  it("measures percent by the last value passed on", () => {
    assert.deepEqual(passed("10%", [100, 109, 110, 120, 121, 109]), [100, 110, 121]);
    assert.deepEqual(passed("10%", [-20, -21, -22]), [-20, -22]);
  });

  it("passes every change from zero where it measures percent, and no repetition", () => {
    assert.deepEqual(passed("10%", [0, 0, 0.1, 0]), [0, 0.1, 0]);
  });

  it("passes what is no number, and the first number after it", () => {
    assert.deepEqual(passed("5", [100, "off", 101, true, null, { a: 1 }, 102, 103]), [
      100,
      "off",
      101,
      true,
      null,
      { a: 1 },
      102,
    ]);
  });

  it("keeps keys apart, and forgets all of them when reset", () => {
    const deadband = new Deadband({ size: 5, isPercent: false });
    deadband.remember("a", 100);
    assert.equal(deadband.passes("a", 101), false);
    assert.equal(deadband.passes("b", 101), true);
    deadband.reset();
    assert.equal(deadband.passes("a", 101), true);
  });

  it("is bounded, whatever is invented, and forgets the oldest", () => {
    const deadband = new Deadband({ size: 1, isPercent: false });
    const key = (i: number): string => `${"c".repeat(60)}${i}/1`;
    for (let i = 0; i < 50_000; i++) deadband.remember(key(i), 5);
    assert.equal(deadband.passes(key(49_999), 5), false);
    assert.equal(deadband.passes(key(0), 5), true);
    const kept = Array.from({ length: 50_000 }, (_, i) => deadband.passes(key(i), 5)).filter(
      (passes) => !passes,
    );
    assert.ok(kept.length > 1_500 && kept.length < 5_000, `${kept.length} kept`);
  });
});
