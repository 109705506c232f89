import assert from "node:assert/strict";
import { readTemplate } from "../../src/import/template";

/** From reports in tuya-local's and hass-localtuya's trackers, as they were copied there. */
const BREAKER = [
  { code: "forward_energy_total", dp_id: 1, type: "value", value: 20 },
  { code: "phase_a", dp_id: 6, type: "raw", value: "CRwABN0AAOc=" },
  { code: "switch", custom_name: "Main", dp_id: 16, time: 1704045186093, type: "bool", value: true },
  { code: "alarm_lock", dp_id: 21, type: "enum", value: "low_battery" },
  { code: "fault", dp_id: 9, type: "fault", value: 0 },
];
const READ = [
  { dp: "1", code: "forward_energy_total", type: "Integer" },
  { dp: "6", code: "phase_a", type: "Raw" },
  { dp: "16", code: "switch", label: "Main", type: "Boolean" },
  { dp: "21", code: "alarm_lock", type: "Enum", event: true },
  { dp: "9", code: "fault", type: "Bitmap" },
];

describe("readTemplate: answers about properties", () => {
  for (const [what, value] of [
    ["whole", { result: { properties: BREAKER }, success: true, t: 1704045186093, tid: "x" }],
    ["without its wrapper", { properties: BREAKER }],
    ["as a list", BREAKER],
  ] as const) {
    it(`reads one ${what}, and says what it does not tell`, () => {
      const read = readTemplate(JSON.stringify(value));
      assert.ok(read.ok);
      assert.deepEqual(read.datapoints, READ);
      assert.equal(read.problems.length, 1);
      assert.match(read.problems[0] ?? "", /names and types only: scales/);
    });
  }

  it("reads an older one, of which only values tell the type", () => {
    const read = readTemplate(
      JSON.stringify({
        result: {
          properties: [
            { code: "cur_neutral", custom_name: "", dp_id: 2, time: 1701553948190, value: 0 },
            { code: "phase_a", custom_name: "", dp_id: 6, time: 1704045343994, value: "CWkAARgAACo=" },
            { code: "switch_prepayment", custom_name: "", dp_id: 11, value: false },
          ],
        },
      }),
    );
    assert.ok(read.ok);
    assert.deepEqual(read.datapoints, [
      { dp: "2", code: "cur_neutral", type: "Integer" },
      { dp: "6", code: "phase_a" },
      { dp: "11", code: "switch_prepayment", type: "Boolean" },
    ]);
  });
});

/** From tuya-local's tracker, shortened: a breaker with residual current, and a door. */
const MODEL = {
  modelId: "000004uq3k",
  services: [
    {
      actions: [],
      code: "",
      properties: [
        {
          abilityId: 1,
          accessMode: "ro",
          code: "total_forward_energy",
          extensions: { attribute: "128" },
          name: "正向总有功电量",
          typeSpec: {
            max: 99999999,
            min: 0,
            scale: 2,
            step: 1,
            type: "value",
            typeDefaultValue: 0,
            unit: "kW·h",
          },
        },
        {
          abilityId: 6,
          accessMode: "ro",
          code: "phase_a",
          name: "A",
          typeSpec: { maxlen: 128, type: "raw" },
        },
        {
          abilityId: 101,
          accessMode: "rw",
          code: "door_control_1",
          name: "Door",
          typeSpec: { range: ["open", "stop", "close"], type: "enum" },
        },
        { abilityId: 102, accessMode: "ro", code: "unlock_card", name: "", typeSpec: { type: "value" } },
      ],
    },
  ],
};
const MODEL_READ = [
  {
    dp: "1",
    code: "total_forward_energy",
    label: "正向总有功电量",
    type: "Integer",
    scale: 2,
    unit: "kW·h",
    min: 0,
    max: 99999999,
    step: 1,
    access: "ro",
  },
  { dp: "6", code: "phase_a", label: "A", type: "Raw", access: "ro" },
  {
    dp: "101",
    code: "door_control_1",
    label: "Door",
    type: "Enum",
    values: ["open", "stop", "close"],
    access: "rw",
  },
  { dp: "102", code: "unlock_card", type: "Integer", access: "ro", event: true },
];

describe("readTemplate: answers about the thing model", () => {
  for (const [what, value] of [
    ["as the platform answers it", { result: { model: JSON.stringify(MODEL) }, success: true, t: 1 }],
    ["unfolded", { result: { model: MODEL } }],
    ["without its wrapper", MODEL],
    ["of one service", MODEL.services[0]],
    ["as a list of properties", MODEL.services[0]?.properties],
  ] as const) {
    it(`reads one ${what}`, () => {
      const read = readTemplate(JSON.stringify(value));
      assert.ok(read.ok);
      assert.deepEqual(read.datapoints, MODEL_READ);
      assert.deepEqual(read.problems, []);
    });
  }
});

describe("readTemplate: other answers", () => {
  it("leaves open who may set what where there is one list only", () => {
    const functions = [{ code: "switch_1", dp_id: 1, type: "Boolean", values: "{}" }];
    for (const value of [{ result: { category: "cz", functions } }, functions]) {
      const read = readTemplate(JSON.stringify(value));
      assert.ok(read.ok);
      assert.deepEqual(read.datapoints, [{ dp: "1", code: "switch_1", type: "Boolean" }]);
    }
  });

  it("keeps instructions without numbers apart", () => {
    const item = { code: "switch_1", name: "Switch", type: "Boolean", values: "{}" };
    const read = readTemplate(
      JSON.stringify({ result: { functions: [item], status: [item] }, success: true }),
    );
    assert.ok(read.ok);
    assert.deepEqual(read.unnumbered, [{ code: "switch_1", label: "Switch", type: "Boolean", access: "rw" }]);
  });

  it("is not led astray by a device that calls its product a model", () => {
    const device = {
      id: "a",
      model: "PC399HA",
      functions: [{ code: "switch_1", dp_id: 1, type: "Boolean" }],
    };
    const read = readTemplate(JSON.stringify({ result: device }));
    assert.ok(read.ok);
    assert.deepEqual(read.datapoints, [{ dp: "1", code: "switch_1", type: "Boolean" }]);
  });

  it("says what it knows where it knows nothing of it", () => {
    for (const text of ["{}", '{"a": [1]}', "no table"]) {
      const read = readTemplate(text);
      assert.match(
        "says" in read ? read.says : "",
        /What is known: tables saved from here, .*YAML|tuya-local/,
      );
    }
  });
});
