import assert from "node:assert/strict";

import type { NodeInitializer } from "node-red";
import {
  type CaughtMessage,
  device,
  type DeployType,
  type FlowNode,
  keysFor,
  LOG,
  NodeRed,
} from "../../support/flow";
import { profile } from "../../support/kind";
import { Broker, MqttClient, mqttNodes, needsMosquitto } from "../../support/mosquitto";
import { mqttSheet, type SheetOptions } from "../../support/mqtt-sheet";
import { startNodeRed } from "../../support/node-red";
import { LOCAL_KEY, startDevice } from "../../support/virtual";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";

const CORE_NODES = require(mqttNodes()) as NodeInitializer;
const METER = profile("plug-metering");
const OFF = { "1": false, "9": 0, "17": 5, "18": 500, "19": 1002, "20": 2301 };

describe("devices shared over a broker", function () {
  needsMosquitto(this);
  const red = new NodeRed(undefined, {}, [CORE_NODES]);
  let broker: Broker;
  const clients: MqttClient[] = [];
  before(async () => {
    broker = await Broker.create();
  });
  after(() => broker?.remove());
  beforeEach(() => broker.start());
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await broker.stop();
  });

  /** Somebody who hears all there is. Nothing of that may say where a device is, or with which key. */
  async function listener(): Promise<MqttClient> {
    const client = await MqttClient.connect(broker.port);
    clients.push(client);
    return client;
  }

  function plug(id = "vdevplug000000000001"): Promise<VirtualDevice> {
    return startDevice("3.4", { id, dps: OFF });
  }

  function plugNode(virtual: VirtualDevice, more: object = {}): FlowNode {
    return device("plug", virtual, { name: "Plug", datapoints: METER, ...more });
  }

  function sheet(devices: readonly FlowNode[], more: Partial<SheetOptions> = {}): FlowNode[] {
    return mqttSheet({ port: broker.port, devices, ...more });
  }

  const load = (flow: FlowNode[]) => red.load(flow, undefined, { mqttReconnectTime: 100 });

  async function untilShared(client: MqttClient, name = "Plug"): Promise<void> {
    await client.until("tuya/bridge/state", "online");
    await client.until(`tuya/${name}/availability`, "online");
    await client.until(`tuya/${name}/cur_voltage`, "230.1");
    await client.until("tuya/bridge/devices", (list) => list.includes('"online":true'));
  }

  it("have everything retained for whoever comes later, and nothing secret in it", async () => {
    const virtual = await plug();
    const first = await listener();
    await load(sheet([plugNode(virtual)], { input: { discovery: "device" } }));
    await untilShared(first);
    await first.until(`homeassistant/device/tuya_${virtual.id}/config`, (config) =>
      config.includes("tuya/Plug/"),
    );
    virtual.set({ "17": 7 });
    await first.until("tuya/Plug/add_ele_total", "0.007");
    const late = await listener();
    await untilShared(late);
    const seen = Object.fromEntries(late.topics);
    const {
      "tuya/bridge/devices": devices,
      [`homeassistant/device/tuya_${virtual.id}/config`]: config,
      ...values
    } = seen;
    assert.deepEqual(values, {
      "tuya/bridge/state": "online",
      "tuya/Plug/availability": "online",
      "tuya/Plug/connection": "connected",
      "tuya/Plug/switch_1": "false",
      "tuya/Plug/countdown_1": "0",
      "tuya/Plug/add_ele_total": "0.007",
      "tuya/Plug/cur_current": "500",
      "tuya/Plug/cur_power": "100.2",
      "tuya/Plug/cur_voltage": "230.1",
    });
    assert.ok(config);
    assert.match(devices ?? "", /"topic":"tuya\/Plug","online":true/);
    const traffic = JSON.stringify([...first.arrivals.all, ...late.arrivals.all]);
    assert.ok(!traffic.includes(JSON.stringify(LOCAL_KEY).slice(1, -1)));
    assert.ok(!traffic.includes("127.0.0.1"));
  });

  it("are set by text, number, JSON and word; what fails is told", async () => {
    const virtual = await plug();
    const client = await listener();
    await load(sheet([plugNode(virtual)]));
    await untilShared(client);
    await client.publish("tuya/Plug/switch_1/set", "ON");
    await client.until("tuya/Plug/switch_1", "true");
    await client.publish("tuya/Plug/countdown_1/set", "60");
    await client.until("tuya/Plug/countdown_1", "60");
    await client.publish(`tuya/${virtual.id}/1/set`, "toggle");
    await client.until("tuya/Plug/switch_1", "false");
    await client.publish("tuya/Plug/dps/set", '{"switch_1": true, "countdown_1": 5}');
    await client.until("tuya/Plug/countdown_1", "5");
    await client.until("tuya/Plug/switch_1", "true");
    await client.publish("tuya/Plug/on/set", "off");
    await client.until("tuya/Plug/switch_1", "false");
    await client.publish("tuya/Plug/operation/set", "query");
    const done = await red.messages("done").find(({ topic }) => topic === "tuya/Plug/operation/done");
    assert.equal((done.payload as Record<string, unknown>)["countdown_1"], 5);
    assert.deepEqual(red.messages("caught").all, []);

    await client.publish("tuya/Plug/switch_1/set", "maybe");
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "BAD_INPUT");
    const told = JSON.parse(await client.until("tuya/Plug/error", () => true)) as object;
    assert.deepEqual(told, {
      code: "BAD_INPUT",
      message: 'switch_1 (data point 1) takes true or false, not the text "maybe"; nothing was sent.',
      topic: "tuya/Plug/switch_1/set",
      payload: "maybe",
    });
    // It is no state: who comes later does not hear of it.
    const late = await listener();
    await untilShared(late);
    assert.ok(!late.topics.has("tuya/Plug/error"));
  });

  it("ignore commands that stand retained, and empty ones", async () => {
    const virtual = await plug();
    const client = await listener();
    await client.publish("tuya/Plug/switch_1/set", "true", { retain: true });
    await client.publish("tuya/Plug/countdown_1/set", "9", { retain: true });
    await load(sheet([plugNode(virtual)]));
    await untilShared(client);
    const [warning, ...others] = red.logged("out", LOG.warn);
    assert.match(warning ?? "", /^A retained command was ignored \(tuya\/Plug\//);
    assert.deepEqual(others, []);
    await client.publish("tuya/Plug/switch_1/set", "", { retain: true });
    await client.publish("tuya/Plug/switch_1/set", "");
    // In their order: this one is the first that does something.
    await client.publish("tuya/Plug/countdown_1/set", "7");
    await client.until("tuya/Plug/countdown_1", "7");
    assert.equal((await red.messages("done").next()).topic, "tuya/Plug/countdown_1/done");
    assert.equal(virtual.values()["1"], false);
    assert.deepEqual(red.messages("caught").all, []);
  });

  it("are commanded with MQTT 5, too: answered where that is asked for, and not by what somebody retains", async () => {
    const virtual = await plug();
    const client = await listener();
    await load(sheet([plugNode(virtual)], { protocol: "5", done: "mqtt-out" }));
    await untilShared(client);
    await client.publish("tuya/Plug/switch_1/set", "true", { retain: true });
    await client.publish("tuya/Plug/countdown_1/set", "7", { properties: { responseTopic: "answers/7" } });
    await client.until("answers/7", "7");
    await client.until("tuya/Plug/countdown_1", "7");
    assert.equal(virtual.values()["1"], false);
    assert.equal(red.logged("out", LOG.warn).length, 1);
    assert.ok(![...client.topics.keys()].some((topic) => topic.endsWith("/done")));
  });

  it("are told again when the broker starts last, and when it comes back without memory", async () => {
    await broker.stop();
    const virtual = await plug();
    // Nothing but what "mqtt out" shows: no birth message, and nobody who would hear it.
    const flow = sheet([plugNode(virtual)], { birth: false, input: { discovery: "device" } });
    await load(flow.filter(({ id }) => id !== "mqtt-in"));
    await red.statuses("in").find(({ text }) => text === "tuya-in.status.connected 1/1");
    for (const _time of ["first", "second"]) {
      await broker.start();
      const client = await listener();
      await untilShared(client);
      await client.until(`homeassistant/device/tuya_${virtual.id}/config`, () => true);
      await client.end();
      await broker.stop();
    }
  });

  it("are told again when Home Assistant comes, and on request", async () => {
    const virtual = await plug();
    const client = await listener();
    const flow = sheet([plugNode(virtual)], { birth: false, filter: "#" });
    await load(flow);
    await untilShared(client);
    const requests = [
      ["homeassistant/status", "online"],
      ["tuya/bridge/operation/set", "publish"],
      ["tuya/bridge/state/set", "online"],
    ] as const;
    for (const [topic, payload] of requests) {
      await client.publish("tuya/Plug/cur_voltage", "", { retain: true });
      await client.untilGone("tuya/Plug/cur_voltage");
      await client.publish(topic, payload);
      await client.until("tuya/Plug/cur_voltage", "230.1");
    }
    await client.publish("tuya/bridge/operation/set", "query");
    const { topic } = await red.messages("done").next();
    assert.equal(topic, "tuya/bridge/operation/done");
    // All of the traffic came by tuya-out: nothing of it was a command or a mistake.
    assert.deepEqual(red.messages("caught").all, []);
  });

  it("go in no circle where tuya-out and a Catch node are wired to mqtt out", async () => {
    const virtual = await plug();
    const client = await listener();
    const flow = sheet([plugNode(virtual)], { filter: "tuya/#", done: "mqtt-out" });
    await load(flow.map((node) => (node.id === "catch" ? { ...node, wires: [["mqtt-out"]] } : node)));
    await untilShared(client);
    for (const payload of ["true", "false", "true"]) {
      await client.publish("tuya/Plug/switch_1/set", payload);
      await client.until("tuya/Plug/switch_1", payload);
    }
    await client.publish("tuya/Plug/countdown_1/set", "9");
    await client.until("tuya/Plug/countdown_1", "9");
    await client.until("tuya/Plug/countdown_1/done", "9");
    await client.publish("tuya/Plug/countdown_1/set", "soon");
    await client.until("tuya/Plug/countdown_1/failed", "soon");
    await client.publish("tuya/Plug/countdown_1/set", "10");
    await client.until("tuya/Plug/countdown_1/done", "10");
    const commands = client.arrivals.all.filter(
      ({ topic }) => topic.endsWith("/set") && topic !== "tuya/bridge/state/set",
    );
    assert.equal(commands.length, 6);
  });

  for (const type of ["full", "flows", "nodes"] satisfies DeployType[]) {
    it(`stay online during a deploy: ${type}`, async () => {
      const virtual = await plug();
      const client = await listener();
      const flow = sheet([plugNode(virtual)]);
      await load(flow);
      await untilShared(client);
      const before = client.arrivals.all.length;
      await red.deploy(
        flow.map((node) => (node.id === "plug" ? { ...node, refresh: "60" } : node)),
        type,
      );
      await red.statuses("in").find(({ text }) => text === "tuya-in.status.connected 1/1");
      await client.publish("tuya/Plug/switch_1/set", "true");
      await client.until("tuya/Plug/switch_1", "true");
      const during = client.arrivals.all.slice(before).filter(({ topic }) => topic.startsWith("tuya/Plug/"));
      assert.deepEqual(
        during.filter(({ payload }) => payload === "offline" || payload === ""),
        [],
      );
    });
  }

  it("leave nothing behind when they are renamed, reduced or deleted", async () => {
    const virtual = await plug();
    const other = await startDevice("3.3", { id: "vdevother00000000001", dps: { "1": true } });
    const client = await listener();
    const otherNode = (more: object) =>
      device("other", other, { name: "Other", datapoints: [{ dp: "1", code: "switch" }], ...more });
    const config = `homeassistant/device/tuya_${other.id}/config`;
    const options = { input: { discovery: "device" } };
    await load(sheet([plugNode(virtual), otherNode({})], options));
    await untilShared(client);
    await client.until("tuya/Other/switch", "true");
    await client.until(config, (text) => text.includes("tuya/Other/"));

    await red.deploy(sheet([plugNode(virtual), otherNode({ name: "New" })], options), "nodes");
    await client.until("tuya/New/switch", "true");
    await client.until("tuya/New/availability", "online");
    await client.until(config, (text) => text.includes("tuya/New/"));
    assert.deepEqual(
      [...client.topics.keys()].filter((topic) => topic.startsWith("tuya/Other/")),
      [],
    );

    const renamed = { name: "New", datapoints: [{ dp: "1", code: "power" }] };
    await red.deploy(sheet([plugNode(virtual), otherNode(renamed)], options), "nodes");
    await client.until("tuya/New/power", "true");
    await client.untilGone("tuya/New/switch");

    await red.deploy(sheet([plugNode(virtual)], options), "nodes");
    await client.untilGone("tuya/New/power");
    await client.untilGone("tuya/New/availability");
    await client.untilGone("tuya/New/connection");
    await client.untilGone(config);
    await client.until("tuya/bridge/devices", (list) => !list.includes(other.id));

    // What Home Assistant is told can be switched off.
    await red.deploy(sheet([plugNode(virtual)]), "nodes");
    await client.untilGone(`homeassistant/device/tuya_${virtual.id}/config`);
    assert.deepEqual(
      [...client.topics.keys()].filter(
        (topic) => !topic.startsWith("tuya/Plug/") && !topic.startsWith("tuya/bridge/"),
      ),
      [],
    );
  });

  it("are offline, with the reason, when they are unplugged, and online when they are back", async () => {
    const virtual = await plug();
    const client = await listener();
    await load(sheet([plugNode(virtual)]));
    await untilShared(client);
    await virtual.close();
    await client.until("tuya/Plug/availability", "offline");
    await client.until("tuya/Plug/connection", "UNREACHABLE");
    await client.until("tuya/bridge/devices", (list) => list.includes('"online":false'));
    await client.publish("tuya/Plug/switch_1/set", "true");
    const told = await client.until("tuya/Plug/error", () => true);
    assert.match(told, /^\{"code":"(?:OFFLINE|UNREACHABLE)"/);
    await virtual.listen();
    await client.until("tuya/Plug/availability", "online");
    await client.until("tuya/Plug/connection", "connected");
    assert.ok(!JSON.stringify(client.arrivals.all).includes("127.0.0.1"));
  });

  it("may belong to two Node-REDs with one base, of which one dies", async function () {
    this.timeout(120_000);
    const virtual = await plug();
    const cellar = await plug("vdevcellar0000000001");
    const client = await listener();
    await load(sheet([plugNode(virtual)]));
    const cellarFlow = sheet([plugNode(cellar, { name: "Cellar" })], { bridgeTopic: "tuya/bridge/cellar" });
    const flows = cellarFlow.filter(({ type }) => type !== "probe" && type !== "catch");
    const second = await startNodeRed({ flows, credentials: keysFor(flows) });
    try {
      await untilShared(client);
      await client.until("tuya/bridge/cellar", "online");
      await client.until("tuya/Cellar/cur_voltage", "230.1");
      await client.publish("tuya/Cellar/switch_1/set", "true");
      await client.until("tuya/Cellar/switch_1", "true");
      assert.equal(virtual.values()["1"], false);
      await red
        .statuses("out")
        .find(({ text }) => text === "tuya-out.status.connected 1/1 · 1 tuya-out.devices.foreign");
      assert.deepEqual(red.messages("caught").all, []);
      assert.deepEqual(red.logged("out", LOG.warn), []);
      await second.kill();
      await client.until("tuya/bridge/cellar", "offline");
      assert.equal(client.topics.get("tuya/bridge/state"), "online");
    } finally {
      await second.stop();
    }
  });
});
