import assert from "node:assert/strict";
import { inspect } from "node:util";
import { ENUM } from "../../../src/datapoints/conversions/enumeration";
import { dataPointOf } from "../../support/datapoints";
import type { DpValue } from "../../../src/protocol/dps";

const SPEED = dataPointOf({ type: "Enum", values: ["low", "high"] });
const ANY = dataPointOf({ type: "Enum" });

describe("ENUM", () => {
  // A choice that the device reports as true and false is a switch, whatever its table says.
  const accepted: [typeof SPEED, unknown, DpValue | undefined, DpValue][] = [
    [SPEED, "low", undefined, "low"],
    [SPEED, " HIGH ", "low", "high"],
    [SPEED, "on", true, true],
    [SPEED, false, true, false],
    [ANY, "off", true, false],
    [ANY, 2, "1", "2"],
    [ANY, "2", 1, 2],
  ];
  for (const [dataPoint, value, known, sent] of accepted) {
    it(`sends ${inspect(value)} as ${inspect(sent)} to a device that reports ${inspect(known)}`, () => {
      assert.deepEqual(ENUM.encode(value, dataPoint, known), { value: sent });
    });
  }

  const refused: [typeof SPEED, unknown, DpValue | undefined, string][] = [
    [SPEED, "mid", "low", 'one of "low", "high"'],
    [SPEED, true, "low", 'one of "low", "high"'],
    [SPEED, "high", true, "a boolean (that is what it reports)"],
    [ANY, true, "low", "a text"],
    [ANY, "warm", 1, "a number (that is what it reports)"],
  ];
  for (const [dataPoint, value, known, expects] of refused) {
    it(`refuses ${inspect(value)} for a device that reports ${inspect(known)}`, () => {
      assert.deepEqual(ENUM.encode(value, dataPoint, known), { expects });
    });
  }
});
