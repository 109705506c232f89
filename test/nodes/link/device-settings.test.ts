import assert from "node:assert/strict";
import { type DeviceProperties, displayName, readConfiguration } from "../../../nodes/link/device-settings";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { LOCAL_KEY } from "../../support/virtual";

const PLUG = { name: "Plug", deviceId: "plug0000000000000001", ip: "192.0.2.7" };
const NAMES = new DataPointMap(
  parseDataPoints([
    { dp: "1", code: "switch_1" },
    { dp: "118", code: "cur_current" },
    { dp: "119", code: "cur_power" },
  ]).dataPoints,
);

function settingsOf(properties: DeviceProperties, dataPoints = DataPointMap.EMPTY) {
  const configuration = readConfiguration({ ...PLUG, ...properties }, LOCAL_KEY, dataPoints);
  assert.equal(configuration.kind, "direct", JSON.stringify(configuration));
  return configuration.kind === "direct" ? configuration.settings : assert.fail();
}

/** `keys`: the stored key, where it is not the right one. */
function refusal(properties: DeviceProperties, ...keys: unknown[]): string {
  const key = keys.length > 0 ? keys[0] : LOCAL_KEY;
  const configuration = readConfiguration({ ...PLUG, ...properties }, key, DataPointMap.EMPTY);
  assert.equal(configuration.kind, "unusable", JSON.stringify(configuration));
  if (configuration.kind !== "unusable") assert.fail();
  assert.equal(configuration.error.code, "NOT_CONFIGURED");
  return configuration.error.message;
}

describe("readConfiguration of a device with a connection of its own", () => {
  it("reads what must be there, and has a default for the rest", () => {
    assert.deepEqual(settingsOf({ port: "", version: "", refresh: "", refreshDps: "", device22: false }), {
      ...PLUG,
      localKey: LOCAL_KEY,
      port: undefined,
      version: "auto",
      device22Dps: undefined,
      sleepy: false,
      refreshSeconds: undefined,
      refreshDps: undefined,
    });
  });

  it("reads everything else", () => {
    const settings = settingsOf({
      deviceId: " plug1 ",
      ip: " plug.example ",
      port: "6669",
      version: "3.4",
      refresh: "10",
      refreshDps: "18, 19,20",
      sleepy: true,
    });
    assert.equal(settings.deviceId, "plug1");
    assert.equal(settings.ip, "plug.example");
    assert.equal(settings.port, 6669);
    assert.equal(settings.version, "3.4");
    assert.equal(settings.refreshSeconds, 10);
    assert.deepEqual(settings.refreshDps, [18, 19, 20]);
    assert.equal(settings.sleepy, true);
  });

  it("reads numbers and any case where a flow was written by hand", () => {
    const { port, version, refreshSeconds } = settingsOf({ port: 6669, version: 3.4, refresh: 30 });
    assert.deepEqual({ port, version, refreshSeconds }, { port: 6669, version: "3.4", refreshSeconds: 30 });
    assert.equal(settingsOf({ version: "Auto" }).version, "auto");
  });

  it("chooses what to refresh by name, where it is not listed", () => {
    assert.deepEqual(settingsOf({ refresh: "10" }, NAMES).measuredDps, [118, 119]);
    assert.deepEqual(settingsOf({ refreshDps: "switch_1" }, NAMES).refreshDps, [1]);
  });

  it("gives a meter time to measure, and takes 0 for never", () => {
    assert.equal(settingsOf({ refresh: "0.1" }).refreshSeconds, 2);
    assert.equal(settingsOf({ refresh: "0" }).refreshSeconds, undefined);
  });

  it("asks a device22 for what is named, else for the usual data points", () => {
    assert.deepEqual(settingsOf({ device22: true }, NAMES).device22Dps, ["1", "118", "119"]);
    assert.ok(settingsOf({ device22: true }).device22Dps?.includes("20"));
    assert.equal(settingsOf({}).device22Dps, undefined);
  });

  it("says what is missing", () => {
    assert.match(refusal({ deviceId: "" }), /^Plug has no device id/);
    assert.match(refusal({ deviceId: undefined, name: "" }), /^This device has no device id/);
    for (const key of [undefined, "", null, 5]) assert.match(refusal({}, key), /^Plug has no local key/);
  });

  it("says how long a key is that has another length, and nothing else of it", () => {
    for (const key of [LOCAL_KEY.slice(1), `${LOCAL_KEY} `, "&lt;".repeat(5)]) {
      const sentence = refusal({}, key);
      assert.match(sentence, new RegExp(`has ${key.length} characters instead of 16`));
      assert.ok(!sentence.includes(key.trim()));
    }
  });

  it("refuses a key of 16 characters that is longer in bytes", () => {
    const key = `${LOCAL_KEY.slice(1)}é`;
    const sentence = refusal({}, key);
    assert.match(sentence, /has a character that no key has/);
    assert.ok(!sentence.includes(key));
  });

  it("says which environment variable is not set", () => {
    assert.match(refusal({}, "${TUYA_LAMP_KEY}"), /variable TUYA_LAMP_KEY is not set: the local key of Plug/);
    assert.match(refusal({}, "$(PLUG_KEY)"), /variable PLUG_KEY/);
    assert.match(refusal({ deviceId: "${PLUG_ID}" }), /variable PLUG_ID is not set: the device id of/);
    assert.match(refusal({}, "${kitchen-key}"), /variable kitchen-key is not set: the local key of Plug/);
    assert.match(refusal({ ip: "${küche}" }), /variable küche is not set: the address of Plug/);
    for (const property of ["ip", "port", "version", "refresh", "refreshDps"]) {
      assert.match(refusal({ [property]: "${NOT_SET}" }), /variable NOT_SET is not set/);
    }
  });

  it("does not take every key with a dollar and a brace for a variable", () => {
    for (const key of ["${7{O<&$M}N0z/'}", "$(0123456789abc)", "${a-b-c-d-e-f-g}"]) {
      assert.equal(key.length, 16, key);
      assert.equal(readConfiguration(PLUG, key, DataPointMap.EMPTY).kind, "direct", key);
    }
  });

  const impossible: [DeviceProperties, RegExp][] = [
    [{ port: "0" }, /port of Plug/],
    [{ port: "65536" }, /port of Plug/],
    [{ port: "x" }, /port of Plug/],
    [{ version: "3.9" }, /^Plug has an unknown protocol version, "3.9"/],
    [{ version: "constructor" }, /unknown protocol version/],
    [{ refresh: "soon" }, /refresh interval of Plug/],
    [{ refresh: "-1" }, /refresh interval of Plug/],
    [{ refresh: "1e9" }, /refresh interval of Plug/],
    [{ refreshDps: "18, power" }, /no data point "power"/],
  ];
  for (const [properties, sentence] of impossible) {
    it(`refuses ${JSON.stringify(properties)}`, () => assert.match(refusal(properties), sentence));
  }

  it("survives whatever a flow file may contain", () => {
    const odd: unknown[] = [null, true, {}, [], [1], () => 1, NaN];
    for (const property of [
      "name",
      "deviceId",
      "ip",
      "port",
      "version",
      "gateway",
      "cid",
      "refresh",
      "refreshDps",
      "device22",
      "sleepy",
    ]) {
      for (const value of odd)
        readConfiguration({ ...PLUG, [property]: value }, LOCAL_KEY, DataPointMap.EMPTY);
    }
  });
});

describe("readConfiguration of a sub-device", () => {
  it("needs a gateway and a node id, and no key of its own", () => {
    assert.deepEqual(readConfiguration({ gateway: "g", cid: " 60a4 " }, undefined, DataPointMap.EMPTY), {
      kind: "child",
      gateway: "g",
      cid: "60a4",
    });
    assert.match(refusal({ gateway: "g" }), /Plug is behind a gateway but has no node id/);
    assert.match(refusal({ cid: "60a4" }), /Plug has a node id \(cid\) but no gateway/);
    assert.match(refusal({ gateway: "g", cid: "${CID}" }), /variable CID/);
  });
});

describe("displayName", () => {
  it("is the name, else the id, else the node id", () => {
    assert.equal(displayName({ name: " Plug ", deviceId: "x" }), "Plug");
    assert.equal(displayName({ name: "", deviceId: "x", cid: "c" }), "x");
    assert.equal(displayName({ cid: "c" }), "c");
    assert.equal(displayName({}), "This device");
  });
});
