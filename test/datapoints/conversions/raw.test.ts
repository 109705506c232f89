import assert from "node:assert/strict";
import { inspect } from "node:util";
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
    ["0102", Buffer.from([0xd3, 0x5d, 0x36])],
    ["010203", Buffer.from([1, 2, 3])],
    ["08fd0011262a03f2", Buffer.from("08fd0011262a03f2", "hex")],
    ["08FD0011262A03F2", Buffer.from("08fd0011262a03f2", "hex")],
    ["0000000000000000", Buffer.alloc(8)],
    // Neither base64 nor hex that could be written the same way again.
    ["AQI", "AQI"],
    ["AR==", "AR=="],
    ["AQ-_", "AQ-_"],
    ["AQ ID", "AQ ID"],
    ["0aF", "0aF"],
    ["0aFb01", "0aFb01"],
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
    [[1, 2, 3], undefined, "AQID"],
    [[], undefined, ""],
    [JSON.parse(JSON.stringify(Buffer.from([1, 2, 3]))), undefined, "AQID"],
    ["AQID", undefined, "AQID"],
    ["", undefined, ""],
    ["010203", undefined, "AQID"],
    [HEX, undefined, HEX],
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

  for (const value of ["AQI", "hello!", 5, true, {}, [256], [-1], [1.5], ["a"], { type: "Buffer" }]) {
    it(`refuses ${inspect(value)}`, () => {
      assert.deepEqual(RAW.encode(value, POINT, undefined), { expects: "a Buffer or a base64 text" });
    });
  }
});
