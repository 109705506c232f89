import assert from "node:assert/strict";
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
import { FakeRegistry, READY, waiting } from "../support/fake-device";

const NAMES = {
  name: "Meter",
  datapoints: [
    { dp: "1", code: "switch_1", type: "Boolean" },
    { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V" },
    { dp: "5", code: "button", type: "Enum", event: true },
  ],
};

function withoutId({ _msgid, ...message }: { _msgid?: string | undefined }): object {
  assert.ok(_msgid);
  return message;
}

describe("tuya-in", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);
  const ID = "fake0000000000000001";

  beforeEach(() => registry.devices.clear());

  function flow(more: object = {}, deviceMore: object = {}): FlowNode[] {
    return [
      tab("t"),
      device("device", undefined, { ...NAMES, ...deviceMore }),
      input("in", "t", { wires: [["got"], ["state"]], ...more }),
      probe("got", "t"),
      probe("state", "t"),
    ];
  }

  /** Lets everything arrive that is on its way. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  }

  it("sends one message per value", async () => {
    await red.load(flow({ output: "each" }));
    registry.device(ID).enter(READY);
    registry.device(ID).report({ "1": true, "20": 2301 }, { reason: "initial" });
    registry.device(ID).report({ "20": 2299 });
    await settled();
    const messages = red.messages("got").all.map(withoutId);
    const origin = { deviceId: ID, name: "Meter", t: 1_700_000_000 };
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
      await red.load(flow(options));
      const fake = registry.device(ID);
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

  it("replays what is known to a node that starts while the device is connected", async () => {
    registry.device(ID).state = READY;
    registry.device(ID).known.set("", { "1": true, "5": "single" });
    await red.load(flow({ state: true }));
    const { payload, tuya } = (await red.messages("got").next()) as {
      payload?: unknown;
      tuya?: { reason: string };
    };
    assert.deepEqual(payload, { switch_1: true });
    assert.equal(tuya?.reason, "initial");
    assert.equal((await red.messages("state").next()).payload, "connected");
    await settled();
    assert.deepEqual(red.messages("got").rest(), []);
  });

  it("replays to a node a deploy adds, and to no other", async () => {
    registry.device(ID).state = READY;
    registry.device(ID).known.set("", { "1": true });
    await red.load(flow());
    await red.messages("got").next();
    await red.deploy([...flow(), input("late", "t", { wires: [["later"]] }), probe("later", "t")], "nodes");
    assert.deepEqual((await red.messages("later").next()).payload, { switch_1: true });
    await settled();
    assert.deepEqual(red.messages("got").rest(), []);
  });

  it("replays nothing of a device that is not connected, nor where first values are not wanted", async () => {
    registry.device(ID).known.set("", { "1": true });
    await red.load(flow());
    await settled();
    assert.deepEqual(red.messages("got").all, []);
    registry.device(ID).state = READY;
    await red.deploy(flow({ initial: false }), "full");
    await settled();
    assert.deepEqual(red.messages("got").all, []);
  });

  it("loses nothing the device reports while the flows are being built", async () => {
    const fake = registry.device(ID);
    fake.connect = () => {
      fake.enter(READY);
      fake.report({ "1": true }, { reason: "initial" });
    };
    await red.load(flow({ state: true }));
    await settled();
    assert.deepEqual(
      red.messages("got").all.map(({ payload }) => payload),
      [{ switch_1: true }],
    );
    assert.deepEqual(
      red.messages("state").all.map(({ payload }) => payload),
      ["connected"],
    );
  });

  it("has no second output unless asked for", async () => {
    await red.load(flow());
    registry.device(ID).enter(READY);
    await settled();
    assert.deepEqual(red.messages("state").all, []);
  });

  it("gives every flow its own copy of the values", async () => {
    await red.load([
      ...flow({ when: "all" }),
      input("in2", "t", { when: "all", wires: [["got2"]] }),
      probe("got2", "t"),
    ]);
    const fake = registry.device(ID);
    fake.report({ "101": { a: [1] } });
    const one = (await red.messages("got").next()).payload as Record<string, { a: number[] }>;
    one["101"]?.a.push(2);
    const two = (await red.messages("got2").next()).payload;
    assert.deepEqual(two, { "101": { a: [1] } });
    assert.deepEqual(fake.values(), { "101": { a: [1] } });
  });

  it("follows a rewiring it is not restarted for, from no wire at all", async () => {
    await red.load(flow({ wires: [[], []] }));
    const before = red.node("in");
    await red.deploy(flow(), "nodes");
    assert.equal(red.node("in"), before);
    registry.device(ID).report({ "1": true });
    assert.deepEqual((await red.messages("got").next()).payload, { switch_1: true });
  });

  it("shows keys of its catalogue for every state, once", async () => {
    await red.load(flow());
    const fake = registry.device(ID);
    fake.enter({ kind: "connecting", ip: "192.0.2.7" });
    fake.enter({ kind: "checking", ip: "192.0.2.7", version: "3.1" });
    fake.enter({ kind: "ready", ip: "192.0.2.7", version: "3.1", keyProven: false });
    fake.enter({ kind: "ready", ip: "192.0.2.7", version: "3.1", keyProven: true });
    fake.enter(waiting("UNREACHABLE"));
    fake.enter(waiting("UNREACHABLE"));
    fake.enter({ kind: "asleep", lastSeen: undefined });
    assert.deepEqual(
      red.statuses("in").all.map(({ fill, shape, text }) => `${fill} ${shape} ${text}`),
      [
        "grey ring tuya-in.status.idle",
        "yellow dot tuya-in.status.connecting",
        "yellow dot tuya-in.status.checking",
        "yellow dot tuya-in.status.unproven",
        "green dot tuya-in.status.connected",
        "red ring tuya-in.status.unreachable",
        "blue ring tuya-in.status.asleep",
      ],
    );
  });

  it("lets a Status node hear its keys", async () => {
    await red.load([...flow(), watcher("status", "watch", "t", "seen"), probe("seen", "t")]);
    registry.device(ID).enter(READY);
    const { status } = (await red
      .messages("seen")
      .find((msg) => (msg["status"] as { fill?: string }).fill === "green")) as unknown as {
      status: { text: string; source: { id: string } };
    };
    assert.equal(status.text, "tuya-in.status.connected");
    assert.equal(status.source.id, "in");
  });

  for (const [what, more] of [
    ["no device chosen", { device: "" }],
    ["a device that does not exist", { device: "nowhere" }],
    ["another kind of node for a device", { device: "got" }],
    ["something impossible for a device", { device: 5 }],
  ] as const) {
    it(`says what is wrong with ${what}, so that a Catch node hears it`, async () => {
      await red.load([
        ...flow({ ...more, state: true }),
        watcher("catch", "catch", "t", "caught"),
        probe("caught", "t"),
      ]);
      const { error } = await red.messages<CaughtMessage>("caught").next();
      assert.equal(error.code, "NOT_CONFIGURED");
      assert.equal(error.source.id, "in");
      const state = await red.messages("state").next();
      assert.equal(state.payload, "error");
      assert.equal((state["tuya"] as { code: string }).code, "NOT_CONFIGURED");
      assert.deepEqual(red.statuses("in").all, [
        { fill: "grey", shape: "ring", text: "tuya-in.status.noDevice" },
      ]);
    });
  }

  it("warns of data points it is to pass on and that have no name", async () => {
    await red.load(flow({ dps: "cur_voltage, power, 7" }));
    assert.deepEqual(red.logged("in", LOG.warn), [
      "Meter has no data point named power: nothing of that is passed on.",
    ]);
  });

  it("has an output for each chosen data point, in their order, and the connection on the one after them", async () => {
    await red.load([
      tab("t"),
      device("device", undefined, NAMES),
      input("in", "t", {
        output: "ports",
        dps: "cur_voltage, 1",
        state: true,
        wires: [["got"], ["switch"], ["state"]],
      }),
      ...["got", "switch", "state"].map((id) => probe(id, "t")),
    ]);
    registry.device(ID).enter(READY);
    registry.device(ID).report({ "1": true, "20": 2301, "101": 5 });
    await settled();
    const origin = { deviceId: ID, name: "Meter", t: 1_700_000_000, reason: "push" };
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
      device("device", undefined, NAMES),
      input("in", "t", { output: "ports", state: true, wires: [[], ["got"], ["button"], ["state"]] }),
      ...["got", "button", "state"].map((id) => probe(id, "t")),
    ]);
    registry.device(ID).enter(READY);
    registry.device(ID).report({ "1": true, "20": 2301, "5": "single", "101": 5 });
    await settled();
    const payloads = (id: string) => red.messages(id).all.map(({ payload }) => payload);
    assert.deepEqual(payloads("got"), [230.1]);
    assert.deepEqual(payloads("button"), ["single"]);
    assert.deepEqual(payloads("state"), ["disconnected", "connected"]);
    assert.deepEqual(red.logged("in", LOG.warn), []);
  });

  it("warns where there is no data point to have an output", async () => {
    await red.load(flow({ output: "ports" }, { datapoints: [{ dp: "1" }] }));
    assert.deepEqual(red.logged("in", LOG.warn), [
      "No data points are chosen for the outputs, and Meter has none with a name: nothing is passed on.",
    ]);
  });

  it("sends at most one message in the time it is told, the newest values at its end, and buttons at once", async () => {
    await red.load(flow({ throttle: "0.05" }));
    const fake = registry.device(ID);
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
    await red.load(flow({ throttle: 299 }));
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
      registry.device(ID).report({ "20": 2301 });
      registry.device(ID).report({ "20": 2302 });
      assert.equal(pending.size, 1);
      await red.deploy(
        flow().filter(({ id }) => id !== "in"),
        "nodes",
      );
      assert.equal(pending.size, 0);
    } finally {
      Object.assign(globalThis, { setTimeout: original, clearTimeout: originalClear });
    }
  });

  it("passes on no change smaller than the one it is told", async () => {
    await red.load(flow({ deadband: "1%" }));
    for (const voltage of [2300, 2310, 2323, 2330]) registry.device(ID).report({ "20": voltage });
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
        ...flow({ throttle: "60", deadband: "1" }, COUNTER),
        input("each", "t", { output: "each", wires: [["one"]] }),
        input("ports", "t", { output: "ports", dps: "7, add_ele", wires: [[], ["two"]] }),
        probe("one", "t"),
        probe("two", "t"),
      ]);
      const fake = registry.device(ID);
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
          deviceId: ID,
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
      await red.load(flow({}, COUNTER));
      const context = red.node("device").context();
      registry.device(ID).report({ "17": 100 });
      assert.deepEqual(context.get("totals"), { "17": 100 });
    });

    it("goes on summing after a deploy that replaces the device, and knows sub-devices from it", async () => {
      await red.load(flow({}, COUNTER));
      registry.device(ID).report({ "17": 100 });
      await red.deploy(flow({}, { ...COUNTER, name: "Renamed" }), "nodes");
      registry.device(ID).report({ "17": 5 }, { cid: "a1" });
      registry.device(ID).report({ "17": 100 });
      await settled();
      assert.deepEqual(
        red.messages("got").all.map(({ payload }) => payload),
        [{ add_ele: 0.1, add_ele_total: 0.1 }, { "17": 5 }, { add_ele: 0.1, add_ele_total: 0.2 }],
      );
    });
  });

  it("survives options nobody would write", async () => {
    for (const odd of [null, 5, true, {}, [], "nonsense"]) {
      registry.devices.clear();
      await red.load(
        flow(
          { output: odd, dps: odd, when: odd, initial: odd, state: odd, throttle: odd, deadband: odd },
          { datapoints: odd },
        ),
      );
      registry.device(ID).report({ "1": true });
      await settled();
      await red.unload();
      assert.deepEqual(red.logged("in", LOG.error), []);
    }
  });

  it("works with synchronous delivery", async () => {
    await red.load(
      [...flow({ wires: [["out"]] }), output("out", "t", { wires: [["sent"]] }), probe("sent", "t")],
      keysFor(flow()),
      {
        runtimeSyncDelivery: true,
      },
    );
    const fake = registry.device(ID);
    fake.enter(READY);
    fake.report({ "1": true });
    const { tuya } = (await red.messages("sent").next()) as { tuya?: { dps: object } };
    assert.deepEqual(tuya?.dps, { "1": true });
    assert.deepEqual(fake.callsOf("set")[0]?.[0], { "1": true });
  });
});
