import assert from "node:assert/strict";
import { INTEGER } from "../../../src/datapoints/conversions/integer";
import { dataPointOf } from "../../support/datapoints";

describe("INTEGER: a device that counts the other way round", () => {
  const percent = dataPointOf({ type: "Integer", invert: true });
  const level = dataPointOf({ type: "Integer", min: 10, max: 1000, invert: true });
  const scaled = dataPointOf({ type: "Integer", min: -100, max: 300, scale: 1, invert: true });

  it("counts from 0 to 100 where no range is known", () => {
    assert.equal(INTEGER.decode(0, percent), 100);
    assert.equal(INTEGER.decode(30, percent), 70);
    assert.deepEqual(INTEGER.encode(70, percent, undefined), { value: 30 });
    assert.deepEqual(INTEGER.encode(100, percent, undefined), { value: 0 });
  });

  it("keeps the range and the scale", () => {
    assert.equal(INTEGER.decode(10, level), 1000);
    assert.deepEqual(INTEGER.encode(10, level, undefined), { value: 1000 });
    assert.equal(INTEGER.decode(-100, scaled), 30);
    assert.deepEqual(INTEGER.encode(30, scaled, undefined), { value: -100 });
    assert.ok("expects" in INTEGER.encode(31, scaled, undefined));
    assert.ok("expects" in INTEGER.encode(9, level, undefined));
  });

  it("passes what is no number", () => {
    assert.equal(INTEGER.decode("open", percent), "open");
    assert.equal(INTEGER.decode(null, percent), null);
  });
});

describe("INTEGER: limits", () => {
  const table: [object, unknown, string][] = [
    [{}, "soon", "a number"],
    [{ min: 5 }, 4, "a number of at least 5"],
    [{ max: 100, unit: "%" }, 101, "a number of at most 100 %"],
    [{ min: -50, max: 350, scale: 1, unit: "°C" }, -5.1, "a number from -5 to 35 °C"],
  ];
  for (const [limits, value, expects] of table) {
    it(`are ${expects} for ${JSON.stringify(limits)}`, () => {
      const coerced = INTEGER.encode(value, dataPointOf({ type: "Integer", ...limits }), undefined);
      assert.ok("expects" in coerced);
      assert.equal(coerced.expects, expects);
    });
  }

  it("are the numbers that are exact, where there are no others", () => {
    const any = dataPointOf({ type: "Integer" });
    for (const value of [2 ** 53 - 1, 1 - 2 ** 53])
      assert.deepEqual(INTEGER.encode(value, any, undefined), { value });
    assert.ok("expects" in INTEGER.encode(2 ** 53, any, undefined));
  });
});
