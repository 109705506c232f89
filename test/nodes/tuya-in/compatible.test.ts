import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/protocol/message";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
import { device, type FlowNode, input, LOG, NodeRed, output, probe, tab } from "../../support/flow";
import { METER, METER_ID } from "../../support/meter-flow";
import { settled } from "../../support/settled";

const NAMES = {
  ...METER,
  datapoints: [...METER.datapoints, { dp: "17", code: "add_ele", accumulate: true }],
};

describe("tuya-in with the output of tuya-smart-device", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);

  beforeEach(() => registry.devices.clear());

  function flow(more: object = {}): FlowNode[] {
    return [
      tab("t"),
      device("device", undefined, NAMES),
      input("in", "t", {
        output: "compatible",
        initial: false,
        state: true,
        wires: [["got"], ["state"]],
        ...more,
      }),
      output("out", "t"),
      probe("got", "t"),
      probe("state", "t"),
    ];
  }

  /** What arrived, without the ids Node-RED gives messages. */
  async function arrived(id: string): Promise<object[]> {
    await settled();
    return red.messages(id).all.map(({ _msgid, ...message }) => message);
  }

  const data = (dps: object, more: object = {}) => ({
    payload: { data: { dps, t: 1_700_000_000, ...more }, deviceId: METER_ID, deviceName: "Meter" },
  });

  it("passes on every report and every answer, as the device sent them, and nothing when it connects", async () => {
    await red.load(flow());
    const fake = registry.device(METER_ID);
    fake.report({ "1": true, "20": 2301 }, { reason: "initial" });
    fake.report({ "1": true, "20": 2301 });
    fake.report({ "20": 2301 });
    fake.report({ "20": 2302, "5": "single", "17": 3 }, { reason: "reply" });
    assert.deepEqual(await arrived("got"), [
      data({ "1": true, "20": 2301 }),
      data({ "20": 2301 }),
      data({ "20": 2302, "5": "single", "17": 3 }),
    ]);
  });

  it("says what the device says of itself", async () => {
    await red.load(flow());
    const extras = { devId: "virtual", ctype: 0, type: "query" };
    registry.device(METER_ID).report({ "1": true }, { cid: "a1", fields: { dps: { "1": true }, ...extras } });
    assert.deepEqual(await arrived("got"), [data({ "1": true }, { cid: "a1", ...extras })]);
  });

  it("passes on nothing that no device has", async () => {
    await red.load(flow());
    const fields = JSON.parse(
      '{"dps":{"1":true,"999":1},"t":1e999,"devId":"virtual","__proto__":{"admin":true}}',
    ) as JsonObject;
    registry.device(METER_ID).report({ "1": true }, { fields });
    const [message] = await arrived("got");
    assert.deepEqual(message, data({ "1": true }, { devId: "virtual" }));
    const { payload } = message as { payload: { data: object } };
    assert.ok(!Object.hasOwn(payload.data, "__proto__"));
  });

  it("calls the device by the name of the node, where it has one", async () => {
    await red.load(flow({ name: "Cellar" }));
    registry.device(METER_ID).report({ "1": true });
    const names = [...(await arrived("got")), ...(await arrived("state"))] as {
      payload: { deviceName: string };
    }[];
    assert.deepEqual(
      names.map(({ payload }) => payload.deviceName),
      ["Cellar", "Cellar"],
    );
  });

  it("is not concerned with what only the other outputs have", async () => {
    await red.load(flow({ dps: "cur_voltage, nonsense", when: "change", throttle: "60", deadband: "5%" }));
    const fake = registry.device(METER_ID);
    for (let times = 0; times < 3; times++) fake.report({ "1": true, "20": 2301 });
    const all = data({ "1": true, "20": 2301 });
    assert.deepEqual(await arrived("got"), [all, all, all]);
    assert.deepEqual(red.logged("in", LOG.warn), []);
  });

  it("tells the state on start and on connecting where it is asked to, once there is one", async () => {
    await red.load(flow({ initial: true }));
    registry.device(METER_ID).enter(READY);
    assert.deepEqual(await arrived("got"), []);
    registry.device(METER_ID).report({ "1": true }, { reason: "initial" });
    await red.deploy([...flow({ initial: true }), lateComer(), probe("late", "t")], "nodes");
    assert.deepEqual(await arrived("got"), [data({ "1": true })]);
    const [{ payload }] = (await arrived("late")) as [{ payload: { data: { dps: object } } }];
    assert.deepEqual(payload.data.dps, { "1": true });
  });

  function lateComer(): FlowNode {
    return input("in2", "t", { output: "compatible", wires: [["late"]] });
  }

  it("gives every flow its own copy of the values", async () => {
    await red.load(flow());
    registry.device(METER_ID).report({ "101": { a: [1] } });
    await settled();
    const { payload } = red.messages("got").all[0] as {
      payload: { data: { dps: { "101": { a: number[] } } } };
    };
    payload.data.dps["101"].a.push(2);
    assert.deepEqual(registry.device(METER_ID).values(), { "101": { a: [1] } });
  });

  describe("with an event mode", () => {
    const WITH_1 = { "1": true, "20": 1 };
    const WITHOUT_1 = { "20": 2 };
    const LIST = { online: ["a1"], offline: [], nearby: [] };
    const ANSWER = { "20": 3 };

    const FETCHED = { "20": 4 };

    /** A push with data point 1, two without, an answer without, and a gateway's list. */
    function reportAll(): void {
      const fake = registry.device(METER_ID);
      fake.report(WITH_1);
      fake.report(WITHOUT_1);
      fake.report(FETCHED, { reason: "reply", fields: { type: "query" } });
      fake.report(ANSWER, { reason: "reply" });
      fake.frame({ payload: Buffer.from(JSON.stringify({ data: LIST })) });
    }

    const table: [string, unknown, object[]][] = [
      ["both", "event-both", [WITH_1, WITHOUT_1, FETCHED, ANSWER, LIST]],
      ["anything else, which means both", "event-any", [WITH_1, WITHOUT_1, FETCHED, ANSWER, LIST]],
      ["none, which means both", undefined, [WITH_1, WITHOUT_1, FETCHED, ANSWER, LIST]],
      ["data: pushes without data point 1 are left out", "event-data", [WITH_1, ANSWER, LIST]],
      ["refresh: pushes without data point 1, and nothing else", "event-dp-refresh", [WITHOUT_1, FETCHED]],
    ];
    for (const [what, eventMode, expected] of table) {
      it(what, async () => {
        await red.load(flow({ eventMode }));
        reportAll();
        const seen = (await arrived("got")) as { payload: { data: { dps?: object } } }[];
        assert.deepEqual(
          seen.map(({ payload }) => payload.data.dps ?? payload.data),
          expected,
        );
      });
    }

    it("can be changed by a message to a tuya-out of the device, until the node is restarted", async () => {
      await red.load(flow({ eventMode: "event-data" }));
      const setMode = (value: unknown) =>
        red.send("out", { payload: { operation: "CONTROL", action: "SET_EVENT_MODE", value } });
      setMode("event-dp-refresh");
      await settled();
      reportAll();
      assert.deepEqual(await arrived("got"), [data(WITHOUT_1), data(FETCHED, { type: "query" })]);
      setMode("anything");
      await settled();
      registry.device(METER_ID).report(WITH_1);
      assert.deepEqual((await arrived("got")).slice(2), [data(WITH_1)]);
      setMode("event-dp-refresh");
      await settled();
      await red.deploy(flow({ eventMode: "event-data", when: "restarted" }), "nodes");
      registry.device(METER_ID).report(WITHOUT_1);
      registry.device(METER_ID).report(WITH_1);
      assert.deepEqual((await arrived("got")).slice(3), [data(WITH_1)]);
      assert.deepEqual(red.logged("out", LOG.warn), []);
    });

    it("cannot be changed where nobody has the output: that is said once", async () => {
      await red.load(flow({ output: "object" }));
      const msg = { payload: { operation: "CONTROL", action: "SET_EVENT_MODE", value: "event-data" } };
      red.send("out", { ...msg });
      red.send("out", { ...msg });
      await settled();
      assert.deepEqual(red.logged("out", LOG.warn), [
        "SET_EVENT_MODE has no effect: no tuya-in of Meter has the output of tuya-smart-device.",
      ]);
    });
  });

  describe("with a gateway", () => {
    const LIST = { online: ["a1"], offline: ["b2"], nearby: [] };
    const REPORT = { reqType: "subdev_online_stat_report", data: LIST };
    const bytes = (body: object) => Buffer.from(JSON.stringify(body));
    const listed = (list: object) => ({ payload: { data: list, deviceId: METER_ID, deviceName: "Meter" } });

    it("passes its lists of sub-devices on: from 3.4 on the inner object, before that all of it", async () => {
      await red.load(flow());
      const fake = registry.device(METER_ID);
      fake.frame({ command: 64, payload: bytes(REPORT) });
      fake.frame({ command: 64, version: "3.5", payload: bytes({ ...REPORT, t: 5 }) });
      fake.frame({ command: 8, version: "3.3", payload: bytes(REPORT) });
      assert.deepEqual(await arrived("got"), [listed(LIST), listed({ ...LIST, t: 5 }), listed(REPORT)]);
    });

    it("is silent about the answer where this package has asked for the list, and about nothing else", async () => {
      await red.load(flow());
      const fake = registry.device(METER_ID);
      const list = (time: number, list: object) =>
        fake.frame({ time, command: 64, payload: bytes({ data: list }) });
      fake.frame({ time: 1_000, direction: "out", command: 64 });
      list(1_100, { online: ["answer"] });
      list(1_200, { online: ["a1"] });
      fake.frame({ time: 2_000, direction: "out", command: 64 });
      list(60_000, { online: ["b2"] });
      assert.deepEqual(await arrived("got"), [listed({ online: ["a1"] }), listed({ online: ["b2"] })]);
    });

    it("is silent about other frames, and about garbage", async () => {
      await red.load(flow());
      const fake = registry.device(METER_ID);
      fake.frame({ direction: "out", payload: bytes(REPORT) });
      fake.frame({ valid: false, payload: bytes(REPORT) });
      fake.frame({ payload: bytes({ dps: { "1": "online" }, online: [] }) });
      fake.frame({ payload: bytes({ data: { online: "yes" } }) });
      fake.frame({ payload: Buffer.from('"online" json obj data unvalid') });
      fake.frame({ payload: Buffer.from("\u0000\uffff garbage") });
      assert.deepEqual(await arrived("got"), []);
    });

    it("tells a sub-device's node what the sub-device reports, and nothing else", async () => {
      const child = {
        ...NAMES,
        id: "child",
        type: "tuya-device",
        name: "Plug",
        gateway: "device",
        cid: "a1",
      };
      await red.load([...flow({ device: "child" }), child]);
      const fake = registry.device(METER_ID);
      fake.frame({ command: 64, payload: bytes(REPORT) });
      fake.report({ "1": true }, { cid: "b2" });
      fake.report({ "1": false }, { cid: "a1" });
      const [only, ...others] = (await arrived("got")) as { payload: object }[];
      assert.deepEqual(only?.payload, {
        data: { dps: { "1": false }, t: 1_700_000_000, cid: "a1" },
        deviceId: "a1",
        deviceName: "Plug",
      });
      assert.deepEqual(others, []);
    });
  });

  describe("on its second output", () => {
    const state = (word: string, more: object = {}) => ({
      payload: { state: word, deviceId: METER_ID, deviceName: "Meter", ...more },
    });

    it("tells the four states when they change, with the reason of what is wrong", async () => {
      await red.load(flow());
      const fake = registry.device(METER_ID);
      fake.enter({ kind: "searching" });
      fake.enter({ kind: "connecting", ip: "192.0.2.7" });
      fake.enter({ kind: "checking", ip: "192.0.2.7", version: "3.4" });
      fake.enter(READY);
      fake.enter(waiting("OFFLINE", "Gone."));
      fake.enter(waiting("UNREACHABLE", "No way."));
      fake.enter(waiting("WRONG_KEY", "No key."));
      fake.enter(READY);
      fake.enter({ kind: "asleep", lastSeen: undefined });
      fake.enter({ kind: "idle" });
      assert.deepEqual(await arrived("state"), [
        state("DISCONNECTED"),
        state("CONNECTING"),
        state("CONNECTED"),
        state("DISCONNECTED", { reason: "Gone." }),
        state("ERROR", { reason: "No way." }),
        state("CONNECTED"),
        state("DISCONNECTED"),
      ]);
    });

    it("says what is missing where there is no device", async () => {
      await red.load(flow({ device: "" }));
      const [message] = (await arrived("state")) as [{ payload: { state: string; reason: string } }];
      assert.deepEqual(Object.keys(message), ["payload"]);
      assert.equal(message.payload.state, "ERROR");
      assert.match(message.payload.reason, /No device is chosen/);
    });

    it("says nothing where it is not asked to", async () => {
      await red.load(flow({ state: false }));
      registry.device(METER_ID).enter(READY);
      assert.deepEqual(await arrived("state"), []);
    });
  });
});
