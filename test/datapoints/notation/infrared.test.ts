import assert from "node:assert/strict";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import {
  type InfraredCommand,
  infraredDps,
  readInfraredJson,
  readSend,
} from "../../../src/datapoints/notation/infrared";
import { mapOf } from "../../support/datapoints";
import type { Dps } from "../../../src/protocol/dps";
import { infraredFamily } from "../../../src/datapoints/friendly/infrared-entries";

/** A mark of 9000 µs and a space of 4500, then 560 and 1690: low byte first. */
const CODE = Buffer.from("28239411" + "30029a06", "hex").toString("base64");

const COMMANDS: readonly [InfraredCommand, string, Dps][] = [
  [{ action: "learn" }, '{"control":"study"}', { "1": "study" }],
  [{ action: "stop" }, '{"control":"study_exit"}', { "1": "study_exit" }],
  [
    { action: "send", code: CODE },
    `{"control":"send_ir","type":0,"head":"","key1":"1${CODE}"}`,
    { "1": "study_key", "7": CODE, "13": 0 },
  ],
  [
    { action: "key", head: "010ed8", key: "002$$0020" },
    '{"control":"send_ir","type":0,"head":"010ed8","key1":"0002$$0020"}',
    { "1": "send_ir", "3": "010ed8", "4": "002$$0020", "13": 0 },
  ],
];

describe("infraredDps", () => {
  for (const [command, json, fields] of COMMANDS) {
    it(`writes ${command.action} in both families`, () => {
      assert.deepEqual(infraredDps("json", command), { "201": json });
      assert.deepEqual(infraredDps("fields", command), fields);
    });
  }

  it("pads a code once", () => {
    assert.deepEqual(infraredDps("json", { action: "send", code: `1${CODE}` }), { "201": COMMANDS[2]?.[1] });
  });
});

describe("readInfraredJson", () => {
  for (const [command, json] of COMMANDS) {
    it(`reads ${command.action}`, () => {
      assert.deepEqual(readInfraredJson(json), command);
    });
  }

  it("reads a code without a head", () => {
    const command = readInfraredJson(`{"control":"send_ir","key1":"1${CODE}"}`);
    assert.deepEqual(command, { action: "send", code: CODE });
  });

  it("says nothing of anything else", () => {
    const odd = [
      '{"control":"rfstudy_send","key1":"x"}',
      "",
      "{",
      "[]",
      "5",
      '{"control":"rf_study"}',
      '{"control":"send_ir"}',
    ];
    for (const text of odd) assert.equal(readInfraredJson(text), undefined, text);
  });
});

describe("infraredFamily", () => {
  const json = mapOf({ dp: "201", code: "ir_send", type: "String" });
  const fields = mapOf(
    { dp: "1", code: "control", type: "Enum" },
    { dp: "2", code: "study_code", type: "Raw" },
  );
  const table: [DataPointMap, Dps, string | undefined][] = [
    [json, {}, "json"],
    [fields, {}, "fields"],
    [mapOf({ dp: "202", code: "ir_study_code" }), {}, "json"],
    [mapOf({ dp: "7", code: "key_study" }), {}, "fields"],
    [fields, { "201": "" }, "fields"],
    [DataPointMap.EMPTY, { "202": "" }, "json"],
    [DataPointMap.EMPTY, { "1": "study_exit" }, "fields"],
    [DataPointMap.EMPTY, { "1": "open", "2": 5 }, undefined],
    [DataPointMap.EMPTY, {}, undefined],
  ];
  for (const [map, values, family] of table) {
    it(`is ${family} for ${map.dataPoints.length} names and ${JSON.stringify(values)}`, () => {
      assert.equal(infraredFamily(map, values), family);
    });
  }
});

describe("readSend", () => {
  it("takes a code, and head and key of Tuya's library", () => {
    assert.deepEqual(readSend(CODE), { action: "send", code: CODE });
    assert.deepEqual(readSend([9000, 4500, 560, 1690]), { action: "send", code: CODE });
    const key = { head: "010ed8", key: "002$$0020" };
    assert.deepEqual(readSend(key), { action: "key", ...key });
  });

  it("refuses anything else", () => {
    for (const value of ["no code!", 5, null, undefined, {}, { head: "01" }, { head: 1, key: "2" }])
      assert.equal(readSend(value), undefined, JSON.stringify(value));
  });
});
