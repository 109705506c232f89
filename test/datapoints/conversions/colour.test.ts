import assert from "node:assert/strict";
import { COLOUR } from "../../../src/datapoints/conversions/colour";
import { dataPointOf } from "../../support/datapoints";

const LAMP = dataPointOf({ dp: "24", code: "colour_data_v2", type: "Json" });
/** h 20, s 752 of 1000, v 1000 in the two forms of hex digits: 752 of 1000 are 191 of 255, cut off. */
const HSV = "001402f003e8";
const RGB_HSV = "ff7f3f0014bfff";

describe("COLOUR: a text in a device's own form", () => {
  const table: [string, string | undefined, string][] = [
    [HSV, undefined, HSV],
    [RGB_HSV, undefined, RGB_HSV],
    [HSV.toUpperCase(), "000003e803e8", HSV.toUpperCase()],
    [HSV, "ff00000000ffff", RGB_HSV],
    // 191 of 255 are 749 of 1000.
    [RGB_HSV, "000003e803e8", "001402ed03e8"],
  ];
  for (const [value, known, sent] of table) {
    it(`is sent as ${sent} where ${value} meets ${known ?? "nothing known"}`, () => {
      assert.deepEqual(COLOUR.encode(value, LAMP, known), { value: sent });
    });
  }

  it("or of people, or it is refused", () => {
    for (const value of ["warm", "001402f003e", 5, {}, null])
      assert.deepEqual(COLOUR.encode(value, LAMP, undefined), {
        expects: 'a colour such as "#ff8800", "red", {r, g, b}, {h, s, v} or {h, s, l}',
      });
  });
});
