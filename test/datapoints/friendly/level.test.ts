import assert from "node:assert/strict";
import {
  brightnessRange,
  kelvinToLevel,
  levelToKelvin,
  levelToPercent,
  percentToLevel,
  temperatureRange,
} from "../../../src/datapoints/friendly/level";
import { dataPointOf } from "../../support/datapoints";

const NEW = { min: 10, max: 1000 };
const OLD = { min: 25, max: 255 };
const SCALE = { min: 0, max: 1000 };

describe("percentToLevel", () => {
  // Lamps of type B take percent × 10, those of type A percent × 2.55, cut off; both refuse less than their minimum.
  const table: [number, typeof NEW, number][] = [
    [100, NEW, 1000],
    [40, NEW, 400],
    [57.3, NEW, 573],
    [57.39, NEW, 573],
    [1, NEW, 10],
    [0.5, NEW, 10],
    [0, NEW, 10],
    [100, OLD, 255],
    [50, OLD, 127],
    [18, OLD, 45],
    [1, OLD, 25],
    [0, OLD, 25],
    [30, SCALE, 300],
    [0, SCALE, 0],
    [33, { min: 0, max: 255 }, 84],
  ];
  for (const [percent, range, level] of table) {
    it(`makes ${level} of ${percent} % up to ${range.max}`, () =>
      assert.equal(percentToLevel(percent, range), level));
  }
});

describe("levelToPercent", () => {
  for (const range of [NEW, OLD, SCALE, { min: 0, max: 100 }, { min: 0, max: 254 }]) {
    it(`comes back as the same level, all the way to ${range.max}`, () => {
      for (let level = range.min; level <= range.max; level++) {
        assert.equal(percentToLevel(levelToPercent(level, range), range), level);
      }
    });
  }

  it("is percent as people write it", () => {
    assert.equal(levelToPercent(400, NEW), 40);
    assert.equal(levelToPercent(1000, NEW), 100);
    assert.equal(levelToPercent(255, OLD), 100);
  });
});

describe("kelvinToLevel", () => {
  const table: [number, number][] = [
    [2700, 0],
    [6500, 1000],
    [4600, 500],
    [2000, 0],
    [9000, 1000],
    [3460, 200],
  ];
  for (const [kelvin, level] of table) {
    it(`makes ${level} of ${kelvin} K`, () => assert.equal(kelvinToLevel(kelvin, SCALE), level));
  }

  it("knows lamps of other whites", () => {
    assert.equal(kelvinToLevel(3000, { min: 0, max: 255 }, { warm: 3000, cold: 6000 }), 0);
    assert.equal(kelvinToLevel(6000, { min: 0, max: 255 }, { warm: 3000, cold: 6000 }), 255);
  });

  for (const range of [SCALE, { min: 0, max: 255 }, { min: 25, max: 255 }]) {
    it(`comes back as the same level from ${range.min} to ${range.max}`, () => {
      for (let level = range.min; level <= range.max; level++) {
        assert.equal(kelvinToLevel(levelToKelvin(level, range), range), level);
      }
    });
  }
});

describe("brightnessRange", () => {
  const table: [object, number | undefined, object][] = [
    [{ dp: "22", code: "bright_value", min: 10, max: 1000 }, undefined, NEW],
    [{ dp: "22", code: "bright_value", min: 1, max: 99 }, 5, { min: 1, max: 99 }],
    [{ dp: "22", code: "bright_value", max: 255 }, undefined, OLD],
    [{ dp: "22", code: "bright_value" }, undefined, NEW],
    [{ dp: "22", code: "bright_value" }, 100, NEW],
    [{ dp: "3", code: "bright_value" }, undefined, OLD],
    [{ dp: "3", code: "bright_value" }, 200, OLD],
    [{ dp: "3", code: "bright_value" }, 256, NEW],
    [{ dp: "2", code: "bright_value_1" }, undefined, NEW],
    [{ dp: "3", code: "bright_value_v2" }, undefined, NEW],
    [{ dp: "3", code: "bright_v2_value" }, undefined, OLD],
    [{ dp: "3", code: "bright_1_value" }, undefined, OLD],
    [{ dp: "2" }, undefined, OLD],
    [{ dp: "108", code: "bright_value" }, undefined, NEW],
    [{ dp: "108", max: 100 }, undefined, { min: 0, max: 100 }],
    [{ dp: "22", max: 0 }, undefined, NEW],
    [{ dp: "22", min: -10, max: 0 }, undefined, { min: -10, max: 1000 }],
    [{ dp: "22", min: 1000 }, undefined, NEW],
    [{ dp: "3", min: 255 }, undefined, OLD],
  ];
  for (const [entry, known, range] of table) {
    it(`of ${JSON.stringify(entry)} at ${known} is ${JSON.stringify(range)}`, () => {
      assert.deepEqual(brightnessRange(dataPointOf(entry), known), range);
    });
  }
});

describe("temperatureRange", () => {
  const table: [object, number | undefined, object][] = [
    [{ dp: "23", code: "temp_value" }, undefined, SCALE],
    [{ dp: "23", min: 1000 }, undefined, SCALE],
    [{ dp: "23", max: 0 }, undefined, SCALE],
    [{ dp: "3", code: "temp_value" }, undefined, { min: 0, max: 255 }],
    [{ dp: "4", code: "temp_value" }, undefined, { min: 0, max: 255 }],
    [{ dp: "4", code: "temp_value" }, 700, SCALE],
    [{ dp: "4", code: "temp_value_v2" }, undefined, SCALE],
    [{ dp: "4", code: "temp_value", max: 100 }, undefined, { min: 0, max: 100 }],
  ];
  for (const [entry, known, range] of table) {
    it(`of ${JSON.stringify(entry)} at ${known} is ${JSON.stringify(range)}`, () => {
      assert.deepEqual(temperatureRange(dataPointOf(entry), known), range);
    });
  }
});
