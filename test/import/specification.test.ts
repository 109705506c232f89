import assert from "node:assert/strict";
import { readMapping, readNames, readSpecification, readTable } from "../../src/import/specification";

describe("readMapping", () => {
  const table: [string, object, object][] = [
    ["a Boolean", { code: "switch_1", type: "Boolean", values: {} }, { code: "switch_1", type: "Boolean" }],
    [
      "a number with everything",
      { code: "cur_voltage", type: "Integer", values: { unit: "V", min: 0, max: 5000, scale: 1, step: 1 } },
      { code: "cur_voltage", type: "Integer", unit: "V", min: 0, max: 5000, scale: 1, step: 1 },
    ],
    [
      "values as a text",
      { code: "cur_power", type: "Integer", values: '{"unit":"W","min":0,"max":50000,"scale":1,"step":1}' },
      { code: "cur_power", type: "Integer", unit: "W", min: 0, max: 50000, scale: 1, step: 1 },
    ],
    [
      "raw_values where there are no others",
      { code: "mode", type: "Enum", raw_values: '{"range":["a","b"]}' },
      { code: "mode", type: "Enum", values: ["a", "b"] },
    ],
    [
      "labels of a bitmap",
      { code: "fault", type: "Bitmap", values: { label: ["x", "y"], maxlen: 2 } },
      { code: "fault", type: "Bitmap", values: ["x", "y"] },
    ],
    [
      "a colour up to 255",
      {
        code: "colour_data",
        type: "Json",
        values: { h: { max: 360, scale: 0 }, s: { min: 1, max: 255 }, v: { max: 255 } },
      },
      { code: "colour_data", type: "Json", max: 255 },
    ],
    [
      "a colour of which nothing is said",
      { code: "colour_data", type: "Json", values: {} },
      { code: "colour_data", type: "Json" },
    ],
    [
      "a button, each press of which counts",
      {
        code: "switch1_value",
        type: "Enum",
        values: { range: ["single_click", "double_click", "long_press"] },
      },
      {
        code: "switch1_value",
        type: "Enum",
        values: ["single_click", "double_click", "long_press"],
        event: true,
      },
    ],
    [
      "an increment",
      { code: "add_ele", type: "Integer", values: { scale: 3 } },
      { code: "add_ele", type: "Integer", scale: 3, accumulate: true },
    ],
    [
      "values that are none",
      { code: "x", type: "Integer", values: "{broken" },
      { code: "x", type: "Integer" },
    ],
    ["no type", { code: "x" }, { code: "x" }],
  ];
  for (const [what, item, entry] of table) {
    it(`reads ${what}`, () => {
      assert.deepEqual(readMapping({ "7": item }), { datapoints: [{ dp: "7", ...entry }], problems: [] });
    });
  }

  it("leaves out what has no number, and names what it changed", () => {
    const { datapoints, problems } = readMapping({
      "1": { code: "a", type: "Boolean" },
      "2": { code: "a", type: "Boolean" },
      x: { code: "b" },
      "3": null,
    });
    assert.deepEqual(datapoints, [
      { dp: "1", code: "a", type: "Boolean" },
      { dp: "2", type: "Boolean" },
      { dp: "3" },
    ]);
    assert.deepEqual(problems, [
      "The name a is given twice; data point 2 keeps its number.",
      "Data point entry 4 has no data point number.",
    ]);
  });

  it("is empty where there is none", () => {
    for (const mapping of [null, undefined, "", [], 5, "x", {}]) {
      assert.deepEqual(readMapping(mapping), { datapoints: [], problems: [] });
    }
  });

  it("ends somewhere", () => {
    const endless = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [index + 1, { code: `c${index}` }]),
    );
    const { datapoints, problems } = readMapping(endless);
    assert.equal(datapoints.length, 500);
    assert.match(problems.join(), /first 500/);
  });
});

describe("readSpecification", () => {
  it("reads functions and status", () => {
    const { datapoints } = readSpecification({
      category: "cz",
      functions: [
        { dp_id: 1, code: "switch_1", type: "Boolean", values: "{}" },
        { dp_id: 101, code: "clear", type: "Boolean", values: "{}" },
      ],
      status: [
        { dp_id: 1, code: "switch_1", type: "Boolean", values: "{}" },
        {
          dp_id: 20,
          code: "cur_voltage",
          name: "Voltage",
          type: "Integer",
          values: '{"unit":"V","scale":1}',
        },
      ],
    });
    assert.deepEqual(datapoints, [
      { dp: "1", code: "switch_1", type: "Boolean", access: "rw" },
      { dp: "101", code: "clear", type: "Boolean", access: "wr" },
      { dp: "20", code: "cur_voltage", label: "Voltage", type: "Integer", scale: 1, unit: "V", access: "ro" },
    ]);
  });

  const model = {
    services: [
      {
        properties: [
          { abilityId: 1, code: "switch_1", name: "Switch", accessMode: "rw", typeSpec: { type: "bool" } },
          {
            abilityId: 20,
            code: "cur_voltage",
            accessMode: "ro",
            typeSpec: { type: "value", min: 0, max: 5000, scale: 1, step: 1, unit: "V" },
          },
          {
            abilityId: 26,
            code: "fault",
            accessMode: "ro",
            typeSpec: { type: "bitmap", label: ["a", "b"], maxlen: 2 },
          },
          {
            abilityId: 38,
            code: "relay_status",
            accessMode: "wr",
            typeSpec: { type: "enum", range: ["off", "on"] },
          },
        ],
      },
      {},
      null,
    ],
  };
  const expected = [
    { dp: "1", code: "switch_1", label: "Switch", type: "Boolean", access: "rw" },
    {
      dp: "20",
      code: "cur_voltage",
      type: "Integer",
      scale: 1,
      unit: "V",
      min: 0,
      max: 5000,
      step: 1,
      access: "ro",
    },
    { dp: "26", code: "fault", type: "Bitmap", values: ["a", "b"], access: "ro" },
    { dp: "38", code: "relay_status", type: "Enum", values: ["off", "on"], access: "wr" },
  ];
  for (const [what, value] of [
    ["a thing model", model],
    ["a thing model as a text", JSON.stringify(model)],
    ["a thing model in an answer of the cloud", { model: JSON.stringify(model) }],
  ] as const) {
    it(`reads ${what}`, () => assert.deepEqual(readSpecification(value).datapoints, expected));
  }

  it("is empty where there is none", () => {
    for (const value of [
      null,
      undefined,
      "",
      "x",
      [],
      5,
      {},
      { functions: 5 },
      { status: [{ code: "a", value: 1 }] },
    ]) {
      assert.deepEqual(readSpecification(value), { datapoints: [], problems: [] });
    }
  });
});

describe("readNames and readTable", () => {
  it("read names of data points, as an object or a text", () => {
    for (const names of [{ "1": "state" }, '{"1":"state"}', "{1: 'state'}"]) {
      assert.deepEqual(readNames(names).datapoints, [{ dp: "1", code: "state" }]);
    }
    assert.deepEqual(readNames("").datapoints, []);
  });

  it("read a table as it was written", () => {
    const table = [{ dp: "1", code: "a", type: "Enum", values: ["x"], event: true }];
    assert.deepEqual(readTable(table), { datapoints: table, problems: [] });
    for (const none of [undefined, null, "x", {}]) assert.deepEqual(readTable(none).datapoints, []);
  });
});
