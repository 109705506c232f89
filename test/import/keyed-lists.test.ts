import assert from "node:assert/strict";
import { readYaml } from "../../nodes/editor/resources/yaml";
import type { ImportedDevice } from "../../src/import/imported-device";
import { readDevices } from "../../src/import/read-devices";

const KEY = "7{O<&\"$M}N0z/'|q";
const KETTLE = "bfkettle000000000001";
const LAMP = "bflamp00000000000002";

function read(value: unknown): readonly ImportedDevice[] {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const result = readDevices(text, readYaml);
  assert.ok(result.ok, result.ok ? "" : result.says);
  return result.devices;
}

/** Id, name, key, address and version. */
function facts(devices: readonly ImportedDevice[]): unknown[] {
  return devices.map(({ id, name, localKey, ip, version }) => [id, name, localKey, ip, version]);
}

describe("readDevices: objects of devices", () => {
  it("takes the id inside for the id, and the key for the name", () => {
    const list = {
      kitchen: { device_id: KETTLE, local_key: KEY },
      hall: { id: LAMP, key: KEY, ip: "192.168.0.2", version: 3.4 },
    };
    const expected = [
      [KETTLE, "kitchen", KEY, undefined, undefined],
      [LAMP, "hall", KEY, "192.168.0.2", "3.4"],
    ];
    for (const value of [list, { devices: list }, { result: { list } }]) {
      assert.deepEqual(facts(read(value)), expected);
    }
  });

  it("keeps a name inside, and the key for an id where there is none inside", () => {
    assert.deepEqual(
      facts(
        read({
          "192.168.0.7": { gwId: KETTLE, localKey: KEY, name: "Kettle" },
          [LAMP]: { local_key: KEY, friendly_name: "Lamp" },
        }),
      ),
      [
        [KETTLE, "Kettle", KEY, undefined, undefined],
        [LAMP, "Lamp", KEY, undefined, undefined],
      ],
    );
  });

  it("finds them by room, and in it by name", () => {
    const lamp = { device_id: LAMP, local_key: KEY };
    const rooms = { kitchen: { kettle: { device_id: KETTLE, local_key: KEY } }, hall: { lamp } };
    const expected = [
      [KETTLE, "kettle", KEY, undefined, undefined],
      [LAMP, "lamp", KEY, undefined, undefined],
    ];
    assert.deepEqual(facts(read(rooms)), expected);
    assert.deepEqual(facts(read({ home: { rooms }, count: 2 })), expected);
    const inLists = {
      kitchen: [{ id: KETTLE, name: "Kettle", key: KEY }],
      hall: [{ ...lamp, name: "Lamp" }],
    };
    assert.deepEqual(
      facts(read(inLists)).map((fact) => (fact as unknown[])[1]),
      ["Kettle", "Lamp"],
    );
  });

  it("does not take the number of an entry for the id of a device", () => {
    assert.deepEqual(facts(read({ kitchen: { id: 1, device_id: KETTLE, local_key: KEY } })), [
      [KETTLE, "kitchen", KEY, undefined, undefined],
    ]);
    assert.deepEqual(facts(read([{ id: "7", devId: KETTLE, key: KEY, name: "Kettle" }])), [
      [KETTLE, "Kettle", KEY, undefined, undefined],
    ]);
  });

  it("leaves out what is no device among them", () => {
    assert.equal(
      read({ version: 2, note: { text: "x" }, kitchen: { device_id: KETTLE, local_key: KEY } }).length,
      1,
    );
  });
});

/** As localtuya keeps a device, in the shape of its documentation; its successor adds codes to what it saw. */
const CONFIGURED = {
  friendly_name: "Kettle",
  host: "192.168.0.23",
  device_id: KETTLE,
  local_key: KEY,
  protocol_version: "3.3",
  model: "plug",
  entities: [
    { friendly_name: "Kettle", platform: "switch", id: 1, current: 18 },
    { friendly_name: "Volts", platform: "sensor", id: 20, scaling: 0.1, unit_of_measurement: "V" },
    { friendly_name: "Floor", platform: "sensor", id: 102, scaling: 0.5, unit_of_measurement: "°C" },
    { friendly_name: "After a cut", platform: "select", id: 38, select_options: "on;off;memory" },
  ],
  dps_strings: [
    "1 (value: True)",
    "18 ( code: cur_current , value: 0 )",
    "20 (value: 2301)",
    "38 (value: memory)",
  ],
};
const EXPECTED = [[KETTLE, "Kettle", KEY, "192.168.0.23", "3.3"]];
const TABLE = [
  { dp: "1", label: "Kettle", type: "Boolean" },
  { dp: "18", code: "cur_current", type: "Integer" },
  { dp: "20", label: "Volts", type: "Integer", scale: 1, unit: "V" },
  { dp: "38", label: "After a cut", type: "Enum", values: ["on", "off", "memory"] },
  { dp: "102", label: "Floor", type: "Integer", divisor: 2, unit: "°C" },
];

describe("readDevices: localtuya", () => {
  it("reads the devices of its entry, by id, as its diagnostics and Home Assistant's storage hold them", () => {
    const data = { region: "eu", client_id: "x", no_cloud: true, devices: { [KETTLE]: CONFIGURED } };
    const other = { domain: "esphome", entry_id: "1", data: { device_id: "not-of-tuya-00000000", key: "x" } };
    const entry = { domain: "localtuya", entry_id: "2", data, options: {}, title: "localtuya" };
    for (const value of [
      { devices: { [KETTLE]: CONFIGURED } },
      data,
      entry,
      { home_assistant: {}, custom_components: {}, data },
      { version: 1, minor_version: 4, key: "core.config_entries", data: { entries: [other, entry] } },
    ]) {
      const devices = read(value);
      assert.deepEqual(facts(devices), EXPECTED);
      assert.deepEqual(devices[0]?.datapoints, TABLE);
    }
  });

  it("gives a device without a name not that of the account", () => {
    const devices = { [KETTLE]: { device_id: KETTLE, local_key: KEY } };
    const [device] = read({ domain: "localtuya", title: "me@example.com", data: { devices } });
    assert.equal(device?.name, KETTLE);
  });

  it("reads the older entries, one for each device, and those of tuya-local", () => {
    const entries = [
      { domain: "localtuya", data: CONFIGURED },
      {
        domain: "tuya_local",
        data: { device_id: LAMP, local_key: KEY, host: "192.168.0.9", protocol_version: 3.5 },
      },
    ];
    assert.deepEqual(facts(read({ data: { entries } })), [
      ...EXPECTED,
      [LAMP, LAMP, KEY, "192.168.0.9", "3.5"],
    ]);
  });

  it("takes names of tuya-local from titles, and its sub-devices with their gateway", () => {
    const gateway = { device_id: "bfgate00000000000001", local_key: KEY, host: "192.168.0.9" };
    const entry = (title: string, data: object) => ({ domain: "tuya_local", title, data });
    const devices = read({
      data: {
        entries: [
          entry("Lamp", {
            device_id: LAMP,
            local_key: "kV3tWq8ZrX1nLp5e",
            host: "192.168.0.8",
            device_cid: "",
          }),
          entry("Door", { ...gateway, device_cid: "a4c138aabbccddee" }),
          entry("Window", { ...gateway, device_cid: "a4c138aabbccddef" }),
        ],
      },
    });
    assert.deepEqual(
      devices.map(({ id, name, kind, cid, gatewayId, ip }) => [id, name, kind, cid, gatewayId, ip]),
      [
        [LAMP, "Lamp", "wifi", undefined, undefined, "192.168.0.8"],
        ["a4c138aabbccddee", "Door", "child", "a4c138aabbccddee", gateway.device_id, undefined],
        ["a4c138aabbccddef", "Window", "child", "a4c138aabbccddef", gateway.device_id, undefined],
        [gateway.device_id, gateway.device_id, "gateway", undefined, undefined, "192.168.0.9"],
      ],
    );
    assert.deepEqual(
      devices.map(({ problems }) => problems),
      [[], [], [], []],
    );
    assert.equal(devices[3]?.localKey, KEY);
  });

  it("takes from tuya-local what was changed later, such as the key", () => {
    const data = {
      device_id: LAMP,
      local_key: "kV3tWq8ZrX1nLp5e",
      host: "192.168.0.8",
      protocol_version: 3.3,
    };
    const options = { local_key: KEY, host: "192.168.0.9" };
    const entry = { domain: "tuya_local", title: "Lamp", data, options };
    assert.deepEqual(facts(read({ data: { entries: [entry, { ...entry, domain: "other" }] } })), [
      [LAMP, "Lamp", KEY, "192.168.0.9", "3.3"],
    ]);
  });

  it("reads its YAML, with the key as it is quoted there", () => {
    const yaml = `# configuration.yaml
localtuya:
  - host: 192.168.0.23
    device_id: ${KETTLE}
    local_key: '${KEY.replace("'", "''")}'
    friendly_name: Kettle
    protocol_version: 3.3
    entities:
      - platform: switch
        friendly_name: Kettle
        id: 1
  - host: 192.168.0.24
    device_id: 00200682600194382000
    local_key: !secret lamp
    friendly_name: Old lamp
`;
    assert.deepEqual(facts(read(yaml)), [
      ...EXPECTED,
      // An id of digits stays what it is; a key that is elsewhere is missing.
      ["00200682600194382000", "Old lamp", "", "192.168.0.24", undefined],
    ]);
    assert.deepEqual(readDevices(yaml), {
      ok: false,
      isYaml: true,
      says: "The text is YAML, which cannot be read here. Nothing was imported.",
    });
    const broken = readDevices(yaml.replace("!secret lamp", `*${KEY}`), readYaml);
    assert.match("says" in broken ? broken.says : "", /^Line 1[2-4]: [a-z ]+\. Nothing was imported\.$/);
    assert.ok(!JSON.stringify(broken).includes("M}N0z"));
  });
});
