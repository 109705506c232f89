import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { device, type FlowNode, input, LOG, NodeRed, output, probe, tab } from "../../../support/flow";
import { FakeRegistry, READY, waiting } from "../../../support/fake-device";
import { profile } from "../../../support/kind";
import { settled } from "../../../support/settled";
import { LOCAL_KEY } from "../../../support/virtual";

const PLUG = "vdevplug000000000001";
const GATEWAY = "vdevgateway000000001";
const SWITCH = "vdevscene00000000001";

interface Published extends NodeMessage {
  readonly topic: string;
  readonly payload: unknown;
  readonly qos: number;
  readonly retain: boolean;
  readonly tuya: Readonly<Record<string, unknown>>;
}

const plug = device("plug", undefined, {
  name: "Plug",
  deviceId: PLUG,
  datapoints: profile("plug-metering"),
});
const gateway = device("gateway", undefined, { name: "Gateway", deviceId: GATEWAY });
const valve: FlowNode = {
  id: "valve",
  type: "tuya-device",
  name: "Valve",
  gateway: "gateway",
  cid: "a4c1",
  datapoints: [{ dp: "1", code: "open", type: "Boolean" }],
};
const scene = device("scene", undefined, {
  name: "Scene",
  deviceId: SWITCH,
  datapoints: profile("scene-switch"),
});

function flow(more: object = {}, devices: readonly FlowNode[] = [plug]): FlowNode[] {
  return [
    tab("t"),
    ...devices,
    input("in", "t", { device: "", scope: "all", output: "mqtt", wires: [["got"]], ...more }),
    probe("got", "t"),
    output("out", "t", { device: "", scope: "message", base: "tuya" }),
  ];
}

describe("tuya-in that shares devices over MQTT", () => {
  let registry: FakeRegistry;
  const red = new NodeRed((...args) => registry.acquire(...args));
  beforeEach(() => {
    registry = new FakeRegistry();
    for (const id of [PLUG, GATEWAY, SWITCH]) registry.device(id).state = READY;
    registry.device(GATEWAY).children.set("a4c1", true);
    registry.device(PLUG).known.set("", { "1": true, "20": 2301 });
  });

  const got = () => red.messages<Published>("got");

  /** The last message of each topic. */
  function standing(): Map<string, Published> {
    return new Map(got().all.map((message) => [message.topic, message]));
  }

  async function shared(): Promise<Map<string, Published>> {
    // The list comes last.
    await got().find(({ topic }) => topic.endsWith("/bridge/devices"));
    return standing();
  }

  it("tells everything as mqtt out takes it, and never anything it takes for an order", async () => {
    await red.load(flow());
    const topics = await shared();
    assert.deepEqual(
      [...topics.values()]
        .map(({ topic, payload, qos, retain }) => [
          topic,
          topic.endsWith("devices") ? "…" : payload,
          qos,
          retain,
        ])
        .sort(([a], [b]) => String(a).localeCompare(String(b))),
      [
        ["tuya/bridge/devices", "…", 1, true],
        ["tuya/bridge/state", "online", 1, true],
        ["tuya/Plug/availability", "online", 1, true],
        ["tuya/Plug/connection", "connected", 1, true],
        ["tuya/Plug/cur_voltage", 230.1, 0, true],
        ["tuya/Plug/switch_1", true, 0, true],
      ],
    );
    for (const message of got().all) {
      assert.ok(!("action" in message));
      assert.ok("tuya" in message);
    }
    const { tuya } = topics.get("tuya/Plug/cur_voltage") ?? {};
    assert.deepEqual(
      { ...tuya, t: 0 },
      {
        deviceId: PLUG,
        name: "Plug",
        dps: { "20": 2301 },
        reason: "initial",
        t: 0,
        dp: "20",
        code: "cur_voltage",
        raw: 2301,
        unit: "V",
        label: "Voltage",
      },
    );
    assert.ok(!red.everything().includes(LOCAL_KEY));
  });

  it("tells who is there before what is, and what is before how it is", async () => {
    await red.load(flow({ discovery: "device" }, [plug, scene]));
    await shared();
    red.send("out", { topic: "tuya/bridge/state/set", payload: "online" });
    const start = got().all.length;
    await got().find(({ topic }) => topic === "tuya/bridge/devices");
    const order = got()
      .all.slice(start)
      .map(({ topic }) =>
        topic
          .replace(/^.*\/(state|config|availability|connection|devices)$/, "$1")
          .replace(/^tuya\/.*/, "value"),
      );
    const first = order.filter((word, index) => order.indexOf(word) === index);
    assert.deepEqual(first, ["state", "config", "availability", "connection", "value", "devices"]);
    assert.ok(order.lastIndexOf("config") < order.indexOf("availability"));
    assert.ok(order.lastIndexOf("connection") < order.indexOf("value"));
  });

  it("passes on what changes, and buttons without having them retained", async () => {
    await red.load(flow({}, [plug, scene]));
    await shared();
    got().rest();
    registry.device(PLUG).report({ "20": 2315 });
    registry.device(PLUG).report({ "20": 2315 });
    registry.device(SWITCH).report({ "1": "single_click" });
    registry.device(SWITCH).report({ "1": "single_click" });
    await settled();
    const told = got()
      .rest()
      .map(({ topic, payload, qos, retain }) => [topic, payload, qos, retain]);
    assert.deepEqual(told, [
      ["tuya/Plug/cur_voltage", 231.5, 0, true],
      ["tuya/Scene/switch_mode1", "single_click", 0, false],
      ["tuya/Scene/switch_mode1", "single_click", 0, false],
    ]);
    // Nor are they told again.
    red.send("out", { topic: "tuya/bridge/state/set", payload: "online" });
    await got().find(({ topic }) => topic === "tuya/bridge/devices");
    const again = got().all.filter(({ topic }) => topic === "tuya/Scene/switch_mode1");
    assert.equal(again.length, 2);
  });

  it("tells sums, also those of before", async () => {
    await red.load(flow());
    await shared();
    registry.device(PLUG).report({ "17": 5 });
    registry.device(PLUG).report({ "17": 5 });
    await settled();
    const sums = got().all.filter(({ topic }) => topic === "tuya/Plug/add_ele_total");
    assert.deepEqual(
      sums.map(({ payload, retain }) => [payload, retain]),
      [
        [0.005, true],
        [0.01, true],
      ],
    );
    assert.ok(!got().all.some(({ topic, retain }) => topic === "tuya/Plug/add_ele" && retain));
    const before = got().all.length;
    red.send("out", { topic: "homeassistant/status", payload: "online" });
    await got().find(
      ({ topic, payload }) =>
        topic === "tuya/Plug/add_ele_total" && payload === 0.01 && got().all.length > before,
    );
  });

  it("tells of sub-devices by themselves, and that they are away with their gateway", async () => {
    registry.device(GATEWAY).known.set("a4c1", { "1": true });
    await red.load(flow({}, [gateway, valve]));
    const topics = await shared();
    assert.equal(topics.get("tuya/Valve/open")?.payload, true);
    assert.equal(topics.get("tuya/Valve/availability")?.payload, "online");
    assert.deepEqual(topics.get("tuya/Valve/open")?.tuya["cid"], "a4c1");
    // Nobody has said what this one is called.
    registry.device(GATEWAY).report({ "1": 7 }, { cid: "b5d2" });
    registry.device(GATEWAY).enter(waiting("UNREACHABLE"));
    const { payload } = await got().find(({ topic }) => topic === "tuya/Valve/connection");
    assert.equal(payload, "OFFLINE");
    assert.equal(standing().get("tuya/Valve/availability")?.payload, "offline");
    assert.ok(!standing().has("tuya/Gateway/1"));
    const list = JSON.stringify(topics.get("tuya/bridge/devices")?.payload);
    assert.match(list, /"name":"Valve","topic":"tuya\/Valve","cid":"a4c1","gateway":"vdevgateway000000001"/);
  });

  it("shares the device that is chosen, or those whose names fit", async () => {
    await red.load(flow({ scope: "device", device: "plug" }, [plug, scene]));
    const one = await shared();
    assert.ok(one.has("tuya/Plug/availability"));
    assert.ok(!one.has("tuya/Scene/availability"));
    await red.unload();
    await red.load(flow({ filter: "Sc*" }, [plug, scene]));
    const some = await shared();
    assert.ok(!some.has("tuya/Plug/availability"));
    assert.ok(some.has("tuya/Scene/availability"));
    await red.unload();
    await red.load(flow({ scope: "device", device: "none" }));
    await settled();
    assert.match(red.logged("in", LOG.error).join(), /No device is chosen/);
  });

  it("passes on the data points that are chosen, friendly words among them", async () => {
    await red.load(flow({ dps: "cur_voltage, on" }));
    const topics = await shared();
    const values = [...topics.keys()].filter((topic) =>
      /^tuya\/Plug\/(?!availability|connection)/.test(topic),
    );
    assert.deepEqual(values.sort(), ["tuya/Plug/cur_voltage", "tuya/Plug/on"]);
    assert.equal(topics.get("tuya/Plug/on")?.payload, true);
  });

  it("keeps the topics of friendly names while they are chosen, however they are spelled", async () => {
    const id = "vdevlamp000000000001";
    const lamp = device("lamp", undefined, {
      name: "Lamp",
      deviceId: id,
      datapoints: profile("lamp-colour"),
    });
    registry.device(id).state = READY;
    registry.device(id).known.set("", { "20": true, "21": "colour", "24": "007803e801f4" });
    const payloads = () =>
      ["color", "brightness"].map((level) => standing().get(`tuya/Lamp/${level}`)?.payload);
    const colour = "#008000";
    await red.load(flow({ dps: "color, brightness" }, [lamp]));
    await shared();
    red.send("out", { topic: "tuya/bridge/state/set", payload: "online" });
    await got().find(({ topic }) => topic === "tuya/bridge/devices");
    assert.deepEqual(payloads(), [colour, 50]);
    const emptied = (level: string) =>
      got().find(({ topic, payload }) => topic === `tuya/Lamp/${level}` && payload === "");
    await red.deploy(flow({ dps: "color" }, [lamp]), "nodes");
    await emptied("brightness");
    assert.deepEqual(payloads(), [colour, ""]);
    await red.deploy(flow({}, [lamp]), "nodes");
    await emptied("color");
    assert.deepEqual(payloads(), ["", ""]);
  });

  it("has other topics for another base, and empties those of the former one", async () => {
    await red.load(flow({ discovery: "device" }));
    await shared();
    await red.deploy(flow({ discovery: "device", base: "house/tuya", bridgeTopic: "house/bridge" }), "full");
    await got().find(({ topic }) => topic === "house/tuya/bridge/devices");
    const last = standing();
    assert.equal(last.get("house/bridge")?.payload, "online");
    assert.equal(last.get("house/tuya/Plug/switch_1")?.payload, true);
    for (const topic of [
      "tuya/bridge/state",
      "tuya/bridge/devices",
      "tuya/Plug/switch_1",
      "tuya/Plug/availability",
    ]) {
      assert.equal(last.get(topic)?.payload, "", topic);
      assert.equal(last.get(topic)?.retain, true);
    }
    // The entities are the same, and so is their topic.
    assert.ok(!JSON.stringify(got().all).includes("migrate_discovery"));
    assert.match(
      JSON.stringify(last.get(`homeassistant/device/tuya_${PLUG}/config`)?.payload),
      /house\/tuya\/Plug/,
    );
  });

  it("empties the topics of one that is deleted, but not those of one that takes its place", async () => {
    const second = (id: string) =>
      input(id, "t", { device: "", scope: "all", output: "mqtt", base: "cellar", wires: [["got"]] });
    await red.load([...flow(), second("old")]);
    await got().find(({ topic }) => topic === "cellar/Plug/switch_1");
    await red.deploy([...flow(), second("new")], "nodes");
    await got().find(({ topic }) => topic === "cellar/Plug/switch_1");
    await settled();
    assert.deepEqual(
      got().all.filter(({ payload }) => payload === ""),
      [],
    );
    await red.deploy(flow(), "nodes");
    await got().find(({ topic, payload }) => topic === "cellar/Plug/switch_1" && payload === "");
    // Values are told after all that is emptied.
    await got().find(({ topic }) => topic === "tuya/Plug/switch_1");
    assert.ok(standing().has("cellar/Plug/availability"));
    for (const [topic, { payload, retain }] of standing()) {
      if (topic.startsWith("cellar/")) assert.deepEqual([payload, retain], ["", true], topic);
      else assert.notEqual(payload, "", topic);
    }
  });

  it("empties all topics of devices when no name fits any more, before it is deleted for good", async () => {
    await red.load(flow({ discovery: "device" }));
    const before = await shared();
    await red.deploy(flow({ discovery: "device", filter: "none of them" }), "nodes");
    await got().find(({ topic, payload }) => topic === "tuya/bridge/devices" && payload !== "");
    const devices = [...before].filter(([topic, { retain }]) => retain && !topic.startsWith("tuya/bridge/"));
    assert.ok(devices.length > 4);
    for (const [topic] of devices) {
      const { payload, retain } = standing().get(topic) ?? {};
      assert.deepEqual([payload, retain], ["", true], topic);
    }
  });

  it("hands entities over when their messages take another shape", async () => {
    const config = `homeassistant/device/tuya_${PLUG}/config`;
    await red.load(flow({ discovery: "device" }));
    await shared();
    await red.deploy(flow({ discovery: "single" }), "nodes");
    await got().find(({ topic, payload }) => topic === config && payload === "");
    const about = got().all.filter(({ topic }) => topic.endsWith("/config"));
    const turn = about.findIndex(({ payload }) => JSON.stringify(payload) === '{"migrate_discovery":true}');
    assert.equal(about[turn]?.topic, config);
    assert.equal(about[turn]?.retain, false);
    const singles = about.slice(turn + 1, -1).map(({ topic }) => topic);
    assert.ok(singles.length > 1 && singles.every((topic) => topic !== config));
    assert.equal(about.at(-1)?.topic, config);
    assert.equal(about.at(-1)?.payload, "");
  });

  it("tells devices of one name from each other, and one of two nodes", async () => {
    const twin = { ...plug, id: "twin" };
    const other = device("other", undefined, { name: "Plug", deviceId: "vdevplug000000000002" });
    await red.load(flow({}, [plug, twin, other]));
    const topics = await shared();
    const levels = new Set([...topics.keys()].map((topic) => topic.split("/")[1]));
    assert.deepEqual(levels, new Set(["Plug (0001)", "bridge"]));
    registry.device("vdevplug000000000002").enter(READY);
    await got().find(({ topic }) => topic === "tuya/Plug (0002)/availability");
    const list = standing().get("tuya/bridge/devices")?.payload as readonly { readonly topic: string }[];
    assert.deepEqual(
      list.map(({ topic }) => topic),
      ["tuya/Plug (0001)", "tuya/Plug (0002)"],
    );
    registry.device(PLUG).report({ "20": 2400 });
    await settled();
    assert.equal(got().all.filter(({ payload }) => payload === 240).length, 1);
  });

  it("leaves no listener behind", async () => {
    await red.load(flow());
    await shared();
    const before = red.events.listenerCount("node-status");
    for (let count = 0; count < 3; count++) await red.deploy(flow(), "full");
    assert.equal(red.events.listenerCount("node-status"), before);
  });
});
