import assert from "node:assert/strict";
import { mock } from "node:test";
import type { Node } from "node-red";
import { dataPointTable } from "../../../nodes/tuya-device/tuya-device";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
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
} from "../../support/flow";
import { LOCAL_KEY } from "../../support/virtual";
import { settled } from "../../support/settled";

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
      /variable TUYA_NO_SUCH_KEY is not set/,
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

  it("tells a Catch node of all nodes once, however many nodes of its tab use the device", async () => {
    const flow = [...caughtFlow(device("device", undefined, LAMP)), output("out", "t"), input("in2", "t")];
    await red.load(flow);
    registry.device(ID).enter(waiting("BUSY"));
    await red.messages("caught").next();
    await settled();
    assert.deepEqual(red.messages("caught").rest(), []);
    assert.deepEqual(Object.keys(red.node<Node & { users: object }>("device").users), ["in", "out", "in2"]);
  });

  it("tells a Catch node of one node, whichever of those that use the device it is", async () => {
    for (const scope of [["in"], ["out"]]) {
      const flow = caughtFlow(device("device", undefined, LAMP)).filter(({ id }) => id !== "catch");
      await red.load([...flow, output("out", "t"), watcher("catch", "catch", "t", "caught", { scope })]);
      registry.device(ID).enter(waiting("BUSY"));
      assert.equal((await red.messages<CaughtMessage>("caught").next()).error.code, "BUSY");
      await red.unload();
    }
  });

  it("tells Node-RED who uses it, by id", async () => {
    const flow = [tab("t"), device("device", undefined), input("in", "t"), output("out", "t")];
    await red.load(flow);
    const node = red.node<Node & { users: Record<string, Node> }>("device");
    assert.deepEqual(Object.keys(node.users).sort(), ["in", "out"]);
    assert.equal(node.users["in"], red.node("in"));
    await red.deploy(flow.slice(0, 3), "nodes");
    assert.deepEqual(Object.keys(node.users), ["in"]);
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
      await settled();
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

describe("dataPointTable", () => {
  const list = () => [
    { dp: "1", code: "switch_1", type: "Boolean" },
    { dp: "1", code: "again" },
  ];

  it("is one for equal lists, with the problems of each", () => {
    const [first, second] = [dataPointTable(list()), dataPointTable(list())];
    assert.equal(first.dataPoints, second.dataPoints);
    assert.equal(first.dataPoints.nameOf("1"), "switch_1");
    assert.equal(first.problems.length, 1);
    assert.deepEqual(first.problems, second.problems);
  });

  it("is another one for another list", () => {
    const { dataPoints } = dataPointTable([{ dp: "1", code: "switch_1" }]);
    assert.notEqual(dataPoints, dataPointTable(list()).dataPoints);
  });

  for (const nothing of [undefined, null, "", []])
    it(`is empty where the list is ${JSON.stringify(nothing)}`, () => {
      assert.deepEqual(dataPointTable(nothing).dataPoints.dataPoints, []);
    });
});
