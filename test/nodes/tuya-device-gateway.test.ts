import assert from "node:assert/strict";
import { FakeRegistry, READY, waiting } from "../support/fake-device";
import {
  type CaughtMessage,
  device,
  type FlowNode,
  input,
  LOG,
  NodeRed,
  probe,
  tab,
  watcher,
} from "../support/flow";
import { LOCAL_KEY } from "../support/virtual";

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
