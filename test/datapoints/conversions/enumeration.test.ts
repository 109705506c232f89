import assert from "node:assert/strict";
import { inspect } from "node:util";
import { ENUM } from "../../../src/datapoints/conversions/enumeration";
import { dataPointOf } from "../../support/datapoints";
import type { DpValue } from "../../../src/protocol/dps";

const SPEED = dataPointOf({ type: "Enum", values: ["low", "high"] });
const ANY = dataPointOf({ type: "Enum" });
/** What a plug does when the power comes back. */
const RELAY = dataPointOf({ type: "Enum", values: ["off", "on", "memory"] });
const LOUD = dataPointOf({ type: "Enum", values: ["ON", "OFF", "true"] });

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
    [RELAY, true, "off", "on"],
    [RELAY, "FALSE", "on", "off"],
    [RELAY, "memory", "on", "memory"],
    [LOUD, false, "ON", "OFF"],
    [LOUD, "off", "ON", "OFF"],
    [LOUD, "true", "OFF", "true"],
    [ANY, true, "Off", "On"],
    // What the device reports is no member: the table decides.
    [RELAY, "ON", "true", "on"],
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
    // A member "1" is the second of a list as often as it is "on".
    [ANY, true, "1", "a text"],
    [RELAY, true, "memory", 'one of "off", "on", "memory"'],
    [RELAY, 1, "off", 'one of "off", "on", "memory"'],
    [SPEED, true, "on", 'one of "low", "high"'],
    [ANY, "warm", 1, "a number (that is what it reports)"],
  ];
  for (const [dataPoint, value, known, expects] of refused) {
    it(`refuses ${inspect(value)} for a device that reports ${inspect(known)}`, () => {
      assert.deepEqual(ENUM.encode(value, dataPoint, known), { expects });
    });
  }
});
