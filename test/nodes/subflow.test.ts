import assert from "node:assert/strict";
import { device, type FlowNode, input, keysFor, LOG, NodeRed, output, probe, tab } from "../support/flow";
import { startDevice } from "../support/virtual";

/** A subflow with these nodes in it, with an input and an output. */
function subflow(id: string, inside: readonly FlowNode[], more: object = {}): FlowNode[] {
  return [{ id, type: "subflow", name: id, in: [], out: [], ...more }, ...inside];
}

function instance(id: string, of: string, z: string, more: object = {}): FlowNode {
  return { id, type: `subflow:${of}`, z, x: 100, y: 100, wires: [["got"]], ...more };
}

const wire = (id: string) => ({ x: 0, y: 0, wires: [{ id, port: 0 }] });

/** A subflow whose device is a property of each instance: a tuya-in to its output, a tuya-out at its input. */
const BY_PROPERTY = subflow(
  "sub",
  [
    input("sub-in", "sub", { device: "${DEVICE}" }),
    output("sub-out", "sub", { device: "${DEVICE}", dp: "1", wires: [[]] }),
  ],
  {
    in: [{ x: 0, y: 0, wires: [{ id: "sub-out" }] }],
    out: [wire("sub-in")],
    env: [{ name: "DEVICE", type: "conf-type", value: "" }],
  },
);

const ENV = { env: [{ name: "DEVICE", type: "conf-type", value: "device" }] };

describe("subflows", () => {
  const red = new NodeRed();

  for (const type of ["nodes", "flows", "full"] as const) {
    it(`${type}: a node whose device is a subflow's property finds the device's new instance`, async () => {
      const virtual = await startDevice("3.4");
      const flow = [
        tab("t"),
        device("device", virtual),
        probe("got", "t"),
        ...BY_PROPERTY,
        instance("i", "sub", "t", ENV),
      ];
      await red.load(flow);
      const got = red.messages("got");
      assert.deepEqual((await got.next()).payload, { "1": false, "2": 0, "3": "low" });

      const old = red.node("device");
      const user = red.node("i-sub-in");
      await red.deploy(
        flow.map((node) => (node.id === "device" ? { ...node, name: "Lamp" } : node)),
        type,
      );
      assert.notEqual(red.node("device"), old);
      assert.equal(red.node("i-sub-in") === user, type !== "full");

      const { topic, payload } = await got.next();
      assert.equal(topic, "Lamp");
      assert.deepEqual(payload, { "1": false, "2": 0, "3": "low" });
      red.send("i", { payload: true });
      assert.deepEqual((await got.next()).payload, { "1": true });
      assert.equal(virtual.clients, 1);
      const shown = red.statuses("i-sub-in").all.map(({ text }) => text?.split(".").at(-1));
      const once = ["connecting", "checking", "connected"];
      assert.deepEqual(shown, type === "full" ? [...once, ...once] : [...once, "closed", ...once]);
    });
  }

  it("gives each instance of a subflow its device, and each keeps its own", async () => {
    const one = await startDevice("3.4", { id: "one00000000000000001", dps: { "1": false } });
    const two = await startDevice("3.5", { id: "two00000000000000001", dps: { "1": true } });
    const env = (value: string) => ({ env: [{ name: "DEVICE", type: "conf-type", value }] });
    await red.load([
      tab("t"),
      device("one", one),
      device("two", two),
      probe("got", "t"),
      ...BY_PROPERTY,
      instance("i1", "sub", "t", env("one")),
      instance("i2", "sub", "t", env("two")),
    ]);
    const topics = new Set([
      (await red.messages("got").next()).topic,
      (await red.messages("got").next()).topic,
    ]);
    assert.deepEqual(topics, new Set([one.id, two.id]));
    red.send("i1", { payload: true });
    const { topic, payload } = await red.messages("got").next();
    assert.deepEqual({ topic, payload }, { topic: one.id, payload: { "1": true } });
    assert.deepEqual(one.values(), { "1": true });
  });

  it("a device inside a subflow exists once per instance, and they share one connection", async () => {
    const virtual = await startDevice("3.4");
    const inside = [{ ...device("inner", virtual), z: "sub" }, input("sub-in", "sub", { device: "inner" })];
    const flow = [
      tab("t"),
      probe("got", "t"),
      ...subflow("sub", inside, { out: [wire("sub-in")] }),
      instance("i1", "sub", "t"),
      instance("i2", "sub", "t"),
    ];
    await red.load(flow, keysFor(flow));
    await red.messages("got").next();
    await red.messages("got").next();
    assert.equal(virtual.clients, 1);
    const warnings = red
      .logs()
      .filter(({ level }) => level === LOG.warn)
      .map(({ msg }) => String(msg));
    assert.equal(warnings.filter((text) => /are the same device/.test(text)).length, 1, warnings.join());
    virtual.set({ "1": true });
    await red.messages("got").next();
    await red.messages("got").next();
    assert.deepEqual(red.messages("got").rest(), []);
  });

  it("says so when a subflow's property names no device", async () => {
    const flow = [tab("t"), probe("got", "t"), ...BY_PROPERTY, instance("i", "sub", "t")];
    await red.load(flow);
    const shown = [...red.allStatuses()].filter(([id]) => id.includes("sub-in"));
    assert.deepEqual(
      shown.map(([, inbox]) => inbox.all.at(-1)?.text),
      ["tuya-in.status.noDevice"],
    );
  });
});

describe("twin devices", () => {
  const red = new NodeRed();

  it("share one connection, warn once, and each has its own names", async () => {
    const virtual = await startDevice("3.5");
    const names = { datapoints: [{ dp: "1", code: "switch_1", type: "Boolean" }] };
    await red.load([
      tab("t"),
      device("device", virtual, { name: "Lamp" }),
      device("twin", virtual, { ...names, name: "Copy", refresh: "30" }),
      input("in", "t", { wires: [["got"]] }),
      input("in2", "t", { device: "twin", wires: [["got2"]] }),
      output("out", "t", { device: "twin", wires: [["sent"]] }),
      probe("got", "t"),
      probe("got2", "t"),
      probe("sent", "t"),
    ]);
    await red.messages("got").next();
    await red.messages("got2").next();
    red.send("out", { payload: { switch_1: true } });
    assert.deepEqual((await red.messages("got").next()).payload, { "1": true });
    assert.deepEqual((await red.messages("got2").next()).payload, { switch_1: true });
    assert.equal(virtual.clients, 1);
    assert.deepEqual(red.logged("device", LOG.warn), []);
    const [warning, ...more] = red.logged("twin", LOG.warn);
    assert.deepEqual(more, []);
    assert.match(
      warning ?? "",
      /^Copy and Lamp are the same device .*They differ in refresh interval; .*Lamp count/,
    );
  });

  it("outlive each other", async () => {
    const virtual = await startDevice("3.4");
    const flow = [
      tab("t"),
      device("device", virtual),
      device("twin", virtual),
      input("in", "t", { wires: [["got"]] }),
      input("in2", "t", { device: "twin", wires: [["got2"]] }),
      probe("got", "t"),
      probe("got2", "t"),
    ];
    let connects = 0;
    virtual.on("connect", () => connects++);
    await red.load(flow);
    await red.messages("got").next();
    await red.messages("got2").next();
    await red.deploy(
      flow.filter(({ id }) => id !== "in" && id !== "device"),
      "nodes",
    );
    virtual.set({ "2": 5 });
    assert.deepEqual((await red.messages("got2").next()).payload, { "2": 5 });
    assert.equal(connects, 1);
    assert.equal(virtual.clients, 1);
  });
});
