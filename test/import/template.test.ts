import assert from "node:assert/strict";
import { readTemplate, type ReadTemplate } from "../../src/import/template";

const VOLTAGE = { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V" };
const MAPPING = {
  "1": { code: "switch_1", type: "Boolean", values: {} },
  "20": { code: "cur_voltage", type: "Integer", values: { unit: "V", scale: 1 } },
};

function good(text: string | object, id?: string): Extract<ReadTemplate, { ok: true }> {
  const read = readTemplate(typeof text === "string" ? text : JSON.stringify(text), id);
  assert.ok(read.ok, "says" in read ? read.says : "");
  return read;
}

function says(text: string | object): string {
  const read = readTemplate(typeof text === "string" ? text : JSON.stringify(text));
  return "says" in read ? read.says : "";
}

const dps = ({ datapoints }: { readonly datapoints: readonly { readonly dp: string }[] }) =>
  datapoints.map(({ dp }) => dp);

describe("readTemplate", () => {
  it("reads a table that was exported, and the bare list of one", () => {
    const read = good({ name: "Plug", categories: ["cz"], datapoints: [VOLTAGE] });
    assert.deepEqual(read, {
      ok: true,
      name: "Plug",
      categories: ["cz"],
      datapoints: [VOLTAGE],
      problems: [],
    });
    assert.deepEqual(good([VOLTAGE]).datapoints, [VOLTAGE]);
    assert.deepEqual(good({ category: "dj", datapoints: [VOLTAGE] }).categories, ["dj"]);
  });

  it("reads numbers of data points that are written as numbers", () => {
    const { datapoints, problems } = good([{ dp: 1, code: "switch_1" }, { dp: 0 }]);
    assert.deepEqual(datapoints, [{ dp: "1", code: "switch_1" }]);
    assert.deepEqual(problems, ["Data point entry 2 has no data point number."]);
  });

  it("reads tinytuya's mapping, alone or in its device", () => {
    assert.deepEqual(dps(good(MAPPING)), ["1", "20"]);
    const device = { id: "a", name: "Plug", category: "cz", key: "0123456789abcdef", mapping: MAPPING };
    const read = good([device]);
    assert.deepEqual([read.name, read.categories, dps(read)], ["Plug", ["cz"], ["1", "20"]]);
    assert.ok(!JSON.stringify(read).includes("0123456789abcdef"));
  });

  it("takes of several devices the one that is meant", () => {
    const list = [
      { id: "a", mapping: { "1": MAPPING["1"] } },
      { id: "b", mapping: MAPPING },
      { id: "c", mapping: {} },
    ];
    assert.deepEqual(dps(good(list, "b")), ["1", "20"]);
    assert.deepEqual(dps(good({ devices: list }, "a")), ["1"]);
    assert.match(says(list), /^The text describes 2 devices, and none of them has the id of this one/);
  });

  it("reads what the cloud answers", () => {
    const functions = [{ code: "switch_1", dp_id: 1, type: "Boolean", values: "{}" }];
    const status = [
      ...functions,
      { code: "va_temperature", dp_id: 8, type: "Integer", values: '{"scale":1}' },
    ];
    const answer = { success: true, result: { category: "wk", functions, status } };
    const read = good(answer);
    assert.deepEqual(read.categories, ["wk"]);
    assert.deepEqual(read.datapoints, [
      { dp: "1", code: "switch_1", type: "Boolean", access: "rw" },
      { dp: "8", code: "va_temperature", type: "Integer", scale: 1, access: "ro" },
    ]);
    assert.deepEqual(dps(good(status)), ["1", "8"]);
    const model = {
      services: [{ properties: [{ abilityId: 3, code: "x", accessMode: "ro", typeSpec: { type: "bool" } }] }],
    };
    assert.deepEqual(dps(good({ result: { model: JSON.stringify(model) } })), ["3"]);
  });

  it("reads names by number", () => {
    assert.deepEqual(good({ "1": "state" }).datapoints, [{ dp: "1", code: "state" }]);
  });

  it("reads the nodes of an exported flow", () => {
    const node = { id: "n1", type: "tuya-device", name: "Plug", deviceId: "vdev1", datapoints: [VOLTAGE] };
    const read = good([{ id: "t", type: "tab" }, node, { id: "i", type: "tuya-in", dps: "1" }]);
    assert.deepEqual([read.name, dps(read)], ["Plug", ["20"]]);
  });

  it("reads text around and in it as people paste it", () => {
    assert.deepEqual(dps(good(`My table:\n\n{datapoints: [{dp: '1', /* on */ code: 'a'},],}\n`)), ["1"]);
  });

  it("says what is wrong, and where", () => {
    assert.match(says(""), /no table of data points/);
    assert.match(says("hello"), /no table of data points/);
    assert.match(says('{\n"datapoints": [\n{"dp" "1"}'), /^Line 3: /);
    assert.match(says("[{}]\n[{}]"), /^Line 2: there is more behind/);
    assert.match(says({ success: false, msg: "token invalid" }), /an error of the Tuya cloud/);
    for (const nothing of [{}, [], { datapoints: [] }, [{ id: "a" }], { devices: [] }]) {
      assert.match(says(nothing), /describes no data points/);
    }
    assert.match(says("[".repeat(100)), /^Line 1: /);
    assert.match(says(`[${" ".repeat(16_000_001)}]`), /too long/);
  });

  it("says what it left out", () => {
    assert.equal(good({ datapoints: [VOLTAGE, { dp: "20", code: "again" }] }).problems.length, 1);
  });
});
