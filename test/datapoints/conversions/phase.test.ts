import assert from "node:assert/strict";
import { inspect } from "node:util";
import { PHASE } from "../../../src/datapoints/conversions/phase";
import { dataPointOf } from "../../support/datapoints";
import type { DpValue } from "../../../src/protocol/dps";

const POINT = dataPointOf({ code: "phase_a", type: "Raw" });

/** Written by hand: 0x08fd = 2301 → 230.1 V, 0x001126 = 4390 mA, 0x0003f2 = 1010 W. */
const SHORT_HEX = "08fd0011260003f2";
const SHORT = Buffer.from(SHORT_HEX, "hex").toString("base64");
/** Eleven bytes of something else, 0x1126 = 4390 mA, 0x08fd = 230.1 V, one more byte. */
const LONG_HEX = "0102030405060708090a0b112608fd0f";
const LONG = Buffer.from(LONG_HEX, "hex").toString("base64");

describe("PHASE: reported values", () => {
  const table: [DpValue, unknown][] = [
    [SHORT, { voltage: 230.1, current: 4.39, power: 1010 }],
    [SHORT_HEX, { voltage: 230.1, current: 4.39, power: 1010 }],
    ["AAAAAAAAAAA=", { voltage: 0, current: 0, power: 0 }],
    ["////////////", Buffer.alloc(9, 255)],
    ["//////////8=", { voltage: 6553.5, current: 16777.215, power: 16777215 }],
    [LONG, { voltage: 230.1, current: 4.39 }],
    [Buffer.from(LONG_HEX.slice(0, 30), "hex").toString("base64"), { voltage: 230.1, current: 4.39 }],
    [Buffer.alloc(14).toString("base64"), Buffer.alloc(14)],
    ["", Buffer.alloc(0)],
    ["n/a", "n/a"],
    [2301, 2301],
    [null, null],
  ];
  for (const [raw, value] of table) {
    it(`shows ${inspect(raw)} as ${inspect(value)}`, () => assert.deepEqual(PHASE.decode(raw, POINT), value));
  }
});

describe("PHASE: values to send", () => {
  const phase = { voltage: 230.1, current: 4.39, power: 1010 };
  const accepted: [unknown, DpValue | undefined, string][] = [
    [phase, undefined, SHORT],
    [phase, "AAAAAAAAAAA=", SHORT],
    [phase, "0000000000000000", SHORT_HEX],
    [
      { voltage: 230.1, current: 4.39 },
      Buffer.alloc(15).toString("base64"),
      Buffer.from("0000000000000000000000112608fd", "hex").toString("base64"),
    ],
    [
      { voltage: 0.05, current: 0, power: 0 },
      undefined,
      Buffer.from("0001000000000000", "hex").toString("base64"),
    ],
    [Buffer.from(SHORT_HEX, "hex"), undefined, SHORT],
    [SHORT, undefined, SHORT],
  ];
  for (const [value, known, sent] of accepted) {
    it(`sends ${inspect(value)} as ${sent} to a device that reports ${inspect(known)}`, () => {
      assert.deepEqual(PHASE.encode(value, POINT, known), { value: sent });
    });
  }

  const rejected: unknown[] = [
    {},
    { voltage: 230.1, current: 4.39 },
    { ...phase, voltage: 6553.6 },
    { ...phase, current: -1 },
    { ...phase, power: NaN },
    { ...phase, voltage: "230" },
    230.1,
    "volts",
    null,
  ];
  for (const value of rejected) {
    it(`refuses ${inspect(value)}`, () => assert.ok("expects" in PHASE.encode(value, POINT, undefined)));
  }
});
