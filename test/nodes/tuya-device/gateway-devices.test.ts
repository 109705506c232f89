import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";
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
import { startDevice } from "../../support/virtual";

interface Answer extends NodeMessage {
  readonly tuya: { readonly cid?: string; readonly confirmed?: object };
}

/** Sub-devices with the same data points behind one virtual gateway, as flows meet them. */
describe("sub-devices behind one gateway", () => {
  const red = new NodeRed();

  function child(id: string, cid: string): FlowNode {
    return {
      id,
      type: "tuya-device",
      name: `Device ${id}`,
      gateway: "device",
      cid,
      datapoints: [{ dp: "1", code: "switch_1", type: "Boolean" }],
    };
  }

  function start(online = true): Promise<VirtualDevice> {
    return startDevice("3.4", {
      dps: { "2": "gateway" },
      subDevices: { a1: { dps: { "1": false } }, b2: { dps: { "1": false }, online } },
    });
  }

  function flow(gateway: VirtualDevice, more: readonly FlowNode[] = []): FlowNode[] {
    return [
      tab("t"),
      device("device", gateway, { name: "Gateway" }),
      child("a", "a1"),
      child("b", "b2"),
      input("a-in", "t", { device: "a", wires: [["a-got"]] }),
      input("b-in", "t", { device: "b", wires: [["b-got"]] }),
      output("a-out", "t", { device: "a", confirm: "report", wires: [["a-done"]] }),
      output("b-out", "t", { device: "b", confirm: "report", wires: [["b-done"]] }),
      ...["a-got", "b-got", "a-done", "b-done", "caught"].map((id) => probe(id, "t")),
      watcher("catch", "catch", "t", "caught"),
      ...more,
    ];
  }

  async function isShown(id: string, text: string): Promise<void> {
    await red.statuses(id).find((status) => status.text === `tuya-in.status.${text}`);
  }

  it("are read, set and heard each by itself", async () => {
    const gateway = await start();
    await red.load(flow(gateway));
    for (const id of ["a", "b"]) {
      const first = await red.messages<Answer>(`${id}-got`).next();
      assert.deepEqual([first.payload, first.topic], [{ switch_1: false }, `Device ${id}`]);
    }
    red.send("a-out", { payload: true });
    red.send("b-out", { operation: "query" } as NodeMessage);
    const [set, query] = await Promise.all([
      red.messages<Answer>("a-done").next(),
      red.messages<Answer>("b-done").next(),
    ]);
    assert.deepEqual([set.tuya.cid, set.tuya.confirmed], ["a1", { "1": true }]);
    assert.deepEqual([query.tuya.cid, query.payload], ["b2", { switch_1: false }]);
    assert.deepEqual((await red.messages("a-got").next()).payload, { switch_1: true });
    assert.deepEqual(red.messages("b-got").rest(), []);
    assert.equal(gateway.clients, 1);
  });

  it("that are offline say so, and what is sent to them ends in CHILD_OFFLINE", async () => {
    const gateway = await start(false);
    await red.load(flow(gateway));
    await isShown("b-in", "childOffline");
    await red.messages("caught").find((msg) => (msg as CaughtMessage).error.source.id === "b");
    red.send("b-out", { payload: true });
    const { error } = await red
      .messages<CaughtMessage>("caught")
      .find((msg) => msg.error.source.id === "b-out");
    assert.equal(error.code, "CHILD_OFFLINE");
    red.send("a-out", { payload: true });
    await red.messages("a-done").next();
    gateway.setChildOnline("b2", true);
    await isShown("b-in", "connected");
    red.send("b-out", { payload: true });
    assert.deepEqual((await red.messages<Answer>("b-done").next()).tuya.confirmed, { "1": true });
  });

  it("that are named in a message to the gateway end so, too", async () => {
    const gateway = await start(false);
    const out = output("gateway-out", "t", { device: "device", wires: [["gateway-done"]] });
    await red.load([
      tab("t"),
      device("device", gateway, { name: "Gateway" }),
      out,
      probe("gateway-done", "t"),
      probe("caught", "t"),
      watcher("catch", "catch", "t", "caught"),
    ]);
    await red.statuses("gateway-out").find(({ text }) => text === "tuya-out.status.connected");
    red.send("gateway-out", { payload: { dps: { "1": true }, cid: "a1" } });
    assert.equal((await red.messages<Answer>("gateway-done").next()).tuya.cid, "a1");
    red.send("gateway-out", { payload: { dps: { "1": true }, cid: "b2" } });
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "CHILD_OFFLINE");
    assert.match(error.message, /^Sub-device b2 is offline/);
    assert.deepEqual(red.messages("gateway-done").rest(), []);
  });

  it("are lost with their gateway and come back with it, and only the gateway tells of it", async () => {
    const gateway = await start();
    await red.load(flow(gateway));
    await isShown("a-in", "connected");
    const back = gateway.reboot(300);
    await isShown("a-in", "gatewayOffline");
    await isShown("b-in", "gatewayOffline");
    red.send("a-out", { payload: true });
    const { error } = await red
      .messages<CaughtMessage>("caught")
      .find((msg) => msg.error.source.id === "a-out");
    assert.equal(error.code, "OFFLINE");
    assert.match(error.message, /Gateway/);
    await back;
    for (const id of ["a-in", "b-in"]) {
      red.statuses(id).rest();
      if (red.statuses(id).all.at(-1)?.text !== "tuya-in.status.connected") await isShown(id, "connected");
    }
    const sources = red.messages<CaughtMessage>("caught").all.map((msg) => msg.error.source.id);
    assert.deepEqual(
      sources.filter((id) => id === "a" || id === "b"),
      [],
    );
    red.send("a-out", { payload: true });
    await red.messages("a-done").next();
  });

  it("that the gateway does not have say so, each by its own device", async () => {
    const gateway = await start();
    await red.load(
      flow(gateway, [
        child("c", "c3"),
        input("c-in", "t", { device: "c", wires: [["c-got"]] }),
        probe("c-got", "t"),
      ]),
    );
    await isShown("c-in", "childOffline");
    const { error } = await red.messages<CaughtMessage>("caught").find((msg) => msg.error.source.id === "c");
    assert.equal(error.code, "CHILD_OFFLINE");
    assert.match(error.message, /knows no node id c3/);
  });

  it("can be heard by one node, each by its own name and data points where it is configured", async () => {
    const gateway = await startDevice("3.4", {
      dps: { "2": "gateway" },
      subDevices: { a1: { dps: { "1": false } }, b2: { dps: { "1": false } }, z9: { dps: { "1": 5 } } },
    });
    const all = (id: string, more: object = {}) => [
      input(id, "t", { device: "device", wires: [[`${id}-got`]], ...more }),
      probe(`${id}-got`, "t"),
    ];
    const nodes = [...flow(gateway), ...all("all"), ...all("chosen", { dps: "switch_1", output: "each" })];
    await red.load(nodes);
    const got = async (id: string, topic: string) => {
      const { payload, ...msg } = await red
        .messages<Answer>(`${id}-got`)
        .find((each) => each.topic === topic);
      return [payload, msg.tuya.cid];
    };
    const initial = async (id: string, count: number) => {
      const inbox = red.messages<Answer>(`${id}-got`);
      const first: Answer[] = [];
      while (first.length < count) first.push(await inbox.next());
      return first.map(({ topic, payload, tuya }) => [topic, payload, tuya.cid]).sort(byText);
    };
    assert.deepEqual(await initial("all", 3), [
      ["Device a", { switch_1: false }, "a1"],
      ["Device b", { switch_1: false }, "b2"],
      ["Gateway", { "2": "gateway" }, undefined],
    ]);
    gateway.set({ "1": 7 }, { cid: "z9" });
    assert.deepEqual(await got("all", "Gateway"), [{ "1": 7 }, "z9"]);
    gateway.set({ "1": true }, { cid: "b2" });
    assert.deepEqual(await got("all", "Device b"), [{ switch_1: true }, "b2"]);
    await red.messages("chosen-got").find(({ payload }) => payload === true);
    assert.deepEqual(
      red.messages("chosen-got").all.map(({ topic, payload }) => [topic, payload]),
      [
        ["Device a/switch_1", false],
        ["Device b/switch_1", false],
        ["Device b/switch_1", true],
      ],
    );
    assert.deepEqual(red.logged("chosen", LOG.warn), []);

    // A node that starts later is told of all of them.
    await red.deploy([...nodes, ...all("late")], "nodes");
    assert.deepEqual(await initial("late", 4), [
      ["Device a", { switch_1: false }, "a1"],
      ["Device b", { switch_1: true }, "b2"],
      ["Gateway", { "1": 7 }, "z9"],
      ["Gateway", { "2": "gateway" }, undefined],
    ]);
  });

  it("do not get onto the outputs of a gateway's own data points", async () => {
    const gateway = await start();
    await red.load([
      ...flow(gateway).map((node) =>
        node.id === "device" ? { ...node, datapoints: [{ dp: "2", code: "alarm", type: "String" }] } : node,
      ),
      input("ports", "t", {
        device: "device",
        output: "ports",
        state: true,
        wires: [["own"], ["connection"]],
      }),
      probe("own", "t"),
      probe("connection", "t"),
    ]);
    assert.deepEqual((await red.messages("own").next()).payload, "gateway");
    await isShown("a-in", "connected");
    await red.messages("a-got").next();
    gateway.set({ "1": true }, { cid: "a1" });
    await red.messages("a-got").next();
    assert.deepEqual(red.messages("own").rest(), []);
    for (const { payload } of red.messages("connection").all) assert.equal(typeof payload, "string");
  });
});

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
