import assert from "node:assert/strict";
import { FakeRegistry, READY } from "../../support/fake-device";
import { input, keysFor, LOG, NodeRed, output, probe } from "../../support/flow";
import { METER_ID, meterFlow, withoutId } from "../../support/meter-flow";
import { settled } from "../../support/settled";

describe("tuya-in", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);

  beforeEach(() => registry.devices.clear());

  it("sends one message per value", async () => {
    await red.load(meterFlow({ output: "each" }));
    registry.device(METER_ID).enter(READY);
    registry.device(METER_ID).report({ "1": true, "20": 2301 }, { reason: "initial" });
    registry.device(METER_ID).report({ "20": 2299 });
    await settled();
    const messages = red.messages("got").all.map(withoutId);
    const origin = { deviceId: METER_ID, name: "Meter", t: 1_700_000_000 };
    assert.deepEqual(messages, [
      {
        topic: "Meter/switch_1",
        payload: true,
        tuya: { ...origin, reason: "initial", dps: { "1": true }, dp: "1", code: "switch_1", raw: true },
      },
      {
        topic: "Meter/cur_voltage",
        payload: 230.1,
        tuya: {
          ...origin,
          reason: "initial",
          dps: { "20": 2301 },
          dp: "20",
          code: "cur_voltage",
          raw: 2301,
          unit: "V",
        },
      },
      {
        topic: "Meter/cur_voltage",
        payload: 229.9,
        tuya: {
          ...origin,
          reason: "push",
          dps: { "20": 2299 },
          dp: "20",
          code: "cur_voltage",
          raw: 2299,
          previous: 230.1,
          unit: "V",
        },
      },
    ]);
  });

  const table: [string, object, unknown[]][] = [
    [
      "changes only",
      {},
      [
        { switch_1: true, cur_voltage: 230.1 },
        { cur_voltage: 229.9 },
        { button: "single" },
        { cur_voltage: 231 },
      ],
    ],
    [
      "every push",
      { when: "push" },
      [
        { switch_1: true, cur_voltage: 230.1 },
        { cur_voltage: 230.1 },
        { cur_voltage: 229.9 },
        { button: "single" },
      ],
    ],
    [
      "everything",
      { when: "all" },
      [
        { switch_1: true, cur_voltage: 230.1 },
        { cur_voltage: 230.1 },
        { cur_voltage: 229.9 },
        { button: "single" },
        { switch_1: true, cur_voltage: 229.9 },
        { cur_voltage: 231 },
      ],
    ],
    [
      "no first values",
      { initial: false },
      [{ cur_voltage: 229.9 }, { button: "single" }, { cur_voltage: 231 }],
    ],
    [
      "some data points, by number or code",
      { dps: " 20, button" },
      [{ cur_voltage: 230.1 }, { cur_voltage: 229.9 }, { button: "single" }, { cur_voltage: 231 }],
    ],
    ["one that was never heard of", { dps: "7" }, []],
  ];
  for (const [what, options, expected] of table) {
    it(`passes on ${what}`, async () => {
      await red.load(meterFlow(options));
      const fake = registry.device(METER_ID);
      fake.enter(READY);
      fake.report({ "1": true, "20": 2301, "5": "single" }, { reason: "initial" });
      fake.report({ "20": 2301 });
      fake.report({ "20": 2299 });
      fake.report({ "5": "single" });
      fake.report({ "1": true, "20": 2299, "5": "double" }, { reason: "reply" });
      fake.report({ "20": 2310 }, { reason: "reply" });
      await settled();
      assert.deepEqual(
        red.messages("got").all.map(({ payload }) => payload),
        expected,
      );
    });
  }

  it("has no second output unless asked for", async () => {
    await red.load(meterFlow());
    registry.device(METER_ID).enter(READY);
    await settled();
    assert.deepEqual(red.messages("state").all, []);
  });

  it("gives every flow its own copy of the values", async () => {
    await red.load([
      ...meterFlow({ when: "all" }),
      input("in2", "t", { when: "all", wires: [["got2"]] }),
      probe("got2", "t"),
    ]);
    const fake = registry.device(METER_ID);
    fake.report({ "101": { a: [1] } });
    const one = (await red.messages("got").next()).payload as Record<string, { a: number[] }>;
    one["101"]?.a.push(2);
    const two = (await red.messages("got2").next()).payload;
    assert.deepEqual(two, { "101": { a: [1] } });
    assert.deepEqual(fake.values(), { "101": { a: [1] } });
  });

  it("warns of data points it is to pass on and that have no name", async () => {
    await red.load(meterFlow({ dps: "cur_voltage, power, 7" }));
    assert.deepEqual(red.logged("in", LOG.warn), [
      "Meter has no data point named power: nothing of that is passed on.",
    ]);
  });

  it("survives options nobody would write", async () => {
    for (const odd of [null, 5, true, {}, [], "nonsense"]) {
      registry.devices.clear();
      await red.load(
        meterFlow(
          { output: odd, dps: odd, when: odd, initial: odd, state: odd, throttle: odd, deadband: odd },
          { datapoints: odd },
        ),
      );
      registry.device(METER_ID).report({ "1": true });
      await settled();
      await red.unload();
      assert.deepEqual(red.logged("in", LOG.error), []);
    }
  });

  it("works with synchronous delivery", async () => {
    await red.load(
      [...meterFlow({ wires: [["out"]] }), output("out", "t", { wires: [["sent"]] }), probe("sent", "t")],
      keysFor(meterFlow()),
      {
        runtimeSyncDelivery: true,
      },
    );
    const fake = registry.device(METER_ID);
    fake.enter(READY);
    fake.report({ "1": true });
    const { tuya } = (await red.messages("sent").next()) as { tuya?: { dps: object } };
    assert.deepEqual(tuya?.dps, { "1": true });
    assert.deepEqual(fake.callsOf("set")[0]?.[0], { "1": true });
  });
});
