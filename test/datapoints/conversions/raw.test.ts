import assert from "node:assert/strict";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { RAW } from "../../../src/datapoints/conversions/raw";
import { dataPointOf } from "../../support/datapoints";
import type { DpValue } from "../../../src/protocol/dps";

const POINT = dataPointOf({ type: "Raw" });

describe("RAW: reported values", () => {
  const table: [DpValue, unknown][] = [
    ["AQID", Buffer.from([1, 2, 3])],
    ["/w==", Buffer.from([255])],
    ["", Buffer.alloc(0)],
    ["AAAAAAAAAAA=", Buffer.alloc(8)],
    ["AAAAAAAA", Buffer.alloc(6)],
    ["AAAAAAA0", Buffer.from([0, 0, 0, 0, 0, 0x34])],
    ["ffffffff", Buffer.alloc(4, 255)],
    ["0102", Buffer.from([0xd3, 0x5d, 0x36])],
    ["010203", Buffer.from([1, 2, 3])],
    ["08fd0011262a03f2", Buffer.from("08fd0011262a03f2", "hex")],
    ["08FD0011262A03F2", Buffer.from("08fd0011262a03f2", "hex")],
    ["0000000000000000", Buffer.alloc(8)],
    // Base64 that could be hex: capitals without a digit, or with a row of As; or hex in a part of it only.
    ...["FFFFFFFF", "01AAAB2C", "AAAA0000", "zzzz7f060001", "7f060001zzzz"].map((text): [string, Buffer] => [
      text,
      Buffer.from(text, "base64"),
    ]),
    // Neither base64 nor hex that could be written the same way again.
    ["AQI", "AQI"],
    ["AR==", "AR=="],
    ["AQ-_", "AQ-_"],
    ["AQ ID", "AQ ID"],
    ["0aF", "0aF"],
    ["0aFb01", "0aFb01"],
    ["0af", "0af"],
    ["0AF", "0AF"],
    ["0AFF!", "0AFF!"],
    ["hello, world", "hello, world"],
    [5, 5],
    [null, null],
  ];
  for (const [raw, value] of table) {
    it(`shows ${inspect(raw)} as ${inspect(value)}`, () => assert.deepEqual(RAW.decode(raw, POINT), value));
  }
});

describe("RAW: values to send", () => {
  const HEX = "08fd0011262a03f2";
  const accepted: [unknown, DpValue | undefined, string][] = [
    [Buffer.from([1, 2, 3]), undefined, "AQID"],
    [new Uint8Array([255]), "AQID", "/w=="],
    [new Uint8Array([9, 255, 9]).subarray(1, 2), "AQID", "/w=="],
    // As a Function node makes it.
    [runInNewContext("new Uint8Array([9, 255, 9]).subarray(1, 2)"), "AQID", "/w=="],
    [[1, 2, 3], undefined, "AQID"],
    [[], undefined, ""],
    [JSON.parse(JSON.stringify(Buffer.from([1, 2, 3]))), undefined, "AQID"],
    ["AQID", undefined, "AQID"],
    ["", undefined, ""],
    ["010203", undefined, "AQID"],
    // Plainly hex: bytes, in the form the device uses or else the type's own. The first is a feeder's plan of meals.
    ["7f060001017f12000201", undefined, "fwYAAQF/EgACAQ=="],
    ["7f060001017f12000201", "fwYAAQF/EgACAA==", "fwYAAQF/EgACAQ=="],
    ["7F060001017F12000201", "fwYAAQF/EgACAA==", "fwYAAQF/EgACAQ=="],
    ["7f060001017f12000201", "7f060001017f12000200", "7f060001017f12000201"],
    ["7f060001017f12000201", "7F060001017F12000200", "7F060001017F12000201"],
    ["7f 06 00 01", undefined, "fwYAAQ=="],
    ["0x7F:06:00:01", undefined, "fwYAAQ=="],
    ["7F-06-0a-01", undefined, "fwYKAQ=="],
    [" fwYAAQ== ", undefined, "fwYAAQ=="],
    ["ffffffff", undefined, "/////w=="],
    // Base64 as well, by their length; but nobody writes that so.
    ["0x7f0601", undefined, "fwYB"],
    ["0X7F060001AA", undefined, "fwYAAao="],
    ["7F06ff01aa00BB11", undefined, "fwb/AaoAuxE="],
    // Base64 as far as anybody can tell.
    ["AAAAAAAA", undefined, "AAAAAAAA"],
    ["AAAAAAA0", undefined, "AAAAAAA0"],
    ["AAABAAAC", undefined, "AAABAAAC"],
    ["7F06AAA1aa00BB11", undefined, "7F06AAA1aa00BB11"],
    ["aBcDeFaBcDeFaBcD", undefined, "aBcDeFaBcDeFaBcD"],
    ["0102", undefined, "0102"],
    // Answers to queries put false in place of bytes.
    [Buffer.from([1, 2, 3]), false, "AQID"],
    [Buffer.from([1, 2, 3]), "hello, world", "AQID"],
    [HEX, undefined, "CP0AESYqA/I="],
    [Buffer.from([1, 171]), HEX, "01ab"],
    [Buffer.from([1, 171]), HEX.toUpperCase(), "01AB"],
    ["01ab", HEX, "01ab"],
    ["AQID/w==", HEX, "010203ff"],
  ];
  for (const [value, known, sent] of accepted) {
    it(`sends ${inspect(value)} as ${sent} to a device that reports ${inspect(known)}`, () => {
      assert.deepEqual(RAW.encode(value, POINT, known), { value: sent });
    });
  }

  for (const value of [
    "AQI",
    "hello!",
    "see 7f 06",
    "7f 06, see",
    "7f 0",
    5,
    true,
    {},
    [256],
    [-1],
    [1.5],
    ["a"],
    { type: "Buffer" },
  ]) {
    it(`refuses ${inspect(value)}`, () => {
      assert.deepEqual(RAW.encode(value, POINT, undefined), {
        expects: "a Buffer, or a text of base64 or hex digits",
      });
    });
  }
});
