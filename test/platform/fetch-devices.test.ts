import assert from "node:assert/strict";
import {
  fetchDevices,
  type FetchOptions,
  type FetchResult,
  type FetchStep,
} from "../../src/platform/fetch-devices";
import type { DataCentreId } from "../../src/platform/data-centres";
import type { ImportedDevice } from "../../src/import/imported-device";
import type { Family } from "../../src/import/families";
import {
  ACCESS_ID,
  ACCESS_SECRET,
  HOSTS,
  LAMP_SPECIFICATION,
  platformDevice,
  PLUG_MODEL,
  startPlatform,
  type TuyaPlatform,
} from "../support/tuya-platform";
import { LOCAL_KEY } from "../support/virtual";

const GATEWAY_KEY = "aB3$dE6&gH9(jK2)";

/** A home of a gateway with a sensor, a lamp, and plugs. */
const HOME = {
  devices: [
    platformDevice("bfgate00000000000003", {
      category: "wgcf",
      product_id: "product0gate0003",
      local_key: GATEWAY_KEY,
      name: "Gateway",
    }),
    platformDevice("bfsens00000000000004", {
      category: "wsdcg",
      product_id: "product0sens0004",
      local_key: GATEWAY_KEY,
      name: "Bedroom sensor",
      sub: true,
      node_id: "a4c1380000000004",
      gateway_id: "bfgate00000000000003",
    }),
    platformDevice("bflamp00000000000002", {
      category: "dj",
      product_id: "product0lamp0002",
      name: "Lamp",
      ip: "192.168.1.20",
    }),
    platformDevice("bfplug00000000000001", { name: "Kitchen plug " }),
    platformDevice("bfplug00000000000005", { name: "Cellar plug" }),
  ],
  models: { product0plug0001: PLUG_MODEL },
  specifications: { product0lamp0002: LAMP_SPECIFICATION },
};

async function fetchFrom(
  platform: TuyaPlatform,
  dataCentre: DataCentreId = "eu",
  options: Partial<FetchOptions> & { accessId?: string; accessSecret?: string } = {},
): Promise<FetchResult> {
  const { accessId = ACCESS_ID, accessSecret = ACCESS_SECRET, ...more } = options;
  return fetchDevices(
    { accessId, accessSecret, dataCentre },
    { signal: new AbortController().signal, loopbackPort: platform.port, ...more },
  );
}

function devicesOf(result: FetchResult): Family {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.says}`);
  return result;
}

function problemOf(result: FetchResult): { code: string; says: string; remedy: string; dataCentre?: string } {
  assert.ok(!result.ok);
  const { says, remedy } = result.problem;
  assert.match(says, /^[A-Z"a-z].*\.$/, "a sentence");
  assert.ok(!`${says}${remedy}`.includes(ACCESS_SECRET));
  return result.problem;
}

function byName(devices: readonly ImportedDevice[], name: string): ImportedDevice {
  const device = devices.find((candidate) => candidate.name === name);
  if (!device) throw new Error(`No ${name}`);
  return device;
}

describe("fetchDevices", () => {
  it("gets devices with keys, kinds, gateways and data points", async () => {
    const platform = await startPlatform({ eu: HOME });
    const { devices, problems } = devicesOf(await fetchFrom(platform));
    assert.deepEqual(
      devices.map(({ name, kind, localKey }) => [name, kind, localKey]),
      [
        ["Gateway", "gateway", GATEWAY_KEY],
        ["Bedroom sensor", "child", GATEWAY_KEY],
        ["Lamp", "wifi", LOCAL_KEY],
        ["Kitchen plug", "wifi", LOCAL_KEY],
        ["Cellar plug", "wifi", LOCAL_KEY],
      ],
    );
    const sensor = byName(devices, "Bedroom sensor");
    assert.deepEqual([sensor.gatewayId, sensor.cid], ["bfgate00000000000003", "a4c1380000000004"]);
    const plug = byName(devices, "Cellar plug");
    assert.deepEqual(
      plug.datapoints.map(({ dp, code, type, scale, unit }) => [dp, code, type, scale, unit]),
      [
        ["1", "switch_1", "Boolean", undefined, undefined],
        ["20", "cur_voltage", "Integer", 1, "V"],
      ],
    );
    assert.deepEqual(
      byName(devices, "Lamp").datapoints.map(({ dp, code }) => [dp, code]),
      [
        ["20", "switch_led"],
        ["22", "bright_value_v2"],
      ],
    );
    assert.deepEqual(problems, [
      "The platform tells no data points of 2 products; they can be learnt from the device.",
    ]);
  });

  it("takes addresses of the home only: the platform tells that of the router on the internet", async () => {
    const platform = await startPlatform({ eu: HOME });
    const { devices } = devicesOf(await fetchFrom(platform));
    assert.equal(byName(devices, "Lamp").ip, "192.168.1.20");
    assert.equal(byName(devices, "Kitchen plug").ip, undefined);
  });

  it("asks for a token once, for each product once, and sends the secret nowhere", async () => {
    const platform = await startPlatform({ eu: HOME });
    devicesOf(await fetchFrom(platform));
    assert.equal(platform.paths().filter((path) => path === "/v1.0/token").length, 1);
    assert.equal(platform.paths().filter((path) => path.endsWith("/model")).length, 4);
    assert.equal(platform.paths().filter((path) => path.endsWith("/specifications")).length, 3);
    assert.ok(!JSON.stringify(platform.received).includes(ACCESS_SECRET));
  });

  it("reads all pages, whatever is in the keys that lead to them", async () => {
    const devices = Array.from({ length: 47 }, (_, index) =>
      platformDevice(`bfplug${String(index).padStart(14, "0")}`),
    );
    const platform = await startPlatform({ us: { devices, models: { product0plug0001: PLUG_MODEL } } });
    platform.pageSize = 20;
    const steps: FetchStep[] = [];
    const result = devicesOf(await fetchFrom(platform, "us", { progress: (step) => steps.push(step) }));
    assert.deepEqual(
      result.devices.map(({ id }) => id),
      devices.map(({ id }) => id),
    );
    assert.deepEqual(
      steps.map((step) => (step.step === "devices" ? step.count : step.step)),
      [0, 20, 40, 47, "datapoints"],
    );
  });

  it("stops where the pages go round in circles", async () => {
    const platform = await startPlatform({ eu: HOME });
    platform.misbehave(/associated-users/, (response) => {
      response.end(
        JSON.stringify({
          success: true,
          result: { devices: [HOME.devices[3]], has_more: true, last_row_key: "again" },
        }),
      );
    });
    const { devices } = devicesOf(await fetchFrom(platform));
    assert.equal(devices.length, 1);
    assert.equal(platform.paths().filter((path) => path.includes("associated-users")).length, 2);
  });

  it("asks gateways for the node ids the list does not tell", async () => {
    const [gateway, sensor, ...others] = HOME.devices;
    const { node_id: _nodeId, gateway_id: _gatewayId, ...unclear } = sensor!;
    const platform = await startPlatform({
      eu: {
        devices: [gateway!, { ...unclear, id: "bfsens00000000000004" }, ...others],
        subDevices: { bfgate00000000000003: { bfsens00000000000004: "a4c1380000000004" } },
      },
    });
    const { devices } = devicesOf(await fetchFrom(platform));
    const { cid, gatewayId } = byName(devices, "Bedroom sensor");
    assert.deepEqual([cid, gatewayId], ["a4c1380000000004", "bfgate00000000000003"]);
    assert.equal(platform.paths().filter((path) => path.endsWith("/sub-devices")).length, 1);
  });

  it("finds devices that belong to the project rather than to an account, 20 at a time", async () => {
    const projectDevices = Array.from({ length: 21 }, (_, index) => ({
      id: `vdevo${String(index).padStart(15, "0")}`,
      name: "Plug-vdevo",
      customName: `Plug ${index}`,
      category: "cz",
      ip: "198.51.100.7",
      localKey: LOCAL_KEY,
      productId: "product0plug0001",
      sub: false,
    }));
    const platform = await startPlatform({
      eu: { projectDevices, models: { product0plug0001: PLUG_MODEL } },
    });
    const { devices } = devicesOf(await fetchFrom(platform));
    assert.equal(devices.length, 21);
    const { name, localKey, ip, datapoints } = devices[20]!;
    assert.deepEqual([name, localKey, ip, datapoints.length], ["Plug 20", LOCAL_KEY, undefined, 2]);
  });

  it("takes a new token, once, where the first one ends", async () => {
    const platform = await startPlatform({ eu: HOME });
    platform.refuse(/associated-users/, [1010, "token is expired"], { times: 1 });
    devicesOf(await fetchFrom(platform));
    assert.equal(platform.paths().filter((path) => path === "/v1.0/token").length, 2);
    platform.refuse(/associated-users/, [1010, "token is expired"]);
    assert.equal(problemOf(await fetchFrom(platform)).code, "BUSY");
    assert.equal(platform.paths().filter((path) => path === "/v1.0/token").length, 4);
  });

  it("delivers keys without data points where those may not be read, and does not ask again", async () => {
    const platform = await startPlatform({ eu: HOME });
    platform.refuse(/model$/, [28841105, "No permissions. This API is not subscribed."]);
    platform.refuse(/specifications$/, [28841004, "No permissions. Your quota of Trial Edition is used up."]);
    const { devices, problems } = devicesOf(await fetchFrom(platform));
    assert.deepEqual([devices.length, devices.flatMap(({ datapoints }) => datapoints)], [5, []]);
    assert.match(problems.join(), /no data points of 4 products/);
    const details = platform.paths().filter((path) => /model$|specifications$/.test(path));
    assert.ok(details.length <= 6, "what was under way when the first refusal came");
  });

  it("ends when it is cancelled", async () => {
    const platform = await startPlatform({ eu: HOME });
    const abort = new AbortController();
    platform.misbehave(/associated-users/, () => abort.abort());
    assert.equal(problemOf(await fetchFrom(platform, "eu", { signal: abort.signal })).code, "CANCELLED");
  });

  it("asks nothing where id or secret cannot be right", async () => {
    const platform = await startPlatform({ eu: HOME });
    for (const [accessId, accessSecret, says] of [
      ["", ACCESS_SECRET, /id is missing/],
      [ACCESS_ID, "", /secret is missing/],
      ["two words", ACCESS_SECRET, /no access id/],
      [ACCESS_ID, "line\r\nbreak: yes", /no access secret/],
    ] as const) {
      const problem = problemOf(await fetchFrom(platform, "eu", { accessId, accessSecret }));
      assert.equal(problem.code, "BAD_INPUT");
      assert.match(problem.says, says);
    }
    assert.deepEqual(platform.received, []);
  });
});

describe("fetchDevices in the wrong data centre", () => {
  it("says where the devices are", async () => {
    const devices = Array.from({ length: 12 }, (_, index) =>
      platformDevice(`bfplug${String(index).padStart(14, "0")}`),
    );
    const platform = await startPlatform({ eu: {}, us: {}, "eu-w": { devices } });
    platform.pageSize = 5;
    const { code, says, remedy, dataCentre } = problemOf(await fetchFrom(platform));
    assert.deepEqual(
      [code, says, remedy, dataCentre],
      [
        "DATA_CENTRE",
        "Your 12 devices are in Western Europe, not in Central Europe.",
        "Choose the data centre Western Europe.",
        "eu-w",
      ],
    );
  });

  for (const [code, msg] of [
    [28841107, "No permission. The data center is suspended."],
    [1106, "permission deny"],
    [1114, "your ip(203.0.113.7) don't have access to this API"],
    [2007, "your ip(203.0.113.7) cross-region access is not allowed"],
  ] as const) {
    it(`looks elsewhere after a refusal with ${code}`, async () => {
      const platform = await startPlatform({ eu: {}, sg: { devices: [HOME.devices[3]!] } });
      platform.refuse(/./, [code, msg], { centre: "eu" });
      const problem = problemOf(await fetchFrom(platform));
      assert.equal(problem.says, "Your device is in Singapore, not in Central Europe.");
      assert.equal(problem.dataCentre, "sg");
    });
  }

  it("says that no account is linked where no data centre has devices", async () => {
    const platform = await startPlatform(Object.fromEntries(Object.keys(HOSTS).map((id) => [id, {}])));
    platform.refuse(/cloud\/thing/, [28841105, "No permissions. This API is not subscribed."]);
    const { code, remedy } = problemOf(await fetchFrom(platform));
    assert.equal(code, "NOT_LINKED");
    assert.match(remedy, /Link App Account/);
    assert.equal(new Set(platform.received.map(({ centre }) => centre)).size, 7, "all were asked");
    assert.equal(platform.paths("us").length, 3, "each of them little");
  });

  it("keeps what it learnt first where the others refuse", async () => {
    const platform = await startPlatform({});
    const { code, says } = problemOf(await fetchFrom(platform, "in"));
    assert.equal(code, "DATA_CENTRE");
    assert.match(says, /India is not switched on/);
  });
});
