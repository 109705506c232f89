import assert from "node:assert/strict";
import { device, input, NodeRed, probe, tab } from "../../support/flow";
import { METER, withoutId } from "../../support/meter-flow";
import { assertSince } from "../../support/moments";
import { startDevice } from "../../support/virtual";
import { PROTOCOL_VERSIONS } from "../../../src/protocol/version";

describe("tuya-in with a device", () => {
  const red = new NodeRed();

  for (const version of PROTOCOL_VERSIONS) {
    it(`${version}: passes first values and changes on, by name and in people's units`, async () => {
      const began = Date.now();
      const virtual = await startDevice(version, { dps: { "1": false, "20": 2301, "101": "x" } });
      await red.load([
        tab("t"),
        device("device", virtual, METER),
        input("in", "t", { wires: [["got"]] }),
        probe("got", "t"),
      ]);
      const first = await red.messages("got").next();
      assert.equal(first.topic, "Meter");
      assert.deepEqual(first.payload, { switch_1: false, cur_voltage: 230.1, "101": "x" });
      const { t, ...tuya } = first["tuya"] as { t: number };
      assert.deepEqual(tuya, {
        deviceId: virtual.id,
        name: "Meter",
        dps: { "1": false, "20": 2301, "101": "x" },
        reason: "initial",
        units: { cur_voltage: "V" },
      });
      assertSince(began, t, "s");

      virtual.set({ "20": 2299 });
      const second = await red.messages("got").next();
      assert.deepEqual(second.payload, { cur_voltage: 229.9 });
      assert.equal((second["tuya"] as { reason: string }).reason, "push");
    });
  }

  it("has an output for each chosen data point of a device, throttled and with a deadband", async () => {
    const virtual = await startDevice("3.4", { dps: { "1": false, "20": 2301, "5": "single" } });
    await red.load([
      tab("t"),
      device("device", virtual, METER),
      input("in", "t", {
        output: "ports",
        dps: "cur_voltage, button, switch_1",
        throttle: "0.05",
        deadband: "0.5",
        state: true,
        wires: [["voltage"], ["button"], ["switch"], ["state"]],
      }),
      ...["voltage", "button", "switch", "state"].map((id) => probe(id, "t")),
    ]);
    assert.equal((await red.messages("switch").next()).payload, false);
    assert.equal((await red.messages("voltage").next()).payload, 230.1);
    for (const voltage of [2400, 2410, 2303]) virtual.set({ "20": voltage });
    virtual.set({ "20": 2420 });
    virtual.set({ "1": true });
    virtual.set({ "5": "single" });
    assert.equal((await red.messages("button").next()).payload, "single");
    assert.equal((await red.messages("switch").next()).payload, true);
    assert.equal((await red.messages("voltage").find(({ payload }) => payload === 242)).payload, 242);
    await red.messages("state").find(({ payload }) => payload === "connected");
    assert.equal(red.messages("button").rest().length, 0);
  });

  it("tells connecting, connected, and a lost connection on its second output", async () => {
    const virtual = await startDevice("3.4");
    await red.load([
      tab("t"),
      device("device", virtual, METER),
      input("in", "t", { state: true, wires: [["got"], ["state"]] }),
      probe("got", "t"),
      probe("state", "t"),
    ]);
    const state = red.messages("state");
    const place = { deviceId: virtual.id, name: "Meter", ip: "127.0.0.1", version: "3.4" };
    assert.deepEqual(withoutId(await state.next()), { topic: "Meter", payload: "connecting", tuya: place });
    assert.deepEqual(withoutId(await state.next()), { topic: "Meter", payload: "connected", tuya: place });
    await virtual.close();
    const lost = await state.next();
    assert.equal(lost.payload, "disconnected");
    assert.equal((lost["tuya"] as { code: string }).code, "OFFLINE");
    const failed = await state.next();
    assert.equal(failed.payload, "error");
    const { code, message } = failed["tuya"] as { code: string; message: string };
    assert.equal(code, "UNREACHABLE");
    assert.match(message, /^Meter refuses connections/);
    await virtual.listen();
    assert.equal((await state.next()).payload, "connected");
  });

  it("hears what changed while the device was away", async () => {
    const virtual = await startDevice("3.3", { dps: { "1": false, "2": 1 } });
    await red.load([
      tab("t"),
      device("device", virtual),
      input("in", "t", { initial: false, wires: [["got"]] }),
      input("quiet", "t", { initial: false, when: "push", wires: [["quietly"]] }),
      probe("got", "t"),
      probe("quietly", "t"),
    ]);
    await red.statuses("in").find(({ text }) => text === "tuya-in.status.connected");
    await virtual.close();
    await red.statuses("in").find(({ fill }) => fill === "red");
    virtual.set({ "1": true });
    await virtual.listen();
    assert.deepEqual((await red.messages("got").next()).payload, { "1": true });
    virtual.set({ "2": 2 });
    assert.deepEqual((await red.messages("quietly").next()).payload, { "2": 2 });
  });

  it("passes reports of sub-devices on, and knows whose they are", async () => {
    const virtual = await startDevice("3.4", {
      subDevices: { a1: { dps: { "1": true } }, b2: { dps: { "1": false } } },
    });
    await red.load([
      tab("t"),
      device("device", virtual, { name: "Gateway", datapoints: METER.datapoints }),
      {
        id: "child",
        type: "tuya-device",
        name: "Plug",
        gateway: "device",
        cid: "a1",
        datapoints: METER.datapoints,
      },
      input("in", "t", { wires: [["all"]] }),
      input("own", "t", { device: "child", wires: [["childs"]] }),
      probe("all", "t"),
      probe("childs", "t"),
    ]);
    const first = await red.messages("childs").next();
    assert.deepEqual(first.payload, { switch_1: true });
    assert.equal(first.topic, "Plug");
    const { t, ...tuya } = first["tuya"] as { t: number };
    assert.ok(t > 0);
    assert.deepEqual(tuya, {
      deviceId: "a1",
      name: "Plug",
      cid: "a1",
      dps: { "1": true },
      reason: "initial",
    });

    virtual.set({ "1": true }, { cid: "b2" });
    const other = await red.messages("all").find((msg) => (msg["tuya"] as { cid?: string }).cid === "b2");
    assert.deepEqual(
      { topic: other.topic, payload: other.payload },
      { topic: "Gateway", payload: { "1": true } },
    );
    virtual.set({ "1": false }, { cid: "a1" });
    assert.deepEqual((await red.messages("childs").next()).payload, { switch_1: false });
    assert.deepEqual(red.messages("childs").rest(), []);
    assert.equal(virtual.clients, 1);
  });
});
