import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { DpValue } from "../../../src/protocol/dps";
import { mapOf, refused } from "../../support/datapoints";

/** Tables of people and clouds, about devices that do otherwise. */
const MAP = mapOf(
  { dp: "1", code: "switch", type: "Boolean" },
  { dp: "2", code: "speed", type: "Enum", values: ["1", "2", "3", "4", "5", "6"] },
  { dp: "3", code: "mode", type: "Enum", values: ["auto", "Boost"] },
  { dp: "4", code: "temp_set", type: "Integer", scale: 1, min: 50, max: 350, unit: "°C" },
  { dp: "5", code: "note", type: "String" },
  { dp: "6", code: "fault", type: "Bitmap", values: ["low", "high"] },
  { dp: "7", code: "half", type: "Integer", divisor: 2, min: 10, max: 60 },
  { dp: "8", code: "control", type: "Enum", values: ["1", "2", "0"] },
  { dp: "9", code: "data", type: "Json" },
  { dp: "10", code: "plan", type: "Raw" },
  { dp: "11", code: "invert", type: "Integer", invert: true },
);

describe("the JSON type the device uses", () => {
  const read: [string, DpValue, unknown][] = [
    ["switch", "on", true],
    ["switch", "False", false],
    ["switch", 1, true],
    ["switch", "opening", "opening"],
    ["speed", 2, 2],
    ["temp_set", "215", 21.5],
    ["temp_set", " 215 ", 21.5],
    ["temp_set", "", ""],
    ["temp_set", "21,5", "21,5"],
    ["temp_set", "123456789012345678901", "123456789012345678901"],
    ["temp_set", "1e999", "1e999"],
    ["half", "43", 21.5],
    ["invert", "30", 70],
    ["note", 5, 5],
    ["fault", "2", ["high"]],
  ];
  for (const [code, raw, shown] of read) {
    it(`shows ${inspect(raw)} of ${code} as ${inspect(shown)}`, () => {
      assert.deepEqual(MAP.decode(MAP.require(code), raw), shown);
    });
  }

  const written: [string, unknown, DpValue, DpValue][] = [
    ["switch", true, "off", "on"],
    ["switch", false, "ON", "OFF"],
    ["switch", "on", "False", "True"],
    ["switch", true, "0", "1"],
    ["switch", true, 0, 1],
    ["speed", 4, 2, 4],
    ["speed", "4", 2, 4],
    ["speed", "4", "2", "4"],
    ["speed", 4, "2", "4"],
    ["mode", "boost", "auto", "Boost"],
    ["mode", true, false, true],
    ["temp_set", 22, "215", "220"],
    ["temp_set", 22.25, "215.50", "222.50"],
    ["temp_set", 22.25, 215.5, 222.5],
    ["temp_set", 22, 215, 220],
    ["half", 22, "43", "44"],
    ["invert", 70, "0", "30"],
    ["note", "6", 5, 6],
    ["note", 6, "5", "6"],
    ["note", true, false, true],
    ["fault", ["low", "high"], "0", "3"],
    ["control", "close", 1, 2],
    ["control", "close", "1", "2"],
    // What a table can be wrong about goes no further than plain values.
    ["data", { a: 1 }, "{}", '{"a":1}'],
    ["data", { a: 1 }, 5, '{"a":1}'],
    ["plan", Buffer.from([1, 2, 3]), false, "AQID"],
    // With nothing known the table's type.
    ["speed", 4, null, "4"],
    ["temp_set", 22, null, 220],
    ["switch", "on", null, true],
  ];
  for (const [code, value, known, sent] of written) {
    it(`writes ${inspect(value)} to ${code} as ${inspect(sent)} where it reported ${inspect(known)}`, () => {
      assert.deepEqual(MAP.encode(MAP.require(code), value, { known }), sent);
    });
  }

  const rejected: [string, unknown, DpValue, RegExp][] = [
    [
      "mode",
      "auto",
      2,
      /mode \(data point 3\) takes a number \(that is what it reports\), not the text "auto"/,
    ],
    ["mode", "auto", true, /takes a boolean \(that is what it reports\)/],
    ["switch", true, "opening", /takes a string \(that is what it reports\)/],
    ["note", "abc", 5, /takes a number \(that is what it reports\)/],
    ["temp_set", 36, "215", /takes a number from 5 to 35 °C, not 36/],
    ["half", 31, 43, /takes a number from 5 to 30, not 31/],
  ];
  for (const [code, value, known, sentence] of rejected) {
    it(`refuses ${inspect(value)} for ${code} where it reported ${inspect(known)}`, () => {
      assert.match(refused(() => MAP.encode(MAP.require(code), value, { known })).message, sentence);
    });
  }

  it("is kept under force, beyond limits too", () => {
    assert.equal(MAP.encode("4", 40, { known: "215", force: true }), "400");
    assert.equal(MAP.encode("4", 40, { known: 215, force: true }), 400);
    assert.equal(MAP.encode("3", "auto", { known: 2, force: true }), "auto");
  });
});
