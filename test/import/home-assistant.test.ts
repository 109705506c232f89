import assert from "node:assert/strict";
import { readTemplate } from "../../src/import/template";

/** As Home Assistant 2025 writes it (its fixture dlq_cnpkf4xdmd9v49iq), shortened. */
const BREAKER = {
  id: "6cc36eea3d49a8acf0dxi3",
  name: "断路器HA",
  category: "dlq",
  function: {
    switch: { type: "Boolean", value: {} },
    alarm_set_1: { type: "Raw", value: {} },
    online_state: { type: "Enum", value: { range: ["online", "offline"] } },
  },
  status_range: {
    forward_energy_total: {
      type: "Integer",
      value: { unit: "kW·h", min: 0, max: 99999999, scale: 3, step: 1 },
    },
    phase_a: { type: "Raw", value: {} },
    fault: { type: "Bitmap", value: { label: ["short_circuit_alarm", "surge_alarm"] } },
    switch: { type: "Boolean", value: {} },
    alarm_set_1: { type: "Raw", value: {} },
  },
  status: { forward_energy_total: 120, phase_a: "Ag8JJQAASAAACAAAAAAACGME", fault: 0, switch: false },
  set_up: true,
  support_local: true,
};

/** As tuya-device-sharing-sdk keeps it. */
const STRATEGY = {
  "1": strategy("forward_energy_total", "Integer"),
  "6": strategy("phase_a", "Raw"),
  "9": strategy("fault", "Bitmap"),
  "16": strategy("switch", "Boolean"),
  "17": strategy("alarm_set_1", "Raw"),
  "109": strategy("online_state", "Enum"),
  "110": {
    ...strategy("breaker_number", "String"),
    config_item: { valueType: "String", valueDesc: '{"maxlen":255}', statusFormat: "{}", pid: "x" },
  },
};

function strategy(code: string, valueType: string) {
  return {
    value_convert: "default",
    status_code: code,
    config_item: {
      statusFormat: `{"${code}":"$"}`,
      valueDesc: "{}",
      valueType,
      enumMappingMap: {},
      pid: "x",
    },
  };
}

const WRAPPER = { home_assistant: { version: "2026.1.0" }, custom_components: {}, integration_manifest: {} };

describe("readTemplate: Home Assistant's diagnostics", () => {
  it("takes numbers from the local strategy, and the rest from functions and ranges", () => {
    const read = readTemplate(
      JSON.stringify({ ...WRAPPER, data: { ...BREAKER, local_strategy: STRATEGY, mqtt_connected: true } }),
    );
    assert.ok(read.ok);
    assert.deepEqual([read.name, read.categories], ["断路器HA", ["dlq"]]);
    assert.deepEqual(
      [...read.datapoints].sort((a, b) => Number(a.dp) - Number(b.dp)),
      [
        {
          dp: "1",
          code: "forward_energy_total",
          type: "Integer",
          scale: 3,
          unit: "kW·h",
          min: 0,
          max: 99999999,
          step: 1,
          access: "ro",
        },
        { dp: "6", code: "phase_a", type: "Raw", access: "ro" },
        {
          dp: "9",
          code: "fault",
          type: "Bitmap",
          values: ["short_circuit_alarm", "surge_alarm"],
          access: "ro",
        },
        { dp: "16", code: "switch", type: "Boolean", access: "rw" },
        { dp: "17", code: "alarm_set_1", type: "Raw", access: "rw" },
        { dp: "109", code: "online_state", type: "Enum", values: ["online", "offline"], access: "wr" },
        { dp: "110", code: "breaker_number", type: "String" },
      ],
    );
    assert.equal(read.unnumbered, undefined);
    assert.deepEqual(read.problems, []);
  });

  it("keeps what has no number apart, and says so", () => {
    const read = readTemplate(JSON.stringify({ data: BREAKER }));
    assert.ok(read.ok);
    assert.deepEqual(read.datapoints, []);
    assert.equal(read.unnumbered?.length, 6);
    assert.deepEqual(
      read.unnumbered?.find(({ code }) => code === "switch"),
      { code: "switch", type: "Boolean", access: "rw" },
    );
    assert.equal(read.problems.length, 1);
    assert.match(
      read.problems[0] ?? "",
      /^The text does not tell the numbers of switch, alarm_set_1, .*: rows/,
    );
  });

  it("takes of the diagnostics of all devices the one that is meant", () => {
    const other = {
      ...BREAKER,
      id: "other",
      function: {},
      status_range: { x: { type: "Boolean", value: {} } },
    };
    const text = JSON.stringify({ data: { devices: [other, { ...BREAKER, local_strategy: STRATEGY }] } });
    const read = readTemplate(text, BREAKER.id);
    assert.ok(read.ok);
    assert.equal(read.datapoints.length, 7);
    assert.equal(readTemplate(text).ok, false);
  });

  it("does not say who may set what where one of the lists is empty", () => {
    const device = { ...BREAKER, function: {}, local_strategy: { "16": "switch" } };
    const read = readTemplate(JSON.stringify(device));
    assert.ok(read.ok);
    assert.deepEqual(read.datapoints, [{ dp: "16", code: "switch", type: "Boolean" }]);
  });
});
