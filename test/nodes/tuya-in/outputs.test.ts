import assert from "node:assert/strict";
import { FakeRegistry, READY } from "../../support/fake-device";
import { device, input, LOG, NodeRed, probe, tab } from "../../support/flow";
import { METER, METER_ID, meterFlow, withoutId } from "../../support/meter-flow";
import { settled } from "../../support/settled";

describe("tuya-in with outputs of its own, limits and sums", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);

  beforeEach(() => registry.devices.clear());

  it("has an output for each chosen data point, in their order, and the connection on the one after them", async () => {
    await red.load([
      tab("t"),
      device("device", undefined, METER),
      input("in", "t", {
        output: "ports",
        dps: "cur_voltage, 1",
        state: true,
        wires: [["got"], ["switch"], ["state"]],
      }),
      ...["got", "switch", "state"].map((id) => probe(id, "t")),
    ]);
    registry.device(METER_ID).enter(READY);
    registry.device(METER_ID).report({ "1": true, "20": 2301, "101": 5 });
    await settled();
    const origin = { deviceId: METER_ID, name: "Meter", t: 1_700_000_000, reason: "push" };
    assert.deepEqual(red.messages("got").all.map(withoutId), [
      {
        topic: "Meter/cur_voltage",
        payload: 230.1,
        tuya: { ...origin, dps: { "20": 2301 }, dp: "20", code: "cur_voltage", raw: 2301, unit: "V" },
      },
    ]);
    assert.deepEqual(red.messages("switch").all.map(withoutId), [
      {
        topic: "Meter/switch_1",
        payload: true,
        tuya: { ...origin, dps: { "1": true }, dp: "1", code: "switch_1", raw: true },
      },
    ]);
    assert.deepEqual(
      red.messages("state").all.map(({ payload }) => payload),
      ["disconnected", "connected"],
    );
  });

  it("tells the connection behind the outputs of all named data points where none are chosen", async () => {
    await red.load([
      tab("t"),
      device("device", undefined, METER),
      input("in", "t", { output: "ports", state: true, wires: [[], ["got"], ["button"], ["state"]] }),
      ...["got", "button", "state"].map((id) => probe(id, "t")),
    ]);
    registry.device(METER_ID).enter(READY);
    registry.device(METER_ID).report({ "1": true, "20": 2301, "5": "single", "101": 5 });
    await settled();
    const payloads = (id: string) => red.messages(id).all.map(({ payload }) => payload);
    assert.deepEqual(payloads("got"), [230.1]);
    assert.deepEqual(payloads("button"), ["single"]);
    assert.deepEqual(payloads("state"), ["disconnected", "connected"]);
    assert.deepEqual(red.logged("in", LOG.warn), []);
  });

  it("warns where there is no data point to have an output", async () => {
    await red.load(meterFlow({ output: "ports" }, { datapoints: [{ dp: "1" }] }));
    assert.deepEqual(red.logged("in", LOG.warn), [
      "Nothing is passed on: no data points are chosen for the outputs, and Meter has none with a name.",
    ]);
  });

  it("sends at most one message in the time it is told, the newest values at its end, and buttons at once", async () => {
    await red.load(meterFlow({ throttle: "0.05" }));
    const fake = registry.device(METER_ID);
    fake.report({ "1": true, "20": 2301 });
    fake.report({ "20": 2302 });
    fake.report({ "5": "single" });
    fake.report({ "1": false, "20": 2303 });
    const got = red.messages("got");
    const payloads = [await got.next(), await got.next(), await got.next()].map(({ payload }) => payload);
    assert.deepEqual(payloads, [
      { switch_1: true, cur_voltage: 230.1 },
      { button: "single" },
      { switch_1: false, cur_voltage: 230.3 },
    ]);
  });

  it("leaves no timer behind when it is removed", async () => {
    await red.load(meterFlow({ throttle: 299 }));
    const pending = new Set<unknown>();
    const { setTimeout: original, clearTimeout: originalClear } = globalThis;
    globalThis.setTimeout = ((act: () => void, ms?: number) => {
      const timer = original(act, ms);
      if (ms === 299_000) pending.add(timer);
      return timer;
    }) as typeof setTimeout;
    globalThis.clearTimeout = (timer) => {
      pending.delete(timer);
      originalClear(timer);
    };
    try {
      registry.device(METER_ID).report({ "20": 2301 });
      registry.device(METER_ID).report({ "20": 2302 });
      assert.equal(pending.size, 1);
      await red.deploy(
        meterFlow().filter(({ id }) => id !== "in"),
        "nodes",
      );
      assert.equal(pending.size, 0);
    } finally {
      Object.assign(globalThis, { setTimeout: original, clearTimeout: originalClear });
    }
  });

  it("passes on no change smaller than the one it is told", async () => {
    await red.load(meterFlow({ deadband: "1%" }));
    for (const voltage of [2300, 2310, 2323, 2330]) registry.device(METER_ID).report({ "20": voltage });
    await settled();
    assert.deepEqual(
      red.messages("got").all.map(({ payload }) => payload),
      [{ cur_voltage: 230 }, { cur_voltage: 232.3 }],
    );
  });

  describe("with a data point that counts up", () => {
    const COUNTER = {
      datapoints: [{ dp: "17", code: "add_ele", type: "Integer", scale: 3, unit: "kWh", accumulate: true }],
    };

    it("sends the sum beside the increment of every push, the same one from every node", async () => {
      await red.load([
        ...meterFlow({ throttle: "60", deadband: "1" }, COUNTER),
        input("each", "t", { output: "each", wires: [["one"]] }),
        input("ports", "t", { output: "ports", dps: "7, add_ele", wires: [[], ["two"]] }),
        probe("one", "t"),
        probe("two", "t"),
      ]);
      const fake = registry.device(METER_ID);
      fake.report({ "17": 100 }, { reason: "initial" });
      fake.report({ "17": 100 });
      fake.report({ "17": 100 });
      await settled();
      assert.deepEqual(
        red.messages("got").all.map(({ payload }) => payload),
        [
          { add_ele: 0.1, add_ele_total: 0.1 },
          { add_ele: 0.1, add_ele_total: 0.2 },
        ],
      );
      for (const id of ["one", "two"]) {
        const { all } = red.messages(id);
        assert.deepEqual(
          all.map(({ topic, payload }) => [topic, payload]),
          [
            ["Meter/add_ele", 0.1],
            ["Meter/add_ele_total", 0.1],
            ["Meter/add_ele", 0.1],
            ["Meter/add_ele_total", 0.2],
          ],
        );
        assert.deepEqual(all[1]?.["tuya"], {
          deviceId: METER_ID,
          name: "Meter",
          dps: { "17": 100 },
          reason: "push",
          t: 1_700_000_000,
          dp: "17",
          code: "add_ele_total",
          unit: "kWh",
        });
      }
    });

    it("writes its sums into the device's context", async () => {
      await red.load(meterFlow({}, COUNTER));
      const context = red.node("device").context();
      registry.device(METER_ID).report({ "17": 100 });
      assert.deepEqual(context.get("totals"), { "17": 100 });
    });

    it("goes on summing after a deploy that replaces the device, and knows sub-devices from it", async () => {
      await red.load(meterFlow({}, COUNTER));
      registry.device(METER_ID).report({ "17": 100 });
      await red.deploy(meterFlow({}, { ...COUNTER, name: "Renamed" }), "nodes");
      registry.device(METER_ID).report({ "17": 5 }, { cid: "a1" });
      registry.device(METER_ID).report({ "17": 100 });
      await settled();
      assert.deepEqual(
        red.messages("got").all.map(({ payload }) => payload),
        [{ add_ele: 0.1, add_ele_total: 0.1 }, { "17": 5 }, { add_ele: 0.1, add_ele_total: 0.2 }],
      );
    });
  });
});
