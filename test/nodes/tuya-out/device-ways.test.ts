import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import type { DpValue } from "../../../src/protocol/dps";
import { device, NodeRed } from "../../support/flow";
import { outFlow, type Sent } from "../../support/lamp-flow";
import { startDevice } from "../../support/virtual";

/** 7f 06 00 01 01 7f 12 00 02 01: two meals, in both forms. */
const MEALS = "fwYAAQF/EgACAQ==";
const MEALS_HEX = "7f060001017f12000201";
const NO_MEALS = "AAAAAAAAAAAAAA==";

const DATAPOINTS = [
  { dp: "3", code: "meal_plan", type: "Raw" },
  { dp: "4", code: "speed", type: "Enum", values: ["1", "2", "3", "4", "5", "6"] },
  { dp: "5", code: "temp_set", type: "Integer", scale: 1, min: 50, max: 350 },
  { dp: "6", code: "child_lock", type: "Boolean" },
  { dp: "7", code: "half", type: "Integer", divisor: 2, min: 10, max: 70 },
  { dp: "8", code: "door_control_1", type: "Enum", values: ["open", "stop", "close"], access: "rw" },
];

/** As such devices report. The table is right about none of the first three. */
const VALUES = { "3": NO_MEALS, "4": 2, "5": "215", "6": "off", "7": 43, "8": "close" };

describe("tuya-out with devices that have their own ways", () => {
  const red = new NodeRed();

  /** Before a device has reported anything, its table is all there is. */
  async function known(): Promise<void> {
    await red.statuses("out").find(({ text = "" }) => /\.(connected|unproven)$/.test(text));
    red.send("out", { operation: "query" });
    await red.messages<Sent>("sent").next();
  }

  for (const version of ["3.3", "3.4", "3.5"] as const) {
    it(`${version}: writes bytes in the form the device reported by itself, whatever it was sent`, async () => {
      const virtual = await startDevice(version, { dps: VALUES });
      await red.load(
        outFlow({ confirm: "report" }, device("device", virtual, { name: "Feeder", datapoints: DATAPOINTS })),
      );
      await known();
      const bytes = Buffer.from(MEALS_HEX, "hex");
      const steps: [NodeMessage, DpValue][] = [
        [{ payload: { meal_plan: MEALS_HEX } }, MEALS],
        [{ payload: { meal_plan: Buffer.alloc(10) } }, NO_MEALS],
        [{ payload: { meal_plan: bytes } }, MEALS],
        // As it is, in the other package's format: the device now repeats hex, which is not its own.
        [{ payload: { operation: "SET", dps: 3, set: MEALS_HEX } }, MEALS_HEX],
        [{ payload: { meal_plan: Buffer.alloc(10) } }, NO_MEALS],
        [{ payload: { meal_plan: MEALS_HEX } }, MEALS],
      ];
      for (const [msg, value] of steps) {
        red.send("out", msg);
        await red.messages<Sent>("sent").next();
        assert.equal(virtual.values()["3"], value, JSON.stringify(msg));
      }
    });

    it(`${version}: speaks the JSON types the device reports`, async () => {
      const virtual = await startDevice(version, { dps: VALUES });
      await red.load(
        outFlow({ confirm: "report" }, device("device", virtual, { name: "Heater", datapoints: DATAPOINTS })),
      );
      await known();
      const steps: [NodeMessage, Readonly<Record<string, DpValue>>][] = [
        [{ payload: { speed: "4" } }, { "4": 4 }],
        [{ payload: { speed: 6 } }, { "4": 6 }],
        [{ payload: { temp_set: 22 } }, { "5": "220" }],
        [{ payload: { temp_set: "+1" } }, { "5": "230" }],
        [{ payload: { child_lock: true } }, { "6": "on" }],
        [{ payload: { child_lock: "toggle" } }, { "6": "off" }],
        [{ payload: { half: "+0.5" } }, { "7": 44 }],
        [{ payload: "open" }, { "8": "open" }],
      ];
      for (const [msg, values] of steps) {
        red.send("out", msg);
        await red.messages<Sent>("sent").next();
        assert.deepEqual({ ...virtual.values(), ...values }, virtual.values(), JSON.stringify(msg));
      }
      const types = Object.values(virtual.values()).map((value) => typeof value);
      assert.deepEqual(types, ["string", "number", "string", "string", "number", "string"]);
    });
  }
});
