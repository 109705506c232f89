import assert from "node:assert/strict";
import { type Command, type CommandContext, readCommand } from "../../../nodes/tuya-out/command";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { Dps } from "../../../src/protocol/dps";
import { freeze } from "../../support/freeze";
import { LAMP_CONTEXT } from "../../support/lamp";

const COVER = new DataPointMap(
  parseDataPoints([
    { dp: "1", code: "control", type: "Enum", values: ["FZ", "ZZ", "STOP"] },
    { dp: "2", code: "percent_control", type: "Integer", min: 0, max: 100 },
  ]).dataPoints,
);

const DOOR = new DataPointMap(
  parseDataPoints([
    { dp: "1", code: "door_control_1", type: "Enum", values: ["open", "close", "stop"], access: "rw" },
    { dp: "2", code: "door_position", type: "Integer", min: 0, max: 100, access: "rw" },
    { dp: "3", code: "door_state_1", type: "Enum", values: ["open", "close"], access: "ro" },
  ]).dataPoints,
);

/** A device whose codes are written like friendly names. */
const CODES = new DataPointMap(
  parseDataPoints([
    { dp: "1", code: "brightness", type: "Integer" },
    { dp: "2", code: "position", type: "Integer" },
  ]).dataPoints,
);

const COLOURED: Dps = { "20": true, "21": "colour", "24": "001402f003e8" };

type Change = Omit<Partial<CommandContext>, "values"> & { values?: Dps };

function read(msg: object, { values = {}, ...more }: Change = {}): Command {
  const frozen = freeze(structuredClone(msg));
  return readCommand(frozen as Record<string, unknown>, { ...LAMP_CONTEXT, ...more, values: () => values });
}

function set(dps: Dps, cid?: string): Command {
  return { kind: "set", dps, cid };
}

const QUERY: Command = { kind: "query", cid: undefined };

function refresh(dps?: number[], cid?: string): Command {
  return { kind: "refresh", dps, cid };
}

describe("readCommand: messages of our own format", () => {
  const table: [string, object, Command, Change?][] = [
    ["a boolean goes to the first switch", { payload: true }, set({ "20": true })],
    ["so does a word for on or off", { payload: "off" }, set({ "20": false })],
    [
      "a boolean goes to the data point chosen in the node",
      { payload: true },
      set({ "77": true }),
      { chosen: "77" },
    ],
    ["the chosen one may be a code", { payload: 50 }, set({ "22": 50 }), { chosen: "bright_value" }],
    ["the chosen one comes before msg.dp", { payload: 50, dp: 30 }, set({ "22": 50 }), { chosen: "22" }],
    ["msg.dp is a number", { payload: 50, dp: 22 }, set({ "22": 50 })],
    ["msg.dp is a number in a text", { payload: 50, dp: "22" }, set({ "22": 50 })],
    ["msg.dp is a code", { payload: "50", dp: "bright_value" }, set({ "22": 50 })],
    ["msg.dp comes before the topic", { payload: 50, dp: 22, topic: "temp" }, set({ "22": 50 })],
    ["the topic is a code", { payload: 50, topic: "bright_value" }, set({ "22": 50 })],
    ["the topic is a number", { payload: 50, topic: "22" }, set({ "22": 50 })],
    [
      "the topic is as tuya-in writes it",
      { payload: 50, topic: "Kitchen lamp/bright_value" },
      set({ "22": 50 }),
    ],
    ["the topic is so without a code", { payload: 50, topic: "Kitchen lamp/22" }, set({ "22": 50 })],
    ["the topic begins with the id", { payload: 50, topic: "lamp0000000000000001/22" }, set({ "22": 50 })],
    ["a topic that names nothing is ignored", { payload: true, topic: "home/kitchen" }, set({ "20": true })],
    ["a year in the topic is no data point", { payload: true, topic: "2024" }, set({ "20": true })],
    [
      "another device's topic is ignored",
      { payload: true, topic: "Hall lamp/bright_value" },
      set({ "20": true }),
    ],
    ["text passes to a text", { payload: "#ff8800", dp: "note" }, set({ "25": "#ff8800" })],
    [
      "a colour is written as the lamp writes it",
      { payload: "#ff8800", dp: "colour_data" },
      set({ "20": true, "21": "colour", "24": "002003e803e8" }),
    ],
    ["a scale is applied", { payload: 21.5, dp: "temp" }, set({ "30": 215 })],
    ["an object names several", { payload: { switch_led: true, "22": 500 } }, set({ "20": true, "22": 500 })],
    [
      "an object comes before the chosen one",
      { payload: { "22": 500 } },
      set({ "22": 500 }),
      { chosen: "20" },
    ],
    ["dps in an object", { payload: { dps: { "20": true, temp: 1 } } }, set({ "20": true, "30": 10 })],
    ["dps of a sub-device", { payload: { dps: { "1": true }, cid: "abc" } }, set({ "1": true }, "abc")],
    ["an object for a Json data point", { payload: { h: 1 }, dp: "control_data" }, set({ "27": '{"h":1}' })],
    ["a list for a Json data point", { payload: [1], dp: "control_data" }, set({ "27": "[1]" })],
    [
      "an object of data points all the same",
      { payload: { "22": 500 }, dp: "control_data" },
      set({ "22": 500 }),
    ],
    ["operation set", { operation: "set", payload: { "22": 500 } }, set({ "22": 500 })],
    ["operation SET", { operation: " SET ", payload: true }, set({ "20": true })],
    ["operation empty", { operation: "", payload: true }, set({ "20": true })],
    ["a number without a type", { payload: { "101": 1.5 } }, set({ "101": 1.5 })],
    ["null under force", { payload: { "101": null }, force: true }, set({ "101": null })],
    ["out of range under force", { payload: { "22": 5 }, force: true }, set({ "22": 5 })],
    ["operation query", { operation: "query" }, QUERY],
    ["operation get", { operation: "GET", payload: 1700000000000 }, QUERY],
    ["operation refresh", { operation: "refresh" }, refresh()],
    ["refresh ignores an inject's timestamp", { operation: "refresh", payload: 1700000000000 }, refresh()],
    ["refresh of a list", { operation: "refresh", payload: [18, "temp", "20"] }, refresh([18, 30, 20])],
    ["refresh of an empty list", { operation: "refresh", payload: [] }, refresh()],
    ["refresh of msg.dp", { operation: "refresh", dp: 18 }, refresh([18])],
    ["refresh of a list in msg.dp", { operation: "refresh", dp: "18, temp" }, refresh([18, 30])],
    ["operation connect", { operation: "connect" }, { kind: "connect" }],
    ["operation disconnect", { operation: "Disconnect" }, { kind: "disconnect" }],
    ["operation reconnect", { operation: "reconnect" }, { kind: "reconnect" }],
    ["query in the payload", { payload: { operation: "query" } }, QUERY],
    ["refresh in the payload", { payload: { operation: "refresh", dps: [18] } }, refresh([18])],
    ["reconnect in the payload", { payload: { operation: "reconnect" } }, { kind: "reconnect" }],
    ["set in the payload", { payload: { operation: "set", switch_led: true } }, set({ "20": true })],
    ["a sub-device keeps its cid", { payload: true }, set({ "20": true }, "child"), { cid: "child" }],
    ["its query too", { operation: "query" }, { kind: "query", cid: "child" }, { cid: "child" }],
  ];
  for (const [what, msg, command, change] of table) {
    it(`${what}: ${JSON.stringify(msg)}`, () => assert.deepEqual(read(msg, change), command));
  }

  const friendly: [string, object, Command, Change?][] = [
    ["a colour sets mode, colour and switch", { payload: "#ff7f3f" }, set(COLOURED)],
    ["so does its name", { payload: "red" }, set({ ...COLOURED, "24": "000003e803e8" })],
    ["so does an object", { payload: { r: 255, g: 127, b: 63 } }, set(COLOURED)],
    ["so does a friendly name", { payload: { colour: "#ff7f3f" } }, set(COLOURED)],
    ["brightness is in percent", { payload: { brightness: 40 } }, set({ "21": "white", "22": 400 })],
    ["a code is not", { payload: { bright_value: 40 } }, set({ "22": 40 })],
    [
      "a code beside it counts",
      { payload: { brightness: 40, bright_value: 500, "21": "colour" } },
      set({ "21": "colour", "22": 500 }),
    ],
    [
      "a code that is written the same comes first",
      { payload: { brightness: 40, position: 5 } },
      set({ "1": 40, "2": 5 }),
      { dataPoints: CODES },
    ],
    [
      "the friendly name may be in msg.dp",
      { payload: 40, dp: "brightness" },
      set({ "21": "white", "22": 400 }),
    ],
    ["or in the node", { payload: 40 }, set({ "21": "white", "22": 400 }), { chosen: "brightness" }],
    [
      "or in the other package's format",
      { payload: { dps: "brightness", set: 40 } },
      set({ "21": "white", "22": 400 }),
    ],
    ["in a topic it means nothing", { payload: true, topic: "brightness" }, set({ "20": true })],
    ["on beside others", { payload: { on: "off", temp: 20 } }, set({ "20": false, "30": 200 })],
    ["on can be toggled", { payload: { on: "toggle" } }, set({ "20": false }), { values: { "20": true } }],
    [
      "a change of a number that comes as a text",
      { payload: { temp: "+0.5" } },
      set({ "30": "205" }),
      { values: { "30": "200" } },
    ],
    [
      "a bare command to a door that is called otherwise",
      { payload: "open" },
      set({ "1": "open" }),
      { dataPoints: DOOR },
    ],
    ["its position", { payload: { position: 30 } }, set({ "2": 30 }), { dataPoints: DOOR }],
    ["a change of a number", { payload: { temp: "+0.5" } }, set({ "30": 205 }), { values: { "30": 200 } }],
    [
      "a change of the chosen one",
      { payload: "-10" },
      set({ "22": 90 }),
      { chosen: "22", values: { "22": 100 } },
    ],
    [
      "a change ends at the limits",
      { payload: { "22": "+10" } },
      set({ "22": 1000 }),
      { values: { "22": 995 } },
    ],
    ["minus ten as a number", { payload: { temp: -10 } }, set({ "30": -100 }), { values: { "30": 200 } }],
    [
      "a colour object for the chosen data point is a colour, too",
      { payload: { h: 20, s: 75.2, v: 100 } },
      set({ "20": true, "21": "colour", "24": "001402f003e8" }),
      { chosen: "24" },
    ],
    ["open", { payload: "open" }, set({ "1": "ZZ" }), { dataPoints: COVER }],
    ["position", { payload: { position: 30 } }, set({ "2": 30 }), { dataPoints: COVER }],
    [
      "off, to a device without names",
      { payload: "off" },
      set({ "1": false }),
      { dataPoints: DataPointMap.EMPTY, values: { "1": true } },
    ],
    [
      "a colour, to a lamp without names",
      { payload: "#ff7f3f" },
      set(COLOURED),
      { dataPoints: DataPointMap.EMPTY, values: { "20": true, "21": "white", "24": "000003e803e8" } },
    ],
  ];
  for (const [what, msg, command, change] of friendly) {
    it(`${what}: ${JSON.stringify(msg)}`, () => assert.deepEqual(read(msg, change), command));
  }

  for (const msg of [
    { payload: { temp: "+1" } },
    { payload: { brightness: "+10" } },
    { payload: "+1", dp: 77 },
  ]) {
    it(`is undecided about ${JSON.stringify(msg)} while the present value is not known`, () => {
      const command = read(msg);
      assert.equal(command.kind, "undecided");
      assert.match(
        command.kind === "undecided" ? command.error.message : "",
        /cannot be changed by an amount/,
      );
    });
  }

  it("is undecided about a colour while nothing is known of the device", () => {
    assert.equal(read({ payload: "red" }, { dataPoints: DataPointMap.EMPTY }).kind, "undecided");
    assert.equal(read({ payload: { colour: "red" } }, { dataPoints: DataPointMap.EMPTY }).kind, "undecided");
  });

  it("sends a Buffer to a Raw data point", () => {
    const { dataPoints } = parseDataPoints([{ dp: "25", code: "ir", type: "Raw" }]);
    const msg = { payload: Buffer.from([1, 2, 3]), topic: "ir" };
    const context = { ...LAMP_CONTEXT, dataPoints: new DataPointMap(dataPoints) };
    assert.deepEqual(readCommand(msg, context), set({ "25": "AQID" }));
  });

  it("takes the lowest boolean the device reports for the switch, where none is configured", () => {
    const change = { dataPoints: DataPointMap.EMPTY, values: { "3": 1, "20": false, "1": true } };
    assert.deepEqual(read({ payload: false }, change), set({ "1": false }));
  });

  it("does not apply a device's names to a sub-device behind it", () => {
    assert.deepEqual(read({ payload: { dps: { "20": 5 }, cid: "abc" } }), set({ "20": 5 }, "abc"));
    assert.throws(() => read({ payload: { dps: { switch_led: true }, cid: "abc" } }), { code: "BAD_INPUT" });
    const dataPointsOf = (cid: string | undefined) => (cid === "abc" ? COVER : DataPointMap.EMPTY);
    const payload = { operation: "set", cid: "abc", position: 30 };
    assert.deepEqual(read({ payload }, { dataPointsOf }), set({ "2": 30 }, "abc"));
  });
});

describe("readCommand: toggle", () => {
  it("inverts the last known value", () => {
    assert.deepEqual(read({ payload: "toggle" }, { values: { "20": true } }), set({ "20": false }));
    assert.deepEqual(read({ payload: " Toggle" }, { values: { "20": false } }), set({ "20": true }));
    assert.deepEqual(read({ payload: { "77": "toggle" } }, { values: { "77": true } }), set({ "77": false }));
    assert.deepEqual(read({ payload: "toggle" }, { values: { "20": "ON" } }), set({ "20": "OFF" }));
    assert.deepEqual(read({ payload: "toggle" }, { values: { "20": 0 } }), set({ "20": 1 }));
  });

  it("inverts the word of a data point that reports on and off as a text", () => {
    const toggled = (payload: object, dps: Dps) => read({ payload }, { values: dps });
    assert.deepEqual(toggled({ "77": "toggle" }, { "77": "ON" }), set({ "77": "OFF" }));
    assert.deepEqual(toggled({ note: "toggle" }, { "25": "false" }), set({ "25": "true" }));
  });

  it("inverts such a word, too, if the device has only repeated what it was sent", () => {
    const repeated = { values: { "25": "ON", "77": "on" }, ownValues: () => ({}) };
    assert.deepEqual(read({ payload: { note: "toggle" } }, repeated), set({ "25": "OFF" }));
    assert.deepEqual(read({ payload: { "77": "toggle" } }, repeated), set({ "77": "off" }));
    assert.deepEqual(read({ payload: { note: false } }, repeated), set({ "25": "OFF" }));
  });

  it("is undecided while the value is not known", () => {
    for (const msg of [
      { payload: "toggle" },
      { payload: { "77": "toggle" } },
      { payload: "toggle", dp: 77 },
    ]) {
      const command = read(msg);
      assert.equal(command.kind, "undecided", JSON.stringify(msg));
      assert.equal(command.kind === "undecided" && command.error.code, "BAD_INPUT");
      assert.match(command.kind === "undecided" ? command.error.message : "", /cannot be toggled/);
    }
  });

  it("is undecided about the switch of a device of which nothing is known, and refused where it has none", () => {
    const change = { dataPoints: DataPointMap.EMPTY };
    assert.equal(read({ payload: true }, change).kind, "undecided");
    assert.throws(() => read({ payload: true }, { ...change, values: { "2": 5 } }), { code: "BAD_INPUT" });
  });

  it("is a value where it is one", () => {
    assert.deepEqual(read({ payload: { work_mode: "toggle" } }), set({ "21": "toggle" }));
    assert.deepEqual(read({ payload: { note: "toggle" } }), set({ "25": "toggle" }));
  });

  it("is refused where the data point is no switch", () => {
    assert.throws(() => read({ payload: { bright_value: "toggle" } }), { code: "BAD_INPUT" });
    assert.throws(() => read({ payload: { "77": "toggle" } }, { values: { "77": 5 } }), {
      code: "BAD_INPUT",
    });
  });
});
