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

/** Of the frame 0906 0005dc 000159. */
const FRAME_VALUES = { voltage: 231, current: 1.5, power: 345 };

function base64(digits: string): string {
  return Buffer.from(digits, "hex").toString("base64");
}

describe("PHASE: reported values", () => {
  const table: [DpValue, unknown][] = [
    [SHORT, { voltage: 230.1, current: 4.39, power: 1010 }],
    [SHORT_HEX, { voltage: 230.1, current: 4.39, power: 1010 }],
    // Tongou SMR1, as its owner posted it: 232.0 V, 942 mA, 202 W.
    ["CRAAA64AAMo=", { voltage: 232, current: 0.942, power: 202 }],
    ["AAAAAAAAAAA=", { voltage: 0, current: 0, power: 0 }],
    // Residual current in mA behind it, as a thing model of the platform describes its 10 bytes.
    ["CQYAEgwABFYAFQ==", { voltage: 231, current: 4.62, power: 1110, residual: 0.021 }],
    ["AAAAAAAAAAAAAA==", { voltage: 0, current: 0, power: 0, residual: 0 }],
    // Version 1, 15 bytes.
    [
      "AQ8JBgAF3AABWQAACgABWmQ=",
      { voltage: 231, current: 1.5, power: 345, reactive: 10, apparent: 346, factor: 1 },
    ],
    // Version 2 has a byte of signs. The first is a breaker of Home Assistant's fixtures (dlq_cnpkf4xdmd9v49iq).
    [
      "Ag8JJQAASAAACAAAAAAACGME",
      { voltage: 234.1, current: 0.072, power: 8, reactive: 0, apparent: 8, factor: 0.99 },
    ],
    [
      base64("020f" + "0906" + "0005dc" + "000159" + "00000a" + "00015a" + "62" + "0f"),
      { voltage: 231, current: -1.5, power: -345, reactive: -10, apparent: 346, factor: -0.98 },
    ],
    [
      base64("020f" + "0906" + "0005dc" + "000159" + "00000a" + "00015a" + "62" + "02"),
      { voltage: 231, current: 1.5, power: -345, reactive: 10, apparent: 346, factor: 0.98 },
    ],
    // Without its byte of signs, with another length, or of another version: what all have in common.
    [base64("020f" + "0906" + "0005dc" + "000159" + "00000a" + "00015a" + "64"), FRAME_VALUES],
    [base64("0108" + "0906" + "0005dc" + "000159"), FRAME_VALUES],
    [base64("0311" + "0906" + "0005dc" + "000159" + "aabbccddeeff001122"), FRAME_VALUES],
    [base64("040f" + "0906" + "0005dc" + "000159" + "00000a" + "00015a" + "64" + "0102"), FRAME_VALUES],
    // A frame with more behind it.
    [base64("0906" + "0005dc" + "000159" + "07"), FRAME_VALUES],
    [base64("0906" + "0005dc" + "000159" + "0908070605040302010000"), FRAME_VALUES],
    // A headed one that was cut off after the frame, which has the length of one with residual current.
    [base64("010f" + "0906" + "0005dc" + "000159"), FRAME_VALUES],
    [base64("020f" + "0906" + "0005dc" + "000159"), FRAME_VALUES],
    // A phase without mains.
    [base64("0005" + "000000" + "000000" + "0003"), { voltage: 0.5, current: 0, power: 0, residual: 0.003 }],
    // Ten bytes that are neither.
    [base64("ffffffffffffffffffff"), Buffer.alloc(10, 0xff)],
    // The same length as a head would tell.
    [base64("090a" + "0005dc" + "000159" + "00010203"), { ...FRAME_VALUES, voltage: 231.4 }],
    // Power that flows back, where it is more than voltage and current can make: 2^24 tenths too high, as
    // zigbee-herdsman-converters has seen it (1677525 is -197 W), with a bit for the sign, or as a complement.
    [base64("0906" + "00038d" + "1998d5"), { voltage: 231, current: 0.909, power: -197 }],
    [base64("0906" + "00014a" + "80004b"), { voltage: 231, current: 0.33, power: -75 }],
    [base64("0906" + "00014a" + "ffffb5"), { voltage: 231, current: 0.33, power: -75 }],
    [
      base64("0906" + "00014a" + "ffffb5" + "0015"),
      { voltage: 231, current: 0.33, power: -75, residual: 0.021 },
    ],
    // More than that, but no way to read it as less than nothing that is within it: 76 W, and some more.
    [base64("0906" + "00014a" + "ffff4c"), { voltage: 231, current: 0.33, power: 16_777_036 }],
    [base64("0906" + "00014a" + "010000"), { voltage: 231, current: 0.33, power: 65_536 }],
    // A DDS238-2, as its owner logged it.
    [
      Buffer.from([0, 0, 0, 148, 0, 0, 0, 165, 2, 62, 0, 4, 92, 9, 8]).toString("base64"),
      { voltage: 231.2, current: 1.116 },
    ],
    // Such a meter whose other data begins as a head would, but with version 0.
    [
      Buffer.from([0, 13, 0, 148, 0, 0, 0, 165, 2, 62, 0, 4, 92, 9, 8]).toString("base64"),
      { voltage: 231.2, current: 1.116 },
    ],
    // Signs, but behind another length than that of version 2.
    [base64("0210" + "0906" + "0005dc" + "000159" + "00000a00015a6200" + "0f"), FRAME_VALUES],
    // Other data of meters under other codes: never a wrong number.
    ["AAWkAATIAAY5", Buffer.from("0005a40004c8000639", "hex")],
    ["PwkAAEHw///p/P//AA==", Buffer.from("3f09000041f0ffffe9fcffff00", "hex")],
    // A head that tells the length, and no frame behind it, though bytes 13 and 14 could be mains.
    [
      base64("030e" + "00".repeat(9) + "1126" + "08fd" + "00"),
      Buffer.from("030e" + "00".repeat(9) + "112608fd00", "hex"),
    ],
    // Cut short.
    [base64("010f09060005dc00015900000a00015a"), Buffer.from("010f09060005dc00015900000a00015a", "hex")],
    ['{"voltage":"230.0"}', { voltage: "230.0" }],
    [{ voltage: 230 }, { voltage: 230 }],
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

/*
 * Of bytes in no form that is known a frame is taken only where they can be nothing else: mains are 80 to 500 V, a meter
 * of a house measures no more than 1000 A, and power is at most a quarter and 50 W above what the other two make.
 */
describe("PHASE: what can be a frame", () => {
  const frame = "0906" + "0005dc" + "000159";
  const table: [string, object | undefined][] = [
    ["0320" + "000000" + "000000" + "07", { voltage: 80, current: 0, power: 0 }],
    ["031f" + "000000" + "000000" + "07", undefined],
    ["1388" + "000000" + "000000" + "07", { voltage: 500, current: 0, power: 0 }],
    ["1389" + "000000" + "000000" + "07", undefined],
    ["08fc" + "0f4240" + "000000" + "07", { voltage: 230, current: 1000, power: 0 }],
    ["08fc" + "0f4241" + "000000" + "07", undefined],
    ["08fc" + "000000" + "000032" + "07", { voltage: 230, current: 0, power: 50 }],
    ["08fc" + "000000" + "000033" + "07", undefined],
    // Behind a head that tells its length, with at most four bytes behind that.
    ["0308" + frame + "00", FRAME_VALUES],
    ["0305" + frame + "00", undefined],
    ["0308" + frame + "00000000", FRAME_VALUES],
    ["0308" + frame + "0000000000", undefined],
  ];
  for (const [digits, value] of table) {
    it(`makes ${value ? inspect(value) : "none"} of ${digits}`, () => {
      assert.deepEqual(PHASE.decode(base64(digits), POINT), value ?? Buffer.from(digits, "hex"));
    });
  }
});

describe("PHASE: power that flows back, without a sign for it", () => {
  const table: [string, object][] = [
    // Less than half a watt, of which only the sign is left.
    ["08fc" + "000000" + "800000", { voltage: 230, current: 0, power: 0 }],
    // As much as can be, and more.
    ["08fc" + "000000" + "ffffce", { voltage: 230, current: 0, power: -50 }],
    ["08fc" + "000000" + "ffffcd", { voltage: 230, current: 0, power: 16_777_165 }],
    // With as much current as the largest clamps measure, and more.
    ["0906" + "0493e0" + "ffffb5", { voltage: 231, current: 300, power: -75 }],
    ["0906" + "0493e1" + "ffffb5", { voltage: 231, current: 300.001, power: 16_777_141 }],
  ];
  for (const [digits, value] of table) {
    it(`is ${inspect(value)} in ${digits}`, () =>
      assert.deepEqual(PHASE.decode(base64(digits), POINT), value));
  }
});

describe("PHASE: values to send", () => {
  const phase = { voltage: 230.1, current: 4.39, power: 1010 };
  const accepted: [unknown, DpValue | undefined, string][] = [
    [phase, undefined, SHORT],
    [phase, null, SHORT],
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
    // In the form the device uses; what is not said stays.
    [
      { voltage: 231, current: 4.62, power: 1110 },
      base64("000000000000000000ff"),
      base64("090600120c00045600ff"),
    ],
    [
      { voltage: 231, current: 1.5, power: -345, reactive: 10, apparent: 346, factor: 0.98 },
      base64("020f" + "00".repeat(15) + "0c"),
      base64("020f" + "0906" + "0005dc" + "000159" + "00000a" + "00015a" + "62" + "02"),
    ],
    [
      { voltage: 231, current: 1.5, power: 345 },
      "010f0000000000000000000003000004" + "05",
      "010f09060005dc000159000003000004" + "05",
    ],
    [
      { voltage: 231, current: 1.5, power: 345 },
      base64("0311" + "0906" + "000001" + "000002" + "aabbccddeeff001122"),
      base64("0311" + "0906" + "0005dc" + "000159" + "aabbccddeeff001122"),
    ],
    // Without a report in the smallest form that has room.
    [{ ...phase, residual: 0.021 }, undefined, base64(SHORT_HEX + "0015")],
    [
      { voltage: 231, current: 1.5, power: 345, reactive: 10, apparent: 346, factor: 1 },
      undefined,
      "AQ8JBgAF3AABWQAACgABWmQ=",
    ],
    [
      { voltage: 231, current: 1.5, power: -345, reactive: 10, apparent: 346, factor: 0.98 },
      undefined,
      base64("020f" + "0906" + "0005dc" + "000159" + "00000a" + "00015a" + "62" + "02"),
    ],
    [
      { voltage: 231, current: -1.5, power: -345, reactive: -10, apparent: 346, factor: -0.98 },
      base64("020f" + "00".repeat(16)),
      base64("020f" + "0906" + "0005dc" + "000159" + "00000a" + "00015a" + "62" + "0f"),
    ],
    // One of the three that need it is enough for the longer form.
    ...(
      [
        [{ reactive: 10 }, "00000a" + "000000" + "00"],
        [{ apparent: 346 }, "000000" + "00015a" + "00"],
        [{ factor: 0.98 }, "000000" + "000000" + "62"],
      ] as const
    ).map(([rest, digits]): [unknown, undefined, string] => [
      { voltage: 231, current: 1.5, power: 345, ...rest },
      undefined,
      base64("010f" + "0906" + "0005dc" + "000159" + digits),
    ]),
    // What is too little for a step has no sign.
    [{ voltage: 230.1, current: -0.0004, power: -0.4 }, undefined, base64("08fd" + "000000" + "000000")],
    [
      { voltage: 230.1, current: -0.0004, power: -0.4 },
      base64("020f" + "00".repeat(16)),
      base64("020f" + "08fd" + "00".repeat(14)),
    ],
    [{ voltage: "230.0" }, '{"voltage":"231.0"}', '{"voltage":"230.0"}'],
    [Buffer.from(SHORT_HEX, "hex"), undefined, SHORT],
    [SHORT, undefined, SHORT],
  ];
  for (const [value, known, sent] of accepted) {
    it(`sends ${inspect(value)} as ${sent} to a device that reports ${inspect(known)}`, () => {
      assert.deepEqual(PHASE.encode(value, POINT, known), { value: sent });
    });
  }

  it("sends an object to a device that reports one", () => {
    assert.deepEqual(PHASE.encode({ voltage: 231 }, POINT, { voltage: 230 }), { value: { voltage: 231 } });
  });

  const rejected: unknown[] = [
    {},
    { voltage: 230.1, current: 4.39 },
    { voltage: 230.1, power: 1010 },
    { current: 4.39, power: 1010 },
    { ...phase, voltage: 6553.6 },
    { ...phase, current: -1 },
    { ...phase, power: NaN },
    { ...phase, power: -1 },
    { ...phase, factor: 2.56 },
    { ...phase, residual: "0" },
    { ...phase, voltage: "230" },
    230.1,
    "volts",
    null,
  ];
  for (const value of rejected) {
    it(`refuses ${inspect(value)}`, () => {
      assert.deepEqual(PHASE.encode(value, POINT, undefined), {
        expects: "an object such as {voltage: 230.1, current: 4.39, power: 1010}, a Buffer or a base64 text",
      });
    });
  }
});
