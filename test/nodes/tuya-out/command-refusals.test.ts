import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { type CommandContext, readCommand } from "../../../nodes/tuya-out/command";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { Dps } from "../../../src/protocol/dps";
import { TuyaError } from "../../../src/errors";
import { LAMP_CONTEXT } from "../../support/lamp";

type Change = Omit<Partial<CommandContext>, "values"> & { values?: Dps };

describe("readCommand: messages that cannot be sent", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const table: [string, object, RegExp, Change?][] = [
    ["no payload", {}, /no payload/],
    ["no payload, a data point", { dp: 20 }, /no value for switch_led/],
    ["null", { payload: null }, /does not say which data point/],
    ["null for a data point", { payload: null, dp: 20 }, /null is no value/],
    ["text without a data point", { payload: "hello" }, /does not say which data point/],
    ["an empty object", { payload: {} }, /names no data point/],
    ["empty dps", { payload: { dps: {} } }, /names no data point/],
    ["a list", { payload: [1, 2] }, /does not say which data point/],
    ["a list for a data point", { payload: [1, 2], dp: 22 }, /not a list/],
    ["a date", { payload: new Date(0) }, /does not say which data point/],
    ["a promise", { payload: Promise.resolve(true) }, /does not say which data point/],
    ["a promise for a data point", { payload: Promise.resolve(true), dp: 20 }, /not a Promise/],
    ["a Map of a Function node", { payload: runInNewContext("new Map([[1, 2]])"), dp: 22 }, /not a Map/],
    ["an Error", { payload: new Error("x"), dp: 22 }, /not an Error/],
    ["numbers of two bytes", { payload: new Uint16Array(2), dp: 22 }, /not a Uint16Array/],
    ["an unknown code", { payload: { gleam: 5 } }, /"gleam" is no data point.*switch_led, work_mode/],
    ["an unknown code beside a known one", { payload: { switch_led: true, x: 5 } }, /"x" is no data point/],
    ["an unknown code in msg.dp", { payload: 5, dp: "gleam" }, /"gleam" is no data point/],
    ["an unknown code in the node", { payload: 5 }, /"gone" is no data point/, { chosen: "gone" }],
    ["an object without data points", { payload: { h: 1, s: 2 } }, /"h" is no data point/],
    ["a percentage out of range", { payload: { brightness: 101 } }, /from 0 to 100 percent/],
    [
      "a friendly name the device has nothing for",
      { payload: { position: 5 } },
      /no known data point for position/,
      { values: { "20": true } },
    ],
    [
      "a colour for a device without",
      { payload: "red" },
      /does not say which data point/,
      { dataPoints: DataPointMap.EMPTY, values: { "1": "ZZ" } },
    ],
    ["__proto__", JSON.parse('{"payload":{"__proto__":{"a":1}}}') as object, /"__proto__" is no data point/],
    ["text for a Boolean", { payload: { switch_led: "maybe" } }, /takes true or false/],
    ["a number out of range", { payload: { bright_value: 5 } }, /from 10 to 1000/],
    [
      "another JSON type than reported",
      { payload: { "77": "5" } },
      /takes a number/,
      { values: { "77": 5 } },
    ],
    ["an unknown operation", { operation: "explode" }, /operation "explode" is not known/],
    ["an operation that is no text", { operation: 5 }, /operation 5 is not known/],
    ["an unknown operation in the payload", { payload: { operation: "FLY" } }, /operation "FLY"/],
    ["an unknown action", { payload: { operation: "CONTROL", action: "FLY" } }, /action "FLY"/],
    ["no action", { payload: { operation: "CONTROL" } }, /action undefined/],
    ["SET of nothing", { payload: { operation: "SET" } }, /names no data point/],
    ["SET without a value", { payload: { operation: "SET", dps: 1 } }, /no value for Data point 1/],
    [
      "null among other values",
      { payload: { multiple: true, data: { "1": null, "2": 5 } } },
      /null is no value/,
    ],
    ["multiple without data", { payload: { multiple: true } }, /payload\.data is no object/],
    ["multiple of a list", { payload: { multiple: true, data: [1] } }, /payload\.data is no object/],
    ["dps without set", { payload: { dps: 1 } }, /no value for Data point 1/],
    ["refresh of an unknown code", { operation: "refresh", payload: ["x"] }, /"x" is no data point/],
    ["a circular value", { payload: { "77": circular } }, /takes a boolean, number or text, not an object/],
  ];
  for (const [what, msg, sentence, change] of table) {
    it(what, () => {
      const context = { ...LAMP_CONTEXT, ...change, values: () => change?.values ?? {} };
      assert.throws(
        () => readCommand(msg as Record<string, unknown>, context),
        (error: unknown) =>
          error instanceof TuyaError && error.code === "BAD_INPUT" && sentence.test(error.message),
      );
    });
  }

  it("is true of anything: whatever arrives, nothing but BAD_INPUT is thrown", () => {
    const odd: unknown[] = [
      undefined,
      null,
      true,
      0,
      -1,
      NaN,
      "",
      "x",
      10n,
      Symbol("s"),
      () => 1,
      [],
      [[]],
      {},
      circular,
    ];
    odd.push(Object.create(null), new Map(), new Date(NaN), Buffer.alloc(0), new Proxy({}, {}));
    const fields = ["payload", "dp", "topic", "operation", "force"];
    for (const field of fields) {
      for (const value of odd) {
        for (const other of odd) {
          const msg = { payload: other, [field]: value };
          try {
            readCommand(msg, LAMP_CONTEXT);
          } catch (error) {
            assert.ok(error instanceof TuyaError, `${field}: ${String(error)}`);
            assert.equal(error.code, "BAD_INPUT");
          }
        }
      }
    }
  });

  it("is true of anything inside the other package's format, too", () => {
    const odd: unknown[] = [undefined, null, true, 5, "x", [], {}, { a: 1 }, Symbol("s"), () => 1];
    for (const operation of ["SET", "GET", "REFRESH", "CONTROL", undefined]) {
      for (const field of ["dps", "set", "multiple", "data", "cid", "devId", "requestedDPS", "action"]) {
        for (const value of odd) {
          try {
            readCommand({ payload: { operation, dps: 1, [field]: value } }, LAMP_CONTEXT);
          } catch (error) {
            assert.ok(error instanceof TuyaError && error.code === "BAD_INPUT", `${field}: ${String(error)}`);
          }
        }
      }
    }
  });
});
