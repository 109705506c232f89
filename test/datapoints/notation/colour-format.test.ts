import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { colourOfRgb, readColour, showColour } from "../../../src/datapoints/notation/colour";
import {
  type ColourFormat,
  decodeColour,
  encodeColour,
  isColour,
  usualFormat,
} from "../../../src/datapoints/notation/colour-format";
import { type DataPoint, parseDataPoints } from "../../../src/datapoints/datapoint";

const RGB_HSV: ColourFormat = { kind: "rgb-hsv" };
const HSV: ColourFormat = { kind: "hsv" };

/** Type A and type B digits, computed with Python's colorsys and cut off as tinytuya does. The first is in protocol.md. */
const VECTORS: readonly [string, string, string][] = [
  ["#ff7f3f", "ff7f3f0014c0ff", "001402f003e8"],
  ["#ff8800", "ff88000020ffff", "002003e803e8"],
  ["#ff0000", "ff00000000ffff", "000003e803e8"],
  ["#00ff00", "00ff000078ffff", "007803e803e8"],
  ["#0000ff", "0000ff00f0ffff", "00f003e803e8"],
  ["#ffffff", "ffffff000000ff", "0000000003e8"],
  ["#000000", "00000000000000", "000000000000"],
  ["#010203", "01020300d2aa03", "00d2029a000b"],
  ["#fe01ff", "fe01ff012bfeff", "012b03e403e8"],
  ["#11c863", "11c8630092e9c8", "009203930310"],
  ["#80807f", "80807f003c0180", "003c000701f5"],
  ["#5a1e3c", "5a1e3c014aaa5a", "014a029a0160"],
  ["#fa0578", "fa0578014bf9fa", "014b03d403d4"],
  ["#214263", "21426300d2a963", "00d2029a0184"],
  ["#0afaf0", "0afaf000b1f4fa", "00b103c003d4"],
  ["#c71585", "c715850142e4c7", "0142037e030c"],
  ["#7b2d43", "7b2d430157a17b", "0157027a01e2"],
  ["#40e0d0", "40e0d000aeb6e0", "00ae02ca036e"],
];

function point(entry: object): DataPoint {
  const [dataPoint] = parseDataPoints([{ dp: "24", code: "colour_data", ...entry }]).dataPoints;
  assert.ok(dataPoint);
  return dataPoint;
}

function encode(value: unknown, format: ColourFormat) {
  const colour = readColour(value);
  assert.ok(colour);
  return encodeColour(colour, format);
}

describe("encodeColour", () => {
  for (const [hex, typeA, typeB] of VECTORS) {
    it(`writes ${hex} with the digits of tinytuya`, () => {
      assert.equal(encode(hex, RGB_HSV), typeA);
      assert.equal(encode(hex, HSV), typeB);
    });
  }

  it("gives the digits of tinytuya for each of 140,608 colours", () => {
    const hash = createHash("md5");
    for (let r = 0; r < 256; r += 5) {
      for (let g = 0; g < 256; g += 5) {
        for (let b = 0; b < 256; b += 5) {
          const colour = colourOfRgb([r, g, b]);
          hash.update(`${encodeColour(colour, RGB_HSV) as string}${encodeColour(colour, HSV) as string}`);
        }
      }
    }
    // Computed with Python: colorsys.rgb_to_hsv(r / 255.0, …), int(h * 360), int(s * 255), int(s * 1000) and so on.
    assert.equal(hash.digest("hex"), "63b70170240ab9413d255174aa0b787f");
  });

  const given: [object, string, string][] = [
    [{ h: 20, s: 75.2, v: 100 }, "ff7f3f0014bfff", "001402f003e8"],
    [{ h: 120, s: 50, v: 100 }, "7fff7f00787fff", "007801f403e8"],
    [{ h: 359.9, s: 57.4, v: 0.1 }, "00000001679200", "0167023e0001"],
    [{ h: 360, s: 100, v: 100 }, "ff00000168ffff", "016803e803e8"],
  ];
  for (const [hsv, typeA, typeB] of given) {
    it(`cuts off ${JSON.stringify(hsv)}, and loses no step to binary fractions`, () => {
      assert.equal(encode(hsv, RGB_HSV), typeA);
      assert.equal(encode(hsv, HSV), typeB);
    });
  }

  it("writes JSON in either range, as a text or as an object", () => {
    const json = (steps: number, isText: boolean): ColourFormat => ({ kind: "json", steps, isText });
    assert.equal(encode("#ff7f3f", json(1000, true)), '{"h":20,"s":752,"v":1000}');
    assert.equal(encode("#ff7f3f", json(255, true)), '{"h":20,"s":192,"v":255}');
    assert.deepEqual(encode("#ff7f3f", json(255, false)), { h: 20, s: 192, v: 255 });
  });
});

describe("decodeColour", () => {
  const table: [unknown, object, object, object?][] = [
    ["ff7f3f0014c0ff", RGB_HSV, { h: 20, s: 75.3, v: 100, hex: "#ff7f3f" }],
    ["FF7F3F0014C0FF", RGB_HSV, { h: 20, s: 75.3, v: 100, hex: "#ff7f3f" }],
    ["001402f003e8", HSV, { h: 20, s: 75.2, v: 100, hex: "#ff7f3f" }],
    ["00dc004600ff", HSV, { h: 220, s: 7, v: 25.5, hex: "#3c3e41" }],
    [
      '{"h":20,"s":752,"v":1000}',
      { kind: "json", steps: 1000, isText: true },
      { h: 20, s: 75.2, v: 100, hex: "#ff7f3f" },
    ],
    [
      { h: 20, s: 752, v: 1000 },
      { kind: "json", steps: 1000, isText: false },
      { h: 20, s: 75.2, v: 100, hex: "#ff7f3f" },
    ],
    [
      '{"h":0,"s":255,"v":255}',
      { kind: "json", steps: 255, isText: true },
      { h: 0, s: 100, v: 100, hex: "#ff0000" },
      { dp: "5" },
    ],
    [
      '{"h":0,"s":255,"v":255}',
      { kind: "json", steps: 1000, isText: true },
      { h: 0, s: 25.5, v: 25.5, hex: "#413030" },
    ],
    [
      '{"h":0,"s":255,"v":255}',
      { kind: "json", steps: 255, isText: true },
      { h: 0, s: 100, v: 100, hex: "#ff0000" },
      { max: 255 },
    ],
    // One of the two that is above 255 tells the range of both.
    [
      '{"h":0,"s":200,"v":1000}',
      { kind: "json", steps: 1000, isText: true },
      { h: 0, s: 20, v: 100, hex: "#ffcccc" },
      { dp: "5" },
    ],
    [
      '{"h":0,"s":1000,"v":200}',
      { kind: "json", steps: 1000, isText: true },
      { h: 0, s: 100, v: 20, hex: "#330000" },
      { dp: "5" },
    ],
    [
      '{"h":0,"s":200,"v":200}',
      { kind: "json", steps: 1000, isText: true },
      { h: 0, s: 20, v: 20, hex: "#332929" },
      { dp: "5", max: 1000 },
    ],
    [
      '{"h":0,"s":100,"v":100}',
      { kind: "json", steps: 1000, isText: true },
      { h: 0, s: 10, v: 10, hex: "#1a1717" },
      { dp: "61", code: "colour_data_v2" },
    ],
  ];
  for (const [raw, format, colour, entry = {}] of table) {
    it(`reads ${JSON.stringify(raw)} of ${JSON.stringify(entry)}`, () => {
      const decoded = decodeColour(raw as string, point(entry));
      assert.ok(decoded);
      assert.deepEqual(showColour(decoded.colour), colour);
      assert.deepEqual(decoded.format, format);
    });
  }

  it("reads JSON of a data point nobody named, which counts to 1000", () => {
    const decoded = decodeColour({ h: 20, s: 100, v: 100 }, undefined);
    assert.deepEqual(decoded?.format, { kind: "json", steps: 1000, isText: false });
  });

  const none = [
    undefined,
    null,
    true,
    5,
    "",
    "red",
    "#ff8800",
    "001402f003e",
    "0169000003e8",
    "001403e903e8",
    "001402f003e9",
    "xx001402f003e8",
    "zz00000000000000",
    "00000000000000zz",
    "001402f003e8xx",
    123_456_789_012,
    { h: -1, s: 0, v: 0 },
    "ff7f3f0169c0ff",
    "001402f003eg",
    '{"h":20,"s":752}',
    '{"h":20,"s":1001,"v":1000}',
    '{"h":361,"s":0,"v":0}',
    '{"h":"20","s":0,"v":0}',
    '{"h":20',
    "{}",
    [],
    { h: 20.5, s: 0, v: 0 },
  ];
  for (const raw of none) {
    it(`takes ${JSON.stringify(raw)} for no colour`, () =>
      assert.equal(decodeColour(raw, point({})), undefined));
  }
});

describe("usualFormat", () => {
  const table: [object, string][] = [
    [{ dp: "24", code: "colour_data" }, "hsv"],
    [{ dp: "24", code: "colour_data_v2" }, "hsv"],
    [{ dp: "5", code: "colour_data" }, "rgb-hsv"],
    [{ dp: "5", code: "colour" }, "rgb-hsv"],
    [{ dp: "5", code: "colour_data_v2" }, "hsv"],
    [{ dp: "5", code: "colour_data", max: 1000 }, "hsv"],
    [{ dp: "108", code: "colour_data", max: 255 }, "rgb-hsv"],
    [{ dp: "108", code: "colour" }, "hsv"],
  ];
  for (const [entry, kind] of table) {
    it(`of ${JSON.stringify(entry)} is ${kind}`, () => assert.equal(usualFormat(point(entry)).kind, kind));
  }
});

describe("isColour", () => {
  it("goes by the code, and by a type that can hold one", () => {
    for (const code of [
      "colour",
      "color",
      "colour_data",
      "color_data",
      "colour_data_v2",
      "colour_data_hsv",
      "colour_1",
    ]) {
      assert.equal(isColour(point({ code })), true, code);
    }
    for (const code of [
      "",
      "colour_mode",
      "colour_switch",
      "colours",
      "my_colour",
      "paint_colour_data",
      "scene_data",
    ]) {
      assert.equal(isColour(point({ code })), false, code);
    }
    for (const type of ["Json", "String", "Raw", undefined])
      assert.equal(isColour(point({ type })), true, type);
    for (const type of ["Enum", "Integer", "Boolean", "Bitmap"])
      assert.equal(isColour(point({ type })), false, type);
  });
});
