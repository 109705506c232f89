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
