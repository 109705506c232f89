import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import type { ImportedDevice } from "../../src/import/imported-device";
import { type ImportResult, readDevices } from "../../src/import/read-devices";
import { Random } from "../support/random";

const KEYS = ["7{O<&\"$M}N0z/'|q", "kV3tWq8ZrX1nLp5e", "aB3$dE6&gH9(jK2)"] as const;
const [KEY_1, KEY_2, KEY_3] = KEYS;

function fixture(name: string): string {
  return readFileSync(`test/import/fixtures/${name}`, "utf8");
}

function read(text: string): Extract<ImportResult, { ok: true }> {
  const result = readDevices(text);
  assert.ok(result.ok, result.ok ? "" : result.says);
  return result;
}

/** What there is of a device, but for its data points. */
function withoutTables(devices: readonly ImportedDevice[]): object[] {
  return devices.map(({ datapoints: _table, ...device }) => device);
}

const PLUG_TABLE = [
  { dp: "1", code: "switch_1", type: "Boolean" },
  { dp: "9", code: "countdown_1", type: "Integer", unit: "s", min: 0, max: 86400, step: 1 },
  { dp: "17", code: "add_ele", type: "Integer", scale: 3, min: 0, max: 50000, step: 100, accumulate: true },
  { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V", min: 0, max: 5000, step: 1 },
  { dp: "26", code: "fault", type: "Bitmap", values: ["ov_cr", "ov_vol"] },
  { dp: "38", code: "relay_status", type: "Enum", values: ["power_off", "power_on", "last"] },
];

describe("readDevices: devices.json of tinytuya", () => {
  const { devices, problems, kind } = read(fixture("devices.json"));

  it("reads names, ids, keys, addresses and versions, gateways and what is behind them", () => {
    assert.equal(kind, "list");
    assert.deepEqual(problems, []);
    assert.deepEqual(withoutTables(devices), [
      {
        id: "bfplug00000000000001",
        name: "Kitchen plug",
        localKey: KEY_1,
        ip: "192.0.2.11",
        version: "3.3",
        category: "cz",
        productKey: "prodplug00000001",
        kind: "wifi",
        problems: [],
      },
      {
        id: "bflamp00000000000002",
        name: "Hall lamp",
        localKey: KEY_2,
        category: "dj",
        productKey: "prodlamp00000002",
        kind: "wifi",
        problems: [],
      },
      {
        id: "bfgate00000000000003",
        name: "Gateway",
        localKey: KEY_3,
        ip: "192.0.2.13",
        version: "3.4",
        category: "wg2",
        productKey: "prodgate00000003",
        kind: "gateway",
        problems: [],
      },
      {
        id: "bfsens00000000000004",
        name: "Bedroom sensor",
        localKey: KEY_3,
        category: "wsdcg",
        productKey: "prodsens00000004",
        gatewayId: "bfgate00000000000003",
        cid: "a4c1380000000004",
        kind: "child",
        problems: [],
      },
      {
        id: "bfdoor00000000000005",
        name: "Door",
        localKey: KEY_3,
        category: "mcs",
        productKey: "proddoor00000005",
        gatewayId: "bfgate00000000000003",
        cid: "a4c1380000000005",
        kind: "child",
        problems: [],
      },
    ]);
  });

  it("reads the mapping", () => {
    assert.deepEqual(devices[0]?.datapoints, PLUG_TABLE);
    assert.deepEqual(devices[1]?.datapoints[3], {
      dp: "24",
      code: "colour_data_v2",
      type: "Json",
      max: 1000,
    });
    assert.deepEqual(devices[2]?.datapoints, []);
  });
});

describe("readDevices: other lists", () => {
  it("reads snapshot.json of tinytuya, with the values in it", () => {
    const { devices } = read(fixture("snapshot.json"));
    assert.deepEqual(devices, [
      {
        id: "bfplug00000000000001",
        name: "Kitchen plug",
        localKey: KEY_1,
        ip: "192.0.2.11",
        version: "3.3",
        productKey: "prodplug00000001",
        kind: "wifi",
        datapoints: [],
        values: { "1": true, "20": 2301 },
        problems: [],
      },
      {
        id: "bflamp00000000000002",
        name: "Hall lamp",
        localKey: KEY_2,
        kind: "wifi",
        datapoints: [],
        problems: [],
      },
    ]);
  });

  it("reads tuya-raw.json of tinytuya, without the address of the router", () => {
    const { devices } = read(fixture("tuya-raw.json"));
    assert.deepEqual(
      devices.map(({ id, name, localKey, ip, kind, gatewayId, cid }) => ({
        id,
        name,
        localKey,
        ip,
        kind,
        gatewayId,
        cid,
      })),
      [
        {
          id: "bfplug00000000000001",
          name: "Kitchen plug",
          localKey: KEY_1,
          ip: undefined,
          kind: "wifi",
          gatewayId: undefined,
          cid: undefined,
        },
        {
          id: "bfsens00000000000004",
          name: "Bedroom sensor",
          localKey: KEY_3,
          ip: undefined,
          kind: "child",
          gatewayId: "bfgate00000000000003",
          cid: "a4c1380000000004",
        },
        {
          id: "bfgate00000000000003",
          name: "Gateway",
          localKey: KEY_3,
          ip: "127.0.0.13",
          kind: "gateway",
          gatewayId: undefined,
          cid: undefined,
        },
      ],
    );
    assert.deepEqual(devices[0]?.datapoints, PLUG_TABLE);
  });

  it("reads what tuya-cli prints, between prompts and in colours", () => {
    const { devices } = read(fixture("tuya-cli.txt"));
    assert.deepEqual(devices, [
      {
        id: "bfplug00000000000001",
        name: "Kitchen plug",
        localKey: KEY_1,
        kind: "wifi",
        datapoints: [],
        problems: [],
      },
      {
        id: "bflamp00000000000002",
        name: "Bob's lamp",
        localKey: KEY_2,
        kind: "wifi",
        datapoints: [],
        problems: [],
      },
    ]);
  });

  it("reads whatever Node.js prints of such a list", () => {
    const random = new Random(3);
    const list = Array.from({ length: 40 }, (_, index) => ({
      name: random.text(random.between(1, 80)).trim() || "x",
      id: `bf${index}`,
      key: Array.from({ length: 16 }, () => String.fromCharCode(random.between(0x21, 0x7e))).join(""),
    }));
    for (const breakLength of [20, 80, 200]) {
      const { devices } = read(inspect(list, { breakLength, maxArrayLength: null, colors: true }));
      assert.deepEqual(
        devices.map(({ name, id, localKey }) => ({ name, id, key: localKey })),
        list,
      );
    }
  });

  const single = { id: "bf01", name: "Lamp", key: KEY_2 };
  const shapes: [string, unknown][] = [
    ["a single device", single],
    ["a list", [single]],
    ["a list below devices", { devices: [single] }],
    ["a list below result and list", { result: { list: [single] }, success: true }],
    ["an object of devices by id", { bf01: { name: "Lamp", key: KEY_2 } }],
    ["the words of localtuya", [{ device_id: "bf01", name: "Lamp", local_key: KEY_2 }]],
    ["the words of announcements", [{ gwId: "bf01", name: "Lamp", key: KEY_2 }]],
  ];
  for (const [what, value] of shapes) {
    it(`reads ${what}`, () => {
      const [device] = read(JSON.stringify(value)).devices;
      assert.deepEqual([device?.id, device?.name, device?.localKey], ["bf01", "Lamp", KEY_2]);
    });
  }

  it("reads the specification of the cloud beside a device", () => {
    const specification = {
      functions: [{ dp_id: 1, code: "switch", type: "Boolean", values: "{}" }],
      status: [
        { dp_id: 1, code: "switch", type: "Boolean", values: "{}" },
        { dp_id: 6, code: "phase_a", type: "Raw", values: "{}" },
      ],
    };
    const [device] = read(JSON.stringify([{ ...single, specification }])).devices;
    assert.deepEqual(device?.datapoints, [
      { dp: "1", code: "switch", type: "Boolean", access: "rw" },
      { dp: "6", code: "phase_a", type: "Raw", access: "ro" },
    ]);
  });

  it("reads sub-devices printed below their gateway", () => {
    const { devices } = read(
      `[{ name: 'Gateway', id: 'bf01', key: '${KEY_2}', subDevices: [{ name: 'Sensor', id: 'bf02', cid: 'a4c1' }] }]`,
    );
    assert.deepEqual(
      devices.map(({ id, kind, gatewayId, cid }) => ({ id, kind, gatewayId, cid })),
      [
        { id: "bf01", kind: "gateway", gatewayId: undefined, cid: undefined },
        { id: "bf02", kind: "child", gatewayId: "bf01", cid: "a4c1" },
      ],
    );
  });
});

describe("readDevices: flows", () => {
  it("reads nodes of node-red-contrib-tuya-smart-device, and names the hub", () => {
    const { kind, devices, problems } = read(fixture("smart-device-flow.json"));
    assert.equal(kind, "flow");
    assert.deepEqual(devices, [
      {
        id: "bfplug00000000000001",
        name: "Kitchen plug",
        localKey: KEY_1,
        ip: "192.0.2.11",
        version: "3.3",
        kind: "wifi",
        datapoints: [],
        problems: [],
      },
      {
        id: "bflamp00000000000002",
        name: "Hall lamp",
        localKey: KEY_2,
        kind: "wifi",
        datapoints: [],
        problems: [],
      },
    ]);
    assert.equal(problems.length, 3);
    assert.match(problems.join("\n"), /^The node hub gets id and key/m);
    assert.match(problems.join("\n"), /^Kitchen plug again is in the list twice/m);
    assert.match(problems.join("\n"), /^Secret lamp has no device id/m);
  });

  it("reads nodes of node-red-contrib-tuya-devices, gateways included", () => {
    const { devices, problems } = read(fixture("tuya-devices-flow.json"));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      devices.map(({ id, kind, version, gatewayId, cid, ip }) => ({ id, kind, version, gatewayId, cid, ip })),
      [
        {
          id: "bfgate00000000000003",
          kind: "gateway",
          version: "3.4",
          gatewayId: undefined,
          cid: undefined,
          ip: "192.0.2.13",
        },
        {
          id: "bfsens00000000000004",
          kind: "child",
          version: undefined,
          gatewayId: "bfgate00000000000003",
          cid: "a4c1380000000004",
          ip: undefined,
        },
      ],
    );
  });

  it("reads nodes of node-red-contrib-tuya-local, names of data points included", () => {
    const { devices } = read(fixture("tuya-local-flow.json"));
    assert.equal(devices[0]?.name, "Heater");
    assert.equal(devices[0]?.localKey, KEY_2);
    assert.deepEqual(devices[0]?.datapoints, [
      { dp: "1", code: "state" },
      { dp: "2", code: "mode" },
    ]);
  });

  it("reads our own devices out of another flow", () => {
    const flow = [
      {
        id: "g",
        type: "tuya-device",
        name: "Gateway",
        deviceId: "bf01",
        version: "auto",
        credentials: { localKey: KEY_2 },
      },
      {
        id: "c",
        type: "tuya-device",
        name: "Child",
        deviceId: "",
        gateway: "g",
        cid: "a4c1",
        datapoints: PLUG_TABLE,
      },
    ];
    const { devices } = read(JSON.stringify(flow));
    assert.deepEqual(
      devices.map(({ id, kind, gatewayId, localKey }) => ({ id, kind, gatewayId, localKey })),
      [
        { id: "bf01", kind: "gateway", gatewayId: undefined, localKey: KEY_2 },
        { id: "a4c1", kind: "child", gatewayId: "bf01", localKey: "" },
      ],
    );
    assert.deepEqual(devices[1]?.datapoints, PLUG_TABLE);
  });
});

describe("readDevices: what is wrong with single devices", () => {
  const table: [string, object[], RegExp[]][] = [
    ["no key", [{ id: "a", name: "Lamp", key: "" }], [/^It has no local key\.$/]],
    ["a short key", [{ id: "a", key: "tooshort" }], [/^Its local key has 8 characters instead of 16\.$/]],
    [
      "a character no key has",
      [{ id: "a", key: "0123456789abcdeü" }],
      [/contains a character that no key contains/],
    ],
    [
      "a key escaped for HTML",
      [{ id: "a", key: "ab&lt;&amp;efghijklmn op".replace(" ", "") }],
      [/had \d+ characters; the 16 that were meant/],
    ],
    ["a child without a gateway", [{ id: "a", key: KEY_1, sub: true, node_id: "n" }], [/does not say which/]],
    ["a child without a node id", [{ id: "a", key: KEY_1, sub: true, parent: "g" }], [/node id \(cid\)/]],
    [
      "a broken mapping",
      [{ id: "a", key: KEY_1, mapping: { "1": { code: "x", type: "Weird" } } }],
      [/type "Weird" of data point 1 is not known/],
    ],
  ];
  for (const [what, list, sentences] of table) {
    it(`names ${what}`, () => {
      const [device] = read(JSON.stringify(list)).devices;
      assert.equal(device?.problems.length, sentences.length, inspect(device?.problems));
      for (const [index, sentence] of sentences.entries())
        assert.match(device.problems[index] ?? "", sentence);
    });
  }

  it("restores a key that was escaped for HTML", () => {
    const [device] = read(
      JSON.stringify([{ id: "a", key: KEY_1.replaceAll("&", "&amp;").replaceAll("<", "&lt;") }]),
    ).devices;
    assert.equal(device?.localKey, KEY_1);
  });

  it("leaves out entries without an id, and second entries of the same device", () => {
    const { devices, problems } = read(
      JSON.stringify([
        { id: "a", key: KEY_1 },
        { id: "a", key: KEY_2 },
        { name: "Ghost", key: KEY_2 },
        null,
        5,
      ]),
    );
    assert.deepEqual(
      devices.map(({ id, localKey }) => [id, localKey]),
      [["a", KEY_1]],
    );
    assert.deepEqual(problems, [
      "a is in the list twice, with different local keys; that of the first entry counts.",
      "Ghost has no device id and was left out.",
      "An entry has no device id and was left out.",
      "An entry has no device id and was left out.",
    ]);
  });

  it("takes no version and no address that is none", () => {
    const [device] = read(JSON.stringify([{ id: "a", key: KEY_1, version: "9.9", ip: "Auto" }])).devices;
    assert.equal(device && "version" in device, false);
    assert.equal(device && "ip" in device, false);
    for (const ip of ["", "0", "0.0.0.0", "999.1.1.1", "http://x"]) {
      assert.equal(read(JSON.stringify([{ id: "a", key: KEY_1, ip }])).devices[0]?.ip, undefined);
    }
    assert.equal(
      read(JSON.stringify([{ id: "a", key: KEY_1, ip: "plug.home.arpa" }])).devices[0]?.ip,
      "plug.home.arpa",
    );
  });
});

describe("readDevices: texts that are no list", () => {
  const table: [string, RegExp][] = [
    ["", /nothing to import/],
    [" \n ", /nothing to import/],
    ["hello", /no line that begins with/],
    ["[user@host ~]$ tuya-cli wizard\n[INFO] nothing found", /no line that begins with/],
    ['[\n {"id": "a",\n  "key": "x"\n  "name": "n"}\n]', /^Line 4: a "," or "\}" is missing/],
    ['[\n {"id": "a"},\n', /^Line 3: the text ends before the "\]" that belongs to line 1/],
    ['[{"id": "a", "key": "b"}]\n]', /^Line 2: the list ends before this line, but there is more/],
    ['[{"id": "a", "key": "b"}],\n[{"id": "c"}]', /but there is more/],
    ["[]", /The list is empty/],
    ["[1, 2]", /contains no devices/],
    ["{}", /contains no devices/],
    ['[{"id": "a"}]', /contains no devices/],
    ['{"code": 1010, "msg": "token invalid", "success": false}', /an error of the Tuya cloud/],
    [
      '[{"id": "t", "type": "tab"}, {"id": "n", "type": "debug", "z": "t"}]',
      /contains no nodes of Tuya devices/,
    ],
    ["[require('child_process').execSync('ls')]", /^Line 1: /],
  ];
  for (const [text, sentence] of table) {
    it(`says so of ${inspect(text.slice(0, 40))}`, () => {
      const result = readDevices(text);
      assert.ok(!result.ok);
      assert.match(result.says, sentence);
    });
  }

  it("takes nothing of a file that was cut off anywhere", () => {
    const text = fixture("devices.json").trim();
    for (let end = 1; end < text.length; end += 7) {
      const result = readDevices(text.slice(0, end));
      assert.ok(!result.ok, `cut at ${end}`);
    }
  });

  it("refuses what is too long, at once", () => {
    const result = readDevices("[".padEnd(17_000_000, " "));
    assert.ok(!result.ok);
    assert.match(result.says, /too long/);
  });
});

describe("readDevices: keys", () => {
  it("appear in no sentence, whatever is broken", () => {
    const random = new Random(12);
    const texts = ["devices.json", "tuya-cli.txt", "smart-device-flow.json", "tuya-raw.json"].map(fixture);
    for (let run = 0; run < 1500; run++) {
      const text = random.pick(texts);
      const at = random.below(text.length);
      const broken = text.slice(0, at) + random.text(random.below(5)) + text.slice(at + random.below(30));
      const result = readDevices(broken);
      const said = result.ok
        ? [...result.problems, ...result.devices.flatMap(({ problems }) => problems)]
        : [result.says];
      for (const key of KEYS) {
        for (let from = 0; from + 6 <= key.length; from++) {
          const part = key.slice(from, from + 6);
          assert.ok(!said.some((sentence) => sentence.includes(part)), said.join("\n"));
        }
      }
    }
  });
});
