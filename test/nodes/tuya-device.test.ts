import assert from "node:assert/strict";
import { mock } from "node:test";
import type { Node } from "node-red";
import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { FakeRegistry, READY, waiting } from "../support/fake-device";
import {
  type CaughtMessage,
  device,
  type FlowNode,
  input,
  keysFor,
  LOG,
  NodeRed,
  output,
  probe,
  tab,
  watcher,
} from "../support/flow";
import { LOCAL_KEY, startDevice } from "../support/virtual";

const OTHER_KEY = "0123456789abcdef";

/** A device with one user, and a Catch node. */
function caughtFlow(deviceNode: FlowNode): FlowNode[] {
  return [
    tab("t"),
    deviceNode,
    input("in", "t"),
    watcher("catch", "catch", "t", "caught"),
    probe("caught", "t"),
  ];
}

describe("tuya-device with a device", () => {
  const red = new NodeRed();

  for (const version of PROTOCOL_VERSIONS.filter((name) => name > "3.2")) {
    it(`${version}: proves that the key is wrong, and tells a Catch node once`, async () => {
      const virtual = await startDevice(version, { localKey: OTHER_KEY });
      const flow = caughtFlow(device("device", virtual, { name: "Lamp" }));
      await red.load(flow);
      const caught = await red.messages<CaughtMessage>("caught").next();
      assert.ok(["WRONG_KEY", "KEY_OR_VERSION"].includes(caught.error.code ?? ""), caught.error.code);
      assert.match(caught.error.message, /^TuyaError: .*Lamp/);
      assert.equal(caught.error.source.id, "device");
      assert.deepEqual(caught["tuya"], { deviceId: virtual.id, name: "Lamp" });
      const key = /\.(wrongKey|keyOrVersion)$/;
      const { fill, shape } = await red.statuses("in").find(({ text = "" }) => key.test(text));
      assert.equal(`${fill} ${shape}`, "red dot");
      assert.ok(red.statuses("in").all.every((status) => status.fill !== "green"));
    });
  }

  it("tells an outage once, and its end", async () => {
    const virtual = await startDevice("3.4");
    await red.load(caughtFlow(device("device", virtual, { name: "Lamp" })));
    await red.statuses("in").find(({ fill }) => fill === "green");
    await virtual.close();
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "UNREACHABLE");
    // Several attempts fail meanwhile, 20 ms apart.
    await new Promise((resolve) => setTimeout(resolve, 120));
    assert.deepEqual(red.messages("caught").rest(), []);
    await virtual.listen();
    await red.statuses("in").find(({ fill }) => fill === "green");
    const told = red
      .logged("device", LOG.info)
      .filter((text) => /^Lamp is connected, after .* ms without\.$/.test(text));
    assert.equal(told.length, 1, red.logged("device", LOG.info).join());
  });

  it("takes its key from an environment variable", async () => {
    process.env["TUYA_TEST_KEY"] = LOCAL_KEY;
    try {
      const virtual = await startDevice("3.5");
      await red.load(caughtFlow(device("device", virtual)), { device: { localKey: "${TUYA_TEST_KEY}" } });
      await red.statuses("in").find(({ fill }) => fill === "green");
    } finally {
      delete process.env["TUYA_TEST_KEY"];
    }
  });

  it("finds the version by itself", async () => {
    const virtual = await startDevice("3.5");
    await red.load(caughtFlow(device("device", virtual, { version: "auto" })));
    await red.statuses("in").find(({ fill }) => fill === "green");
    assert.deepEqual(red.messages("caught").all, []);
  });

  it("connects for its users only, and for as many as there are", async () => {
    const virtual = await startDevice("3.4");
    let connects = 0;
    virtual.on("connect", () => connects++);
    await red.load([tab("t"), device("device", virtual)]);
    await red.deploy([tab("t"), device("device", virtual), output("out", "t"), input("in", "t")], "nodes");
    await red.statuses("in").find(({ fill }) => fill === "green");
    assert.equal(connects, 1);
  });
});

describe("tuya-device", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);
  const ID = "fake0000000000000001";
  const LAMP = { name: "Lamp" };

  beforeEach(() => {
    registry.devices.clear();
    registry.acquired.length = 0;
    registry.released.length = 0;
    registry.closing = Promise.resolve();
  });

  it("raises one error per cause, however often and in whatever order they come", async () => {
    await red.load(caughtFlow(device("device", undefined, LAMP)));
    const fake = registry.device(ID);
    for (const code of ["UNREACHABLE", "UNREACHABLE", "TIMEOUT", "UNREACHABLE", "TIMEOUT"] as const) {
      fake.enter(waiting(code));
    }
    fake.enter(READY);
    fake.enter(waiting("TIMEOUT"));
    const caught = red.messages<CaughtMessage>("caught");
    const codes = [await caught.next(), await caught.next(), await caught.next()].map(
      ({ error }) => error.code,
    );
    assert.deepEqual(codes, ["UNREACHABLE", "TIMEOUT", "TIMEOUT"]);
    assert.deepEqual(caught.rest(), []);
  });

  const unusable: [string, object, Record<string, string>, RegExp][] = [
    ["no id", { deviceId: "" }, { localKey: LOCAL_KEY }, /Lamp has no device id/],
    ["no key", {}, {}, /Lamp has no local key/],
    [
      "a short key",
      {},
      { localKey: LOCAL_KEY.slice(2) },
      /local key of Lamp has 14 characters instead of 16/,
    ],
    ["a key with a blank", {}, { localKey: `${LOCAL_KEY} ` }, /has 17 characters instead of 16/],
    [
      "an unset variable for a key",
      {},
      { localKey: "${TUYA_NO_SUCH_KEY}" },
      /variable TUYA_NO_SUCH_KEY, which is not set/,
    ],
    [
      "an unset variable for an address",
      { ip: "${TUYA_NO_SUCH_IP}" },
      { localKey: LOCAL_KEY },
      /variable TUYA_NO_SUCH_IP/,
    ],
    ["an impossible port", { port: "many" }, { localKey: LOCAL_KEY }, /port of Lamp/],
  ];
  for (const [what, more, credentials, sentence] of unusable) {
    it(`says so where there is ${what}, to the flows that use it, and never connects`, async () => {
      await red.load(caughtFlow(device("device", undefined, { ...LAMP, ...more })), { device: credentials });
      const { error } = await red.messages<CaughtMessage>("caught").next();
      assert.equal(error.code, "NOT_CONFIGURED");
      assert.match(error.message, sentence);
      assert.equal(error.source.id, "device");
      assert.deepEqual(registry.acquired, []);
      assert.equal(red.statuses("in").all.at(-1)?.text, "tuya-in.status.notConfigured");
      for (const { localKey } of Object.values({ credentials })) {
        if (localKey && !localKey.startsWith("$")) assert.ok(!red.everything().includes(localKey));
      }
    });
  }

  it("says nothing of a device nobody uses", async () => {
    await red.load(
      [
        tab("t"),
        device("device", undefined, LAMP),
        watcher("catch", "catch", "t", "caught"),
        probe("caught", "t"),
      ],
      {},
    );
    assert.deepEqual(red.logged("device", LOG.warn), []);
    assert.deepEqual(red.messages("caught").all, []);
  });

  it("reaches the Catch nodes of every flow that uses it, and of no other", async () => {
    const flow = caughtFlow(device("device", undefined, LAMP));
    await red.load(flow);
    // The test helper loads one Catch node at most.
    const more = [
      tab("t2"),
      output("out", "t2"),
      watcher("catch", "catch2", "t2", "caught2"),
      probe("caught2", "t2"),
      tab("t3"),
      watcher("catch", "catch3", "t3", "caught3"),
      probe("caught3", "t3"),
    ];
    await red.deploy([...flow, ...more], "nodes");
    registry.device(ID).enter(waiting("BUSY"));
    assert.equal((await red.messages<CaughtMessage>("caught").next()).error.code, "BUSY");
    assert.equal((await red.messages<CaughtMessage>("caught2").next()).error.code, "BUSY");
    assert.deepEqual(red.messages("caught3").all, []);
  });

  it("tells Node-RED who uses it, by id", async () => {
    const flow = [tab("t"), device("device", undefined), input("in", "t"), output("out", "t")];
    await red.load(flow);
    const { users } = red.node<Node & { users: Record<string, Node> }>("device");
    assert.deepEqual(Object.keys(users).sort(), ["in", "out"]);
    assert.equal(users["in"], red.node("in"));
    await red.deploy(flow.slice(0, 3), "nodes");
    assert.deepEqual(Object.keys(users), ["in"]);
  });

  it("names entries of its data point list that make no sense, and goes on with the others", async () => {
    const datapoints = [{ dp: "1", code: "switch_1" }, { dp: "x" }, { dp: "1", code: "again" }];
    await red.load(caughtFlow(device("device", undefined, { ...LAMP, datapoints })));
    assert.deepEqual(red.logged("device", LOG.warn), [
      "Lamp: Data point entry 2 has no data point number.",
      "Lamp: Data point 1 is listed twice; the first entry counts.",
    ]);
  });

  it("gives the device what is configured", async () => {
    const more = {
      name: "Lamp",
      ip: " 192.0.2.7 ",
      port: "6669",
      version: "3.4",
      refresh: "10",
      refreshDps: "volt",
      device22: true,
      sleepy: true,
      datapoints: [{ dp: "20", code: "volt" }],
    };
    await red.load(caughtFlow(device("device", undefined, more)));
    assert.deepEqual(registry.acquired, [
      {
        holder: "Lamp",
        settings: {
          deviceId: ID,
          localKey: LOCAL_KEY,
          name: "Lamp",
          ip: "192.0.2.7",
          port: 6669,
          version: "3.4",
          device22Dps: ["20"],
          sleepy: true,
          refreshSeconds: 10,
          refreshDps: [20],
        },
      },
    ]);
  });

  it("waits with the next instance until the socket of the last one is gone", async () => {
    const flow = caughtFlow(device("device", undefined, LAMP));
    await red.load(flow);
    let gone!: () => void;
    registry.closing = new Promise((resolve) => (gone = resolve));
    const deploying = red.deploy(
      flow.map((node) => (node.id === "device" ? { ...node, name: "Other" } : node)),
      "nodes",
    );
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    assert.equal(registry.acquired.length, 1);
    gone();
    await deploying;
    assert.equal(registry.acquired.length, 2);
  });

  it("does not hold a deploy up for a socket that never goes", async () => {
    await red.load(caughtFlow(device("device", undefined, LAMP)));
    let gone!: () => void;
    registry.closing = new Promise((resolve) => (gone = resolve));
    mock.timers.enable({ apis: ["setTimeout"] });
    let isClosed = false;
    const closing = red
      .node("device")
      .close(true)
      .then(() => (isClosed = true));
    mock.timers.tick(4_999);
    await Promise.resolve();
    assert.equal(isClosed, false);
    mock.timers.tick(1);
    mock.timers.reset();
    await closing;
    gone();
  });

  for (const removed of [true, false]) {
    it(`gives its device back and hears nothing any more once closed, removed or not: ${removed}`, async () => {
      await red.load(caughtFlow(device("device", undefined, LAMP)));
      await red.node("in").close(removed);
      await red.node("device").close(removed);
      assert.deepEqual(registry.released, [ID]);
      registry.device(ID).enter(waiting("BUSY"));
      registry.device(ID).report({ "1": true });
      red.events.emit("flows:started");
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      assert.deepEqual(red.messages("caught").all, []);
      assert.equal(registry.acquired.length, 1);
    });
  }

  it("works for as many devices as a house has, with one listener for all of them", async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", onWarning);
    const rooms = Array.from({ length: 40 }, (_, n) => [
      device(`d${n}`, undefined, { deviceId: `fake${n}` }),
      input(`i${n}`, "t", { device: `d${n}` }),
      output(`o${n}`, "t", { device: `d${n}` }),
    ]).flat();
    const flow = [tab("t"), ...rooms];
    await red.load(flow, keysFor(flow));
    assert.equal(registry.acquired.length, 40);
    assert.equal(red.flowListeners, 1);
    await red.unload();
    assert.equal(registry.released.length, 40);
    await new Promise(setImmediate);
    process.off("warning", onWarning);
    assert.deepEqual(warnings, []);
  });
});

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
        ["", "192.0.2.9"],
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
    fake.listChildren({ a1: false });
    const { error, ...msg } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "CHILD_OFFLINE");
    assert.equal(error.source.id, "child");
    assert.deepEqual(msg["tuya"], { deviceId: "a1", name: "Sensor" });
    fake.listChildren({ a1: true });
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
