import assert from "node:assert/strict";
import { type JsonObject, parseBody } from "../../src/protocol/message";
import {
  type ChildrenReport,
  possibleReport,
  readChildrenReport,
  readReport,
  type Report,
  type ReportBody,
} from "../../src/protocol/report";

/** The body of a frame that has this text. */
function body(text: string): { readonly [name: string]: unknown } {
  const parsed = parseBody(Buffer.from(text));
  assert.ok(parsed.kind === "json", text);
  return parsed.value;
}

type Said = Omit<ReportBody, "fields">;

const said = (fields: Partial<Said> = {}): Said => ({
  dps: {},
  cid: undefined,
  deviceId: undefined,
  t: undefined,
  type: undefined,
  ...fields,
});

describe("readReport", () => {
  const dps = { "1": true };
  /** The third is where the data points stand: in the body itself, or in its field `data`. */
  const shapes: readonly (readonly [string, Said, "body" | "data"])[] = [
    ['{"dps":{"1":true}}', said({ dps }), "body"],
    ['{"devId":"D","dps":{"1":true},"t":1700000000}', said({ dps, deviceId: "D", t: 1700000000 }), "body"],
    ['{"gwId":"G","dps":{"1":true},"t":"1700000000"}', said({ dps, deviceId: "G", t: 1700000000 }), "body"],
    ['{"dps":{"1":true},"cid":"C","t":5}', said({ dps, cid: "C", t: 5 }), "body"],
    ['{"protocol":4,"t":5,"data":{"dps":{"1":true}}}', said({ dps, t: 5 }), "data"],
    [
      '{"protocol":4,"t":5,"data":{"dps":{"1":true},"cid":"C","devId":"D","ctype":0,"type":"query"}}',
      said({ dps, t: 5, cid: "C", deviceId: "D", type: "query" }),
      "data",
    ],
    ['{"dps":{"1":true},"type":"query"}', said({ dps, type: "query" }), "body"],
    ['{"data":{"dps":{"1":true}}}', said({ dps }), "data"],
    ['{"data":{"dps":{"1":true}},"cid":"C"}', said({ dps, cid: "C" }), "data"],
    [
      '{"data":{"dps":{"1":true}},"devId":"D","type":"query"}',
      said({ dps, deviceId: "D", type: "query" }),
      "data",
    ],
    ['{"data":{"cid":"C"},"dps":{"1":true}}', said({ dps, cid: "C" }), "data"],
    ['{"data":{"dps":{"1":true},"t":7},"t":5}', said({ dps, t: 7 }), "data"],
    ['{"data":"x","dps":{"1":true}}', said({ dps }), "body"],
    ['{"dps":{}}', said(), "body"],
    ['{"dps":{"1":null,"2":[1],"3":{"a":1}}}', said({ dps: { "1": null, "2": [1], "3": { a: 1 } } }), "body"],
    ['{"dps":{"0":1,"x":[[2]]}}', said({ dps: { "0": 1, x: [[2]] } }), "body"],
  ];
  for (const [text, expected, where] of shapes) {
    it(text, () => {
      const inner = JSON.parse(text) as JsonObject;
      const fields = where === "body" ? inner : (inner["data"] as JsonObject);
      assert.deepEqual(readReport(body(text)), { ...expected, fields });
    });
  }

  for (const text of [
    "{}",
    '{"data":{}}',
    '{"dps":[true]}',
    '{"dps":"1"}',
    '{"dps":null}',
    '{"dpId":1,"value":true}',
    '{"reqType":"subdev_online_stat_report","data":{"online":[]}}',
  ]) {
    it(`finds no report in ${text}`, () => assert.equal(readReport(body(text)), undefined));
  }

  for (const text of [
    '{"dps":{},"cid":""}',
    '{"dps":{},"cid":7,"devId":null,"type":5}',
    '{"dps":{},"t":0}',
    '{"dps":{},"t":-5}',
    '{"dps":{},"t":1e999}',
    '{"dps":{},"t":"soon"}',
    '{"dps":{},"t":""}',
    '{"dps":{},"t":true}',
    '{"dps":{},"t":[5]}',
  ]) {
    it(`leaves out what is none: ${text}`, () => {
      const fields = JSON.parse(text) as JsonObject;
      assert.deepEqual(readReport(body(text)), { ...said(), fields });
    });
  }
});

describe("readChildrenReport", () => {
  const cases: readonly [string, ChildrenReport | undefined][] = [
    [
      '{"reqType":"subdev_online_stat_report","data":{"online":["a","b"],"offline":["c"],"nearby":["d"]}}',
      { online: ["a", "b"], offline: ["c"], nearby: ["d"] },
    ],
    ['{"data":{"online":["a"]}}', { online: ["a"], offline: [], nearby: [] }],
    ['{"data":{"offline":["a"]}}', { online: [], offline: ["a"], nearby: [] }],
    ['{"online":["a"]}', { online: ["a"], offline: [], nearby: [] }],
    ['{"data":{"online":[],"offline":[]}}', { online: [], offline: [], nearby: [] }],
    ['{"data":{"online":["a",7,null,{"cid":"b"}]}}', { online: ["a"], offline: [], nearby: [] }],
    ['{"online":["a"],"offline":["b"],"nearby":["c"]}', { online: ["a"], offline: ["b"], nearby: ["c"] }],
    ['{"data":{"nearby":["a"]}}', { online: [], offline: [], nearby: ["a"] }],
    ['{"data":{"online":"a"}}', undefined],
    ['{"data":{"dps":{"1":true}}}', undefined],
    ["{}", undefined],
  ];
  for (const [text, expected] of cases) {
    it(text, () => assert.deepEqual(readChildrenReport(body(text)), expected));
  }
});

/** What of a report a device can have. */
function possible(text: string): Report {
  const report = readReport(body(text));
  assert.ok(report, text);
  return possibleReport(report);
}

describe("possibleReport", () => {
  it("adds the numbers of the data points, and leaves all else as it was said", () => {
    for (const text of [
      '{"protocol":4,"t":5,"data":{"dps":{"1":true,"255":2},"cid":"C","devId":"D","type":"query"}}',
      '{"dps":{"255":2,"1":true}}',
    ]) {
      const report = readReport(body(text));
      assert.ok(report);
      assert.deepEqual(possibleReport(report), { ...report, numbers: ["1", "255"], isCut: false });
      assert.equal(possibleReport(report).dps, report.dps, "no copy");
    }
  });

  it("leaves data points out that no device has, and says so", () => {
    const report = possible('{"dps":{"1":true,"0":1,"256":2,"switch":3,"__proto__":{"a":1},"2":1e999}}');
    assert.deepEqual([report.dps, report.numbers, report.isCut], [{ "1": true }, ["1"], true]);
  });

  it("cannot be made to reach a prototype", () => {
    const { dps } = possible('{"dps":{"__proto__":{"9":true},"constructor":1,"toString":2,"1":3}}');
    assert.deepEqual(Object.entries(dps), [["1", 3]]);
    assert.equal(dps["9"], undefined);
    assert.equal(Object.getPrototypeOf(dps), Object.prototype);
    assert.equal(({} as Record<string, unknown>)["9"], undefined);
  });
});

describe("readReport, of ids that are none", () => {
  it("takes nothing for the values of a sub-device, or of the device itself, whose id is none", () => {
    const longest = "c".repeat(64);
    assert.equal(readReport(body(`{"dps":{"1":true},"cid":"${longest}"}`))?.cid, longest);
    assert.equal(readReport(body(`{"dps":{"1":true},"cid":"${longest}c"}`)), undefined);
    assert.equal(readReport(body(`{"data":{"dps":{"1":true},"cid":"${longest}c"}}`)), undefined);
    assert.equal(readReport(body(`{"dps":{"1":true},"devId":"${longest}d"}`))?.deviceId, undefined);
    const online = JSON.stringify([longest, `${longest}c`, 5, null, "a"]);
    assert.deepEqual(readChildrenReport(body(`{"data":{"online":${online}}}`))?.online, [longest, "a"]);
  });
});
