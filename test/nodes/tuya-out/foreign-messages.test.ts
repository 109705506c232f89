import assert from "node:assert/strict";
import { type Command, type CommandContext, readCommand } from "../../../nodes/tuya-out/command";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { Dps } from "../../../src/protocol/dps";
import { freeze } from "../../support/freeze";
import { LAMP, LAMP_CONTEXT } from "../../support/lamp";

type Change = Omit<Partial<CommandContext>, "values"> & { values?: Dps };

/** Reads a payload for a device without names, as a converted flow has it. */
function read(payload: unknown, { values = {}, ...more }: Change = {}, msg: object = {}): Command {
  const context = { ...LAMP_CONTEXT, dataPoints: DataPointMap.EMPTY, ...more, values: () => values };
  return readCommand(
    freeze({ ...msg, payload: structuredClone(payload) }) as Record<string, unknown>,
    context,
  );
}

const set = (dps: Dps, cid?: string): Command => ({ kind: "set", dps, cid });
const query = (cid?: string): Command => ({ kind: "query", cid });
const refresh = (dps?: number[], cid?: string): Command => ({ kind: "refresh", dps, cid });
const mode = (name: "event-data" | "event-dp-refresh" | "event-both"): Command => ({
  kind: "event-mode",
  mode: name,
});

/** Each row of the other package's documentation, and what flows make of it. */
const ROWS: Readonly<Record<string, readonly [unknown, Command, Change?][]>> = {
  "SET of one": [
    [{ operation: "SET", dps: 1, set: true }, set({ "1": true })],
    [{ operation: "set", dps: "1", set: false }, set({ "1": false })],
    [{ dps: 2, set: 50 }, set({ "2": 50 })],
    [{ set: true }, set({ "1": true })],
    [{ operation: "SET", set: true }, set({ "1": true })],
    [{ operation: "", dps: 1, set: true }, set({ "1": true })],
    [{ operation: null, dps: 1, set: true }, set({ "1": true })],
    [{ operation: "SET", set: true }, set({ "1": true }), { chosen: "7" }],
    [{ dps: 3, set: "low" }, set({ "3": "low" })],
    [{ dps: 24, set: "00dc004600ff" }, set({ "24": "00dc004600ff" })],
    [{ dps: 1, set: false, shouldWaitForResponse: false }, set({ "1": false })],
  ],
  "SET of several": [
    [{ operation: "SET", multiple: true, data: { "1": true, "2": 5 } }, set({ "1": true, "2": 5 })],
    [{ multiple: true, data: { "1": true } }, set({ "1": true })],
    [{ multiple: true, data: { "1": true }, dps: 5, set: 7 }, set({ "1": true })],
    [{ multiple: false, dps: 5, set: 7 }, set({ "5": 7 })],
    [{ multiple: true, data: { "1": true }, shouldWaitForResponse: false }, set({ "1": true })],
  ],
  "SET of a sub-device": [
    [{ operation: "SET", dps: 1, set: true, cid: "abc" }, set({ "1": true }, "abc")],
    [{ multiple: true, data: { "1": 1 }, cid: "abc" }, set({ "1": 1 }, "abc")],
    [{ dps: 1, set: true, devId: "abc" }, set({ "1": true }, "abc")],
    [{ dps: 1, set: true, devId: "lamp0000000000000001" }, set({ "1": true })],
    [{ dps: 1, set: true, cid: "" }, set({ "1": true })],
    [{ dps: 1, set: null, cid: "abc" }, query("abc")],
  ],
  "SET of null, which reads": [
    [{ dps: 1, set: null }, query()],
    [{ operation: "SET", set: null }, query()],
    [{ multiple: true, data: { "1": null, "2": null } }, query()],
  ],
  GET: [
    [{ operation: "GET", schema: true }, query()],
    [{ operation: "GET", dps: 2 }, query()],
    [{ operation: "GET" }, query()],
    [{ operation: "get", cid: "abc" }, query("abc")],
  ],
  REFRESH: [
    [{ operation: "REFRESH", requestedDPS: [18, 19, 20] }, refresh([18, 19, 20])],
    [{ operation: "REFRESH", requestedDPS: ["18"], cid: "abc" }, refresh([18], "abc")],
    [{ operation: "REFRESH" }, refresh()],
    [{ operation: "REFRESH", schema: true, dps: 1 }, refresh()],
  ],
  CONTROL: [
    [{ operation: "CONTROL", action: "CONNECT" }, { kind: "connect" }],
    [{ operation: "control", action: "disconnect" }, { kind: "disconnect" }],
    [{ operation: "CONTROL", action: "RECONNECT" }, { kind: "reconnect" }],
    [{ operation: "CONTROL", action: "SET_EVENT_MODE", value: "event-data" }, mode("event-data")],
    [{ operation: "CONTROL", action: "SET_EVENT_MODE", value: "event-dp-refresh" }, mode("event-dp-refresh")],
    [{ operation: "CONTROL", action: "SET_EVENT_MODE", value: "event-both" }, mode("event-both")],
    [{ operation: "CONTROL", action: "SET_EVENT_MODE", value: "nonsense" }, mode("event-both")],
    [{ operation: "CONTROL", action: "SET_EVENT_MODE" }, mode("event-both")],
  ],
  "values in the device's own units, whatever is configured": [
    [{ dps: 30, set: 215 }, set({ "30": 215 }), { dataPoints: LAMP }],
    [{ dps: "30", set: 215 }, set({ "30": 215 }), { dataPoints: LAMP, values: { "30": 200 } }],
    [{ multiple: true, data: { "30": 215, "22": 5 } }, set({ "30": 215, "22": 5 }), { dataPoints: LAMP }],
    [{ dps: 30, set: "215" }, set({ "30": 215 }), { dataPoints: LAMP }],
    [{ dps: 24, set: "001402f003e8" }, set({ "24": "001402f003e8" }), { dataPoints: LAMP }],
    [{ dps: 21, set: "scene" }, set({ "21": "scene" }), { dataPoints: LAMP }],
  ],
  "values in the JSON type the device uses": [
    [{ dps: 2, set: "50" }, set({ "2": 50 }), { values: { "2": 7 } }],
    [{ dps: 2, set: "-10" }, set({ "2": -10 }), { values: { "2": 7 } }],
    [{ dps: 2, set: 50 }, set({ "2": "50" }), { values: { "2": "7" } }],
    [{ dps: 1, set: "true" }, set({ "1": true }), { values: { "1": false } }],
    [{ dps: 1, set: 1 }, set({ "1": true }), { dataPoints: bareSwitch() }],
    [{ dps: 2, set: "50" }, set({ "2": "50" })],
  ],
  "names, which that package does not know, with their conversion": [
    [{ operation: "SET", dps: "switch_led", set: "on" }, set({ "20": true }), { dataPoints: LAMP }],
    [{ dps: "temp", set: 21.5 }, set({ "30": 215 }), { dataPoints: LAMP }],
    [{ operation: "SET", dps: { temp: 21.5 } }, set({ "30": 215 }), { dataPoints: LAMP }],
    [{ dps: 1, set: "toggle" }, set({ "1": false }), { values: { "1": true } }],
  ],
};

function bareSwitch(): DataPointMap {
  return new DataPointMap(parseDataPoints([{ dp: "1", code: "switch_1", type: "Boolean" }]).dataPoints);
}

describe("readCommand: messages of node-red-contrib-tuya-smart-device", () => {
  for (const [row, messages] of Object.entries(ROWS)) {
    describe(row, () => {
      for (const [payload, command, change] of messages) {
        it(JSON.stringify(payload), () => assert.deepEqual(read(payload, change), command));
      }
    });
  }

  for (const action of ["SET_FIND_TIMEOUT", "SET_RETRY_TIMEOUT"]) {
    it(`says that ${action} has no effect`, () => {
      const command = read({ operation: "CONTROL", action, value: 5000 });
      assert.equal(command.kind, "nothing");
      assert.match(
        command.kind === "nothing" ? command.says : "",
        new RegExp(`^${action} has no effect here`),
      );
    });
  }

  it("sends a null all the same under force", () => {
    assert.deepEqual(read({ dps: 1, set: null }, {}, { force: true }), set({ "1": null }));
    assert.deepEqual(read({ multiple: true, data: { "1": null } }, {}, { force: true }), set({ "1": null }));
  });

  const refused: [unknown, RegExp, Change?][] = [
    [{ operation: "SCHEMA" }, /operation "SCHEMA" is not known/],
    [{ operation: "MULTIPLE", data: { "1": true } }, /operation "MULTIPLE" is not known/],
    [{ operation: "CONTROL", action: "SET_KEY" }, /action "SET_KEY" is not known/],
    [{ dps: 1 }, /no value for Data point 1/],
    [{ multiple: true, data: {} }, /names no data point/],
    [{ multiple: true, data: { "1": null, "2": 5 } }, /null is no value for Data point 1/],
    [{ dps: 2, set: "warm" }, /takes a number/, { values: { "2": 7 } }],
    [{ dps: 1, set: "maybe" }, /takes a boolean/, { values: { "1": false } }],
    ["SET", /does not say which data point/],
    [[], /does not say which data point/],
    [null, /does not say which data point/],
    [undefined, /no payload/],
  ];
  for (const [payload, sentence, change] of refused) {
    it(`refuses ${JSON.stringify(payload)}`, () => {
      assert.throws(() => read(payload, change), { code: "BAD_INPUT", message: sentence });
    });
  }

  it("understands what that package refuses: a payload that is the value itself", () => {
    const change = { values: { "1": true } };
    assert.deepEqual(read(false, change), set({ "1": false }));
    assert.deepEqual(read(true, change), set({ "1": true }));
  });

  it("leaves the words of the format to a device that has codes of that name", () => {
    const { dataPoints } = parseDataPoints([
      { dp: "5", code: "set", type: "Boolean" },
      { dp: "6", code: "operation", type: "String" },
    ]);
    const change = { dataPoints: new DataPointMap(dataPoints) };
    assert.deepEqual(read({ set: true }, change), set({ "5": true }));
    assert.deepEqual(read({ operation: "warm" }, change), set({ "6": "warm" }));
  });
});
