import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { NodeAPI } from "node-red";
import { registerPlatformRoutes } from "../../../../nodes/admin/platform/platform-route";
import { device, input, NodeRed, tab } from "../../../support/flow";
import { type Fetched, FETCH, lastLine } from "../../../support/platform-client";
import {
  ACCESS_SECRET,
  platformDevice,
  PLUG_MODEL,
  startPlatform,
  type TuyaPlatform,
} from "../../../support/tuya-platform";
import { LOCAL_KEY, startDevice } from "../../../support/virtual";

const PLUG = "bfplug00000000000001";
const LAMP = "bflamp00000000000002";
const GATEWAY = "bfgate00000000000003";
const SENSOR = "bfsens00000000000004";
const OLD_KEY = "old0old0old0old0";

/** Nobody listens at the addresses of these devices. */
const configured = (id: string, more: object = {}) =>
  device(id, undefined, { deviceId: PLUG, ip: "127.0.0.1", port: "1", ...more });

function startHome(): Promise<TuyaPlatform> {
  const devices = [
    platformDevice(PLUG, { name: "Plug" }),
    platformDevice(LAMP, { name: "Lamp", local_key: "" }),
    platformDevice(GATEWAY, { name: "Gateway", category: "wgcf" }),
    platformDevice(SENSOR, { name: "Sensor", sub: true, node_id: "00a1", gateway_id: GATEWAY }),
  ];
  return startPlatform({ eu: { devices, models: { product0plug0001: PLUG_MODEL } } });
}

function assertNoKey(text: string): void {
  for (const key of [LOCAL_KEY, OLD_KEY, ACCESS_SECRET]) {
    assert.ok(!text.includes(key) && !text.includes(JSON.stringify(key).slice(1, -1)));
  }
}

describe("registerPlatformRoutes", () => {
  it("asks for the permission to write before each route", () => {
    const guarded: string[] = [];
    const RED = {
      httpAdmin: { post: (path: string, permission: string) => void guarded.push(`${path} ${permission}`) },
      auth: { needsPermission: (permission: string) => permission },
    };
    registerPlatformRoutes(RED as unknown as NodeAPI);
    assert.deepEqual(guarded, [
      "/tuya/platform/fetch tuya.write",
      "/tuya/platform/apply tuya.write",
      "/tuya/keys/compare tuya.write",
    ]);
  });
});

describe("POST tuya/platform/fetch", () => {
  const red = new NodeRed();
  const load = (platform: TuyaPlatform, flow = [tab("t")], keys = {}) =>
    red.load(flow, keys, { tuyaDevicePlatform: { loopbackPort: platform.port } });
  const post = (body: object) => red.request().post("/tuya/platform/fetch").send(body).buffer(true);
  const fetchDevices = async (): Promise<Fetched> => lastLine((await post(FETCH).expect(200)).text);

  it("answers step by step, and devices without their keys", async () => {
    await load(await startHome());
    const { text, headers } = await post(FETCH).expect(200);
    assert.match(String(headers["content-type"]), /^application\/x-ndjson/);
    assert.equal(headers["cache-control"], "no-store, no-transform");
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { step?: string });
    assert.deepEqual(
      lines.map(({ step }) => step),
      ["devices", "devices", "datapoints", undefined],
    );
    assertNoKey(text);
    const { devices, ticket } = lastLine(text);
    assert.match(ticket, /^[\w-]{32}$/);
    assert.deepEqual(
      devices.map(({ id, kind, gatewayId, cid, keyLength, keyState, datapoints }) => ({
        id,
        kind,
        ...(cid !== undefined && { gatewayId, cid }),
        keyLength,
        keyState,
        datapoints: datapoints.length,
      })),
      [
        { id: PLUG, kind: "wifi", keyLength: 16, keyState: "new", datapoints: 2 },
        { id: LAMP, kind: "wifi", keyLength: 0, keyState: "none", datapoints: 2 },
        { id: GATEWAY, kind: "gateway", keyLength: 16, keyState: "new", datapoints: 2 },
        {
          id: SENSOR,
          kind: "child",
          gatewayId: GATEWAY,
          cid: "00a1",
          keyLength: 16,
          keyState: "new",
          datapoints: 2,
        },
      ],
    );
  });

  it("compares with the keys of configured nodes, disabled ones and those in variables included", async () => {
    process.env["TUYA_TEST_KEY"] = OLD_KEY;
    const flow = [
      tab("t"),
      configured("plug", { name: "Plug" }),
      configured("twin", { d: true }),
      configured("gate", { deviceId: GATEWAY }),
      input("i", "t", { device: "plug" }),
    ];
    const keys = {
      plug: { localKey: LOCAL_KEY },
      twin: { localKey: OLD_KEY },
      gate: { localKey: "${TUYA_TEST_KEY}" },
    };
    await load(await startHome(), flow, keys);
    try {
      const { devices } = await fetchDevices();
      assert.deepEqual(
        devices.map(({ keyState, nodes }) => [keyState, nodes]),
        [
          [
            "other",
            [
              { nodeId: "plug", name: "Plug", key: "same" },
              { nodeId: "twin", name: "", key: "other" },
            ],
          ],
          ["none", []],
          ["other", [{ nodeId: "gate", name: "", key: "other", variable: "TUYA_TEST_KEY" }]],
          ["new", []],
        ],
      );
    } finally {
      delete process.env["TUYA_TEST_KEY"];
    }
  });

  it("says what is wrong, and what to do", async () => {
    const platform = await startHome();
    platform.refuse(/token/, [
      28841002,
      "No permissions. Your subscription to cloud development plan has expired.",
    ]);
    await load(platform);
    const { problem } = await fetchDevices();
    assert.equal(problem?.code, "TRIAL_LAPSED");
    assert.match(problem.remedy, /Extend Trial Period/);
  });

  it("fetches for one at a time, and stops when nobody waits for the answer any more", async () => {
    const platform = await startHome();
    await load(platform);
    const asked = new Promise<IncomingMessage>((resolve) => {
      platform.misbehave(/associated-users/, (_response, request) => resolve(request));
    });
    const first = post(FETCH);
    // Sent as soon as somebody waits for the answer.
    void first.catch(() => undefined);
    const { socket } = await asked;
    const { body } = await post(FETCH).expect(429);
    assert.match((body as { message: string }).message, /being fetched already/);
    const closed = once(socket, "close");
    first.abort();
    await closed;
    platform.misbehave(/^$/, () => undefined);
    assert.equal((await fetchDevices()).devices.length, 4);
  });

  it("refuses what is no request", async () => {
    const platform = await startHome();
    await load(platform);
    for (const body of [
      {},
      { ...FETCH, accessSecret: 7 },
      { ...FETCH, accessId: "x".repeat(300) },
      { ...FETCH, dataCentre: "moon" },
      { ...FETCH, dataCentre: "constructor" },
    ]) {
      await post(body).expect(400);
    }
    assert.deepEqual(platform.received, []);
  });

  it("asks nobody where settings.js forbids it, or names no real port", async () => {
    for (const tuyaDevicePlatform of [false, { loopbackPort: "1234" }, { loopbackPort: 0 }]) {
      await red.load([tab("t")], {}, { tuyaDevicePlatform });
      const { body } = await post(FETCH).expect(403);
      assert.match((body as { message: string }).message, /switched off in settings\.js/);
      await red.unload();
    }
  });
});

describe("POST tuya/platform/apply", () => {
  const red = new NodeRed();
  const apply = (body: object) => red.request().post("/tuya/platform/apply").send(body);
  const fetchTicket = async (): Promise<string> => {
    const answer = await red.request().post("/tuya/platform/fetch").send(FETCH).buffer(true);
    return lastLine(answer.text).ticket;
  };
  const stateOf = async (nodeId: string, localKey: string): Promise<unknown> => {
    const { body } = await red
      .request()
      .post("/tuya/keys/compare")
      .send({ keys: [{ nodeId, localKey }] });
    return (body as Record<string, unknown>)[nodeId];
  };

  beforeEach(async () => {
    const platform = await startHome();
    const flow = [tab("t"), configured("plug"), input("i", "t", { device: "plug" })];
    await red.load(
      flow,
      { plug: { localKey: OLD_KEY } },
      { tuyaDevicePlatform: { loopbackPort: platform.port } },
    );
  });

  it("stores keys for nodes there are and nodes to be, and says only how many", async () => {
    const { text } = await apply({
      ticket: await fetchTicket(),
      nodes: { plug: PLUG, fresh: GATEWAY },
    }).expect(200);
    assert.equal(text, '{"stored":2}');
    assert.equal(await stateOf("plug", LOCAL_KEY), "same");
    assert.equal(await stateOf("fresh", LOCAL_KEY), "same");
  });

  it("stores them for tests of nodes that are not deployed yet", async () => {
    const virtual = await startDevice("3.5", { id: GATEWAY });
    await apply({ ticket: await fetchTicket(), nodes: { fresh: GATEWAY } }).expect(200);
    const settings = { deviceId: GATEWAY, ip: "127.0.0.1", port: String(virtual.port), version: "3.5" };
    const { text } = await red
      .request()
      .post("/tuya/test")
      .send({ id: "fresh", ...settings })
      .buffer(true);
    assert.match(text, /"verdict":"OK"/);
    assertNoKey(text);
  });

  it("takes a ticket once, and knows no others", async () => {
    const ticket = await fetchTicket();
    await apply({ ticket, nodes: { plug: PLUG } }).expect(200);
    const { body } = await apply({ ticket, nodes: { plug: PLUG } }).expect(410);
    assert.match((body as { message: string }).message, /Fetch the devices again/);
    await apply({ ticket: "", nodes: {} }).expect(410);
  });

  it("changes nothing where a part is wrong", async () => {
    const ticket = await fetchTicket();
    for (const nodes of [
      { plug: PLUG, i: GATEWAY },
      { plug: PLUG, fresh: "bfunknown00000000001" },
      { plug: LAMP },
    ]) {
      const { body } = await apply({ ticket, nodes }).expect(400);
      assert.match((body as { message: string }).message, /Nothing was changed/);
    }
    assert.equal(await stateOf("plug", OLD_KEY), "same");
    await apply({ ticket, nodes: { plug: PLUG } }).expect(200);
  });

  it("refuses what is no request", async () => {
    const ticket = await fetchTicket();
    for (const body of [
      {},
      { ticket, nodes: [] },
      { ticket, nodes: { plug: 1 } },
      { ticket, nodes: { "a/b": PLUG } },
      { ticket: 1, nodes: {} },
      JSON.parse(`{"ticket": "${ticket}", "nodes": {"__proto__": "${PLUG}"}}`) as object,
    ]) {
      await apply(body).expect(400);
    }
  });
});

describe("POST tuya/keys/compare", () => {
  const red = new NodeRed();
  const compare = (keys: unknown) => red.request().post("/tuya/keys/compare").send({ keys });

  it("tells whether keys are those of the nodes", async () => {
    const flow = [tab("t"), configured("plug"), configured("empty"), input("i", "t", { device: "plug" })];
    await red.load(flow, { plug: { localKey: LOCAL_KEY } });
    const { body, text } = await compare([
      { nodeId: "plug", localKey: LOCAL_KEY },
      { nodeId: "empty", localKey: LOCAL_KEY },
      { nodeId: "nobody", localKey: LOCAL_KEY },
    ]).expect(200);
    assert.deepEqual(body, { plug: "same", empty: "none", nobody: "none" });
    assertNoKey(text);
    const other = await compare([{ nodeId: "plug", localKey: OLD_KEY }]).expect(200);
    assert.deepEqual(other.body, { plug: "other" });
  });

  it("refuses what is no list, and lists without an end", async () => {
    await red.load([tab("t")]);
    for (const keys of [
      undefined,
      {},
      ["plug"],
      [{ nodeId: "plug" }],
      [{ nodeId: "plug", localKey: "x".repeat(300) }],
      Array.from({ length: 5001 }, () => ({ nodeId: "plug", localKey: "x" })),
    ]) {
      await compare(keys).expect(400);
    }
  });
});
