import assert from "node:assert/strict";
import { parseBody } from "../../src/protocol/message";
import {
  type ChildrenReport,
  readChildrenReport,
  readReport,
  reportNumber,
  type Report,
} from "../../src/protocol/report";

/** The body of a frame that has this text. */
function body(text: string): { readonly [name: string]: unknown } {
  const parsed = parseBody(Buffer.from(text));
  assert.ok(parsed.kind === "json", text);
  return parsed.value;
}

const report = (fields: Partial<Report>): Report => ({
  dps: {},
  numbers: Object.keys(fields.dps ?? {}),
  cid: undefined,
  deviceId: undefined,
  t: undefined,
  extras: undefined,
  type: undefined,
  ...fields,
});

describe("readReport", () => {
  const dps = { "1": true };
  const shapes: readonly [string, Report | undefined][] = [
    ['{"dps":{"1":true}}', report({ dps })],
    [
      '{"devId":"D","dps":{"1":true},"t":1700000000}',
      report({ dps, deviceId: "D", t: 1700000000, extras: { devId: "D" } }),
    ],
    [
      '{"gwId":"G","dps":{"1":true},"t":"1700000000"}',
      report({ dps, deviceId: "G", t: 1700000000, extras: { gwId: "G" } }),
    ],
    ['{"dps":{"1":true},"cid":"C","t":5}', report({ dps, cid: "C", t: 5, extras: { cid: "C" } })],
    ['{"protocol":4,"t":5,"data":{"dps":{"1":true}}}', report({ dps, t: 5 })],
    [
      '{"protocol":4,"t":5,"data":{"dps":{"1":true},"cid":"C","devId":"D","ctype":0,"type":"query"}}',
      report({
        dps,
        t: 5,
        cid: "C",
        deviceId: "D",
        extras: { cid: "C", devId: "D", ctype: 0, type: "query" },
        type: "query",
      }),
    ],
    ['{"dps":{"1":true},"type":"query"}', report({ dps, extras: { type: "query" }, type: "query" })],
    ['{"data":{"dps":{"1":true}}}', report({ dps })],
    ['{"data":{"dps":{"1":true}},"cid":"C"}', report({ dps, cid: "C" })],
    ['{"data":{"dps":{"1":true}},"devId":"D","type":"query"}', report({ dps, deviceId: "D", type: "query" })],
    ['{"data":{"cid":"C"},"dps":{"1":true}}', report({ dps, cid: "C", extras: { cid: "C" } })],
    ['{"data":{"dps":{"1":true},"t":7},"t":5}', report({ dps, t: 7 })],
    ['{"data":"x","dps":{"1":true}}', report({ dps, extras: { data: "x" } })],
    ['{"dps":{}}', report({})],
    ['{"dps":{"1":null,"2":[1],"3":{"a":1}}}', report({ dps: { "1": null, "2": [1], "3": { a: 1 } } })],
    ["{}", undefined],
    ['{"data":{}}', undefined],
    ['{"dps":[true]}', undefined],
    ['{"dps":"1"}', undefined],
    ['{"dps":null}', undefined],
    ['{"dpId":1,"value":true}', undefined],
    ['{"reqType":"subdev_online_stat_report","data":{"online":[]}}', undefined],
  ];
  for (const [text, expected] of shapes) {
    it(text, () => assert.deepEqual(readReport(body(text)), expected));
  }

  const strange: readonly [string, Report][] = [
    ['{"dps":{},"cid":""}', report({ extras: { cid: "" } })],
    ['{"dps":{},"cid":7,"devId":null,"type":5}', report({ extras: { cid: 7, devId: null, type: 5 } })],
    ['{"dps":{},"t":0}', report({})],
    ['{"dps":{},"t":-5}', report({})],
    ['{"dps":{},"t":1e999}', report({})],
    ['{"dps":{},"t":"soon"}', report({})],
    ['{"dps":{},"t":""}', report({})],
    ['{"dps":{},"t":true}', report({})],
    ['{"dps":{},"t":[5]}', report({})],
  ];
  for (const [text, expected] of strange) {
    it(`leaves out what is none: ${text}`, () => assert.deepEqual(readReport(body(text)), expected));
  }

  it("cannot be made to reach a prototype", () => {
    const read = readReport(body('{"dps":{"__proto__":{"9":true},"constructor":1,"toString":2,"1":3}}'));
    assert.ok(read);
    assert.deepEqual(Object.entries(read.dps), [["1", 3]]);
    assert.equal(read.dps["9"], undefined);
    assert.equal(Object.getPrototypeOf(read.dps), Object.prototype);
    assert.equal(({} as Record<string, unknown>)["9"], undefined);
    assert.deepEqual(readReport(body('{"dps":{},"__proto__":{"9":true},"a":1}'))?.extras, { a: 1 });
  });
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

describe("reportNumber", () => {
  const of = (header?: string) =>
    reportNumber({
      sequence: 0,
      command: 8,
      payload: Buffer.alloc(0),
      header: header === undefined ? undefined : Buffer.from(header, "hex"),
      encrypted: true,
    });

  it("stands behind version and CRC, from 3.2 on", () => {
    assert.equal(of("332e33" + "11223344" + "0000002a" + "00000001"), 42);
    // 3.1: version and signature.
    assert.equal(of("332e31" + "61".repeat(16)), 0);
    assert.equal(of(), 0);
  });
});

describe("readReport, of what no device says", () => {
  it("leaves data points out that no device has, and says so", () => {
    const read = readReport(
      body('{"dps":{"1":true,"0":1,"256":2,"switch":3,"__proto__":{"a":1},"2":1e999}}'),
    );
    assert.deepEqual([read?.dps, read?.numbers, read?.isCut], [{ "1": true }, ["1"], true]);
    assert.equal(Object.getPrototypeOf(read?.dps), Object.prototype);
    assert.equal(Object.hasOwn(readReport(body('{"dps":{"1":true,"255":2}}')) ?? {}, "isCut"), false);
  });

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
