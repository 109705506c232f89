import assert from "node:assert/strict";
import { type DataPointEntry, parseDataPoints } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { TuyaError } from "../../src/errors";
import { readOperationCommand, readValueCommand, readValuesCommand } from "../../src/mqtt/command";
import { valuePayload } from "../../src/mqtt/payloads";
import { isEmptyPayload, plainPayload, readPayload } from "../../src/mqtt/read-payload";
import { DeviceTopics } from "../../src/mqtt/topics";
import type { VirtualValue } from "../../src/mqtt/types";
import type { Dps, DpValue } from "../../src/protocol/dps";

const TABLE: readonly DataPointEntry[] = [
  { dp: "1", code: "switch_1", type: "Boolean" },
  { dp: "2", code: "mode", type: "Enum", values: ["0", "1", "auto"] },
  { dp: "3", code: "temp_set", type: "Integer", scale: 1, min: -100, max: 350 },
  { dp: "4", code: "level", type: "Integer" },
  { dp: "5", code: "text", type: "String" },
  { dp: "6", code: "raw", type: "Raw" },
  { dp: "7", code: "fault", type: "Bitmap", values: ["a", "b"] },
  { dp: "8", code: "json", type: "Json" },
  { dp: "24", code: "colour_data", type: "String" },
  { dp: "102", code: "phase_a", type: "Raw" },
  { dp: "103", code: "control", type: "Enum", values: ["open", "stop", "close"] },
];
const POINTS = new DataPointMap(parseDataPoints(TABLE).dataPoints);
const point = (code: string) => POINTS.get(POINTS.require(code));

function isBadInput(pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof TuyaError && error.code === "BAD_INPUT" && pattern.test(error.message);
}

describe("the payload of a value", () => {
  const shown = (code: string, raw: DpValue) => valuePayload(POINTS, POINTS.require(code), raw);

  it("is plain where the value is", () => {
    assert.equal(shown("switch_1", true), true);
    assert.equal(shown("temp_set", 215), 21.5);
    assert.equal(shown("mode", "auto"), "auto");
    assert.equal(shown("text", "hello"), "hello");
  });

  it("is JSON where the value has parts", () => {
    assert.deepEqual(shown("fault", 3), ["a", "b"]);
    assert.deepEqual(shown("fault", 0), []);
    assert.deepEqual(shown("json", '{"a":1}'), { a: 1 });
    assert.deepEqual(shown("colour_data", "000003e803e8"), { h: 0, s: 100, v: 100, hex: "#ff0000" });
  });

  it("is the device's own text where the value is bytes", () => {
    assert.equal(shown("raw", "AQIDBA=="), "AQIDBA==");
    assert.equal(shown("phase_a", "AQID"), "AQID");
  });

  it("is never what removes a retained topic", () => {
    assert.equal(shown("text", ""), '""');
    assert.equal(shown("raw", ""), '""');
    assert.equal(shown("text", null), undefined);
    assert.equal(valuePayload(POINTS, "1", undefined), undefined);
  });
});

describe("a payload that arrives", () => {
  const read = (code: string, payload: unknown, known?: DpValue) => readPayload(payload, point(code), known);

  it("is a number to a number: minus is no change, plus is one", () => {
    for (const code of ["temp_set", "level"]) {
      assert.equal(read(code, "-5"), -5);
      assert.equal(read(code, " 21.5 "), 21.5);
      assert.equal(read(code, -5), -5);
      assert.equal(read(code, "+5"), "+5");
      assert.equal(read(code, "warm"), "warm");
    }
  });

  it("is a word to what knows words, whether it was read as JSON on its way or not", () => {
    assert.equal(read("mode", "1"), "1");
    assert.equal(read("mode", 1), 1);
    assert.equal(read("mode", true), "true");
    assert.equal(read("control", "OPEN"), "OPEN");
    assert.equal(read("switch_1", "ON"), "ON");
    assert.equal(read("switch_1", 1), 1);
  });

  it("is a text to a text, and not what became of a text", () => {
    assert.equal(read("text", "10e5"), "10e5");
    assert.equal(read("text", "+5"), "+5");
    assert.equal(read("text", '{"a":1}'), '{"a":1}');
    assert.equal(read("text", '""'), "");
    assert.equal(read("text", true), "true");
    for (const code of ["text", "raw"]) {
      assert.throws(() => read(code, 1_000_000), isBadInput(new RegExp(`^${code} takes a text.*"a String"`)));
      assert.throws(() => read(code, { a: 1 }), isBadInput(/"a String"/));
    }
    // A device that says a number there gets one.
    assert.equal(read("text", 5, 4), 5);
  });

  it("is JSON to what has parts", () => {
    assert.deepEqual(read("fault", '["a"]'), ["a"]);
    assert.equal(read("fault", "a"), "a");
    assert.deepEqual(read("colour_data", '{"h":1,"s":2,"v":3}'), { h: 1, s: 2, v: 3 });
    assert.equal(read("colour_data", "#ff0000"), "#ff0000");
    assert.deepEqual(read("json", '{"a":1}'), { a: 1 });
  });

  it("is what the device reports where nothing is configured", () => {
    const bare = (payload: unknown, known?: DpValue) => readPayload(payload, undefined, known);
    assert.equal(bare("on", true), true);
    assert.equal(bare("5", 3), 5);
    assert.equal(bare("5", "x"), "5");
    assert.equal(bare("true"), true);
    assert.equal(bare("-5"), -5);
    assert.equal(bare("+5"), "+5");
    assert.equal(bare("word"), "word");
    assert.equal(bare(5), 5);
  });

  it("may be empty", () => {
    for (const nothing of ["", null, undefined, Buffer.alloc(0), "\0", Buffer.from([0])])
      assert.ok(isEmptyPayload(nothing));
    for (const something of [0, false, '""', Buffer.from("x"), {}]) assert.ok(!isEmptyPayload(something));
  });
});

describe("a payload as text", () => {
  it("is what its bytes say", () => {
    assert.equal(plainPayload(Buffer.from("größer")), "größer");
    assert.equal(plainPayload(new Uint8Array([0x4f, 0x4e])), "ON");
  });

  it("ends before the NUL that a program in C sends along", () => {
    assert.equal(plainPayload("ON\0"), "ON");
    assert.equal(plainPayload(Buffer.from('{"state":"ON"}\0\0')), '{"state":"ON"}');
    assert.equal(plainPayload("\0a\0b"), "\0a\0b");
  });

  it("is unchanged where it is no text", () => {
    const payload = { state: "ON\0" };
    assert.equal(plainPayload(payload), payload);
    assert.equal(plainPayload(5), 5);
  });
});

describe("an MQTT command", () => {
  const lamp: VirtualValue = {
    name: "lamp",
    dps: ["1"],
    read: () => undefined,
    write: (payload, values) => ({ on: (payload as { state: string }).state === "ON", seen: values["1"] }),
  };
  const device = (values: Dps = {}) => ({
    topics: new DeviceTopics("tuya", { level: "Lamp", dataPoints: POINTS }),
    dataPoints: POINTS,
    virtual: [lamp],
    values,
  });

  it("names a data point by code or number, a virtual value, or a friendly word", () => {
    assert.deepEqual(readValueCommand("temp_set", "-5", device()), { "3": -5 });
    assert.deepEqual(readValueCommand("3", "-5", device()), { "3": -5 });
    assert.deepEqual(readValueCommand("101", "7", device({ "101": 3 })), { "101": 7 });
    assert.deepEqual(readValueCommand("lamp", '{"state":"ON"}', device({ "1": false })), {
      on: true,
      seen: false,
    });
    assert.deepEqual(readValueCommand("brightness", "40", device()), { brightness: 40 });
    assert.deepEqual(readValueCommand("brightness", "+10", device()), { brightness: "+10" });
    assert.deepEqual(readValueCommand("colour", '{"r":1,"g":2,"b":3}', device()), {
      colour: { r: 1, g: 2, b: 3 },
    });
    assert.deepEqual(readValueCommand("nonsense", "40", device()), { nonsense: "40" });
  });

  it("may set several at once", () => {
    const expected = { "1": true, "3": -5, brightness: 40 };
    const request = { switch_1: true, temp_set: "-5", brightness: 40 };
    assert.deepEqual(readValuesCommand(JSON.stringify(request), device()), expected);
    assert.deepEqual(readValuesCommand(request, device()), expected);
    // Nobody has read it as JSON by mistake.
    assert.deepEqual(readValuesCommand('{"text": 5}', device()), { "5": 5 });
    for (const nonsense of ["5", "[1]", "{", 5, true, [1], new Map([["1", true]]), new Date()]) {
      assert.throws(() => readValuesCommand(nonsense, device()), isBadInput(/JSON object/));
    }
  });

  it("may be an operation", () => {
    assert.equal(readOperationCommand(" Query "), "query");
    for (const nonsense of ["set", "", 1, {}])
      assert.throws(() => readOperationCommand(nonsense), isBadInput(/query/));
  });
});
