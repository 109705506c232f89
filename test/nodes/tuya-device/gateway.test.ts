import assert from "node:assert/strict";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
import {
  type CaughtMessage,
  device,
  type FlowNode,
  input,
  LOG,
  NodeRed,
  output,
  probe,
  tab,
  watcher,
} from "../../support/flow";
import { settled } from "../../support/settled";
import { LOCAL_KEY } from "../../support/virtual";

describe("tuya-device of a sub-device", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);
  const ID = "fake0000000000000001";
  const CHILD = { id: "child", type: "tuya-device", name: "Sensor", gateway: "device", cid: "a1" };

  beforeEach(() => {
    registry.devices.clear();
    registry.acquired.length = 0;
    registry.released.length = 0;
  });

  function flow(child: FlowNode = CHILD, gateway: object = {}): FlowNode[] {
    return [
      tab("t"),
      device("device", undefined, { name: "Gateway", ...gateway }),
      child,
      input("in", "t", { device: "child" }),
      watcher("catch", "catch", "t", "caught"),
      probe("caught", "t"),
    ];
  }

  it("needs no key, and uses its gateway's connection", async () => {
    await red.load(flow(), { device: { localKey: LOCAL_KEY } });
    assert.deepEqual(
      registry.acquired.map(({ holder }) => holder),
      ["Gateway"],
    );
    assert.deepEqual(registry.device(ID).callsOf("addChild"), [["a1"]]);
    await red.unload();
    assert.deepEqual(registry.released, [ID]);
  });

  it("keeps its gateway connected although nothing else uses it, until its own users are gone", async () => {
    await red.load(flow());
    await red.deploy(
      flow().filter(({ id }) => id !== "in"),
      "nodes",
    );
    assert.deepEqual(registry.released, [ID]);
    assert.deepEqual(registry.device(ID).callsOf("removeChild"), [["a1"]]);
  });

  for (const type of ["nodes", "flows", "full"] as const) {
    it(`${type}: restarts with its gateway`, async () => {
      await red.load(flow());
      const child = red.node("child");
      await red.deploy(flow(CHILD, { ip: "192.0.2.9" }), type);
      assert.notEqual(red.node("child"), child);
      assert.deepEqual(
        registry.acquired.map(({ settings }) => settings.ip),
        ["192.0.2.7", "192.0.2.9"],
      );
      registry.device(ID).enter(READY);
      assert.equal(red.statuses("in").all.at(-1)?.text, "tuya-in.status.connected");
    });
  }

  it("says that its gateway is offline, whose trouble is told once, by the gateway", async () => {
    await red.load(flow());
    registry.device(ID).enter(waiting("UNREACHABLE"));
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.source.id, "device");
    assert.deepEqual(red.messages("caught").rest(), []);
    assert.deepEqual(red.statuses("in").all.at(-1), {
      fill: "red",
      shape: "ring",
      text: "tuya-in.status.gatewayOffline",
    });
  });

  it("tells its own trouble itself", async () => {
    await red.load(flow());
    const fake = registry.device(ID);
    fake.enter(READY);
    fake.reportChildren({ a1: false });
    const { error, ...msg } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "CHILD_OFFLINE");
    assert.equal(error.source.id, "child");
    assert.deepEqual(msg["tuya"], { deviceId: "a1", name: "Sensor" });
    fake.reportChildren({ a1: true });
    assert.equal(red.statuses("in").all.at(-1)?.text, "tuya-in.status.connected");
    assert.match(red.logged("child", LOG.info).join(), /Sensor is connected, after/);
  });

  const METER = [{ dp: "17", code: "add_ele", type: "Integer", scale: 3, accumulate: true }];

  it("adds up its increments once, for its own tuya-in and for that of its gateway", async () => {
    await red.load([
      ...flow({ ...CHILD, datapoints: METER }),
      input("own", "t", { device: "child", wires: [["mine"]] }),
      input("all", "t", { device: "device", output: "each", wires: [["every"]] }),
      ...["mine", "every"].map((id) => probe(id, "t")),
    ]);
    const fake = registry.device(ID);
    fake.enter(READY);
    for (const increment of [100, 50]) fake.report({ "17": increment }, { cid: "a1" });
    await settled();
    assert.deepEqual(
      red.messages("mine").all.map(({ payload }) => payload),
      [
        { add_ele: 0.1, add_ele_total: 0.1 },
        { add_ele: 0.05, add_ele_total: 0.15 },
      ],
    );
    assert.deepEqual(
      red.messages("every").all.map(({ topic, payload }) => [topic, payload]),
      [
        ["Sensor/add_ele", 0.1],
        ["Sensor/add_ele_total", 0.1],
        ["Sensor/add_ele", 0.05],
        ["Sensor/add_ele_total", 0.15],
      ],
    );
  });

  it("is set and read by the names of its data points through a tuya-out of its gateway", async () => {
    const named = { ...CHILD, datapoints: [{ dp: "1", code: "valve", type: "Boolean" }] };
    await red.load([
      ...flow(named),
      output("out", "t", { device: "device", wires: [["done"]] }),
      probe("done", "t"),
    ]);
    const fake = registry.device(ID);
    fake.enter(READY);
    fake.known.set("a1", { "1": false });
    red.send("out", { payload: { dps: { valve: true }, cid: "a1" } } as never);
    await red.messages("done").next();
    red.send("out", { operation: "query", payload: { cid: "a1" } } as never);
    const { payload } = await red.messages("done").next();
    assert.deepEqual(fake.callsOf("set"), [[{ "1": true }, { cid: "a1", confirm: "ack" }]]);
    assert.deepEqual(payload, { valve: false });
  });

  const wrong: [string, FlowNode[], RegExp][] = [
    [
      "a deleted gateway",
      flow().filter(({ id }) => id !== "device"),
      /gateway of Sensor was deleted or is disabled/,
    ],
    ["a disabled gateway", flow(CHILD, { d: true }), /gateway of Sensor was deleted or is disabled/],
    ["no node id", flow({ ...CHILD, cid: "" }), /Sensor is behind a gateway but has no node id/],
    ["no gateway", flow({ ...CHILD, gateway: "" }), /Sensor has a node id \(cid\) but no gateway/],
  ];
  for (const [what, nodes, sentence] of wrong) {
    it(`says so where there is ${what}`, async () => {
      await red.load(nodes);
      const { error } = await red.messages<CaughtMessage>("caught").next();
      assert.equal(error.code, "NOT_CONFIGURED");
      assert.match(error.message, sentence);
      assert.equal(error.source.id, "child");
    });
  }

  it("finds a gateway that comes back", async () => {
    await red.load(flow().filter(({ id }) => id !== "device"));
    await red.messages("caught").next();
    await red.deploy(
      flow().map((node) => (node.id === "device" ? { ...node, credentials: { localKey: LOCAL_KEY } } : node)),
      "nodes",
    );
    registry.device(ID).enter(READY);
    assert.equal(red.statuses("in").all.at(-1)?.text, "tuya-in.status.connected");
  });
});
