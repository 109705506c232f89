import assert from "node:assert/strict";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
import { type CaughtMessage, input, NodeRed, probe, watcher } from "../../support/flow";
import { METER_ID, meterFlow } from "../../support/meter-flow";
import { settled } from "../../support/settled";

describe("tuya-in over time", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);

  beforeEach(() => registry.devices.clear());

  it("replays what is known to a node that starts while the device is connected", async () => {
    registry.device(METER_ID).state = READY;
    registry.device(METER_ID).known.set("", { "1": true, "5": "single" });
    await red.load(meterFlow({ state: true }));
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
    registry.device(METER_ID).state = READY;
    registry.device(METER_ID).known.set("", { "1": true });
    await red.load(meterFlow());
    await red.messages("got").next();
    await red.deploy(
      [...meterFlow(), input("late", "t", { wires: [["later"]] }), probe("later", "t")],
      "nodes",
    );
    assert.deepEqual((await red.messages("later").next()).payload, { switch_1: true });
    await settled();
    assert.deepEqual(red.messages("got").rest(), []);
  });

  it("replays nothing of a device that is not connected, nor where first values are not wanted", async () => {
    registry.device(METER_ID).known.set("", { "1": true });
    await red.load(meterFlow());
    await settled();
    assert.deepEqual(red.messages("got").all, []);
    registry.device(METER_ID).state = READY;
    await red.deploy(meterFlow({ initial: false }), "full");
    await settled();
    assert.deepEqual(red.messages("got").all, []);
  });

  it("loses nothing the device reports while the flows are being built", async () => {
    const fake = registry.device(METER_ID);
    fake.connect = () => {
      fake.enter(READY);
      fake.report({ "1": true }, { reason: "initial" });
    };
    await red.load(meterFlow({ state: true }));
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

  it("follows a rewiring it is not restarted for, from no wire at all", async () => {
    await red.load(meterFlow({ wires: [[], []] }));
    const before = red.node("in");
    await red.deploy(meterFlow(), "nodes");
    assert.equal(red.node("in"), before);
    registry.device(METER_ID).report({ "1": true });
    assert.deepEqual((await red.messages("got").next()).payload, { switch_1: true });
  });

  it("shows keys of its catalogue for every state, once", async () => {
    await red.load(meterFlow());
    const fake = registry.device(METER_ID);
    fake.enter({ kind: "connecting", ip: "192.0.2.7" });
    fake.enter({ kind: "checking", ip: "192.0.2.7", version: "3.1" });
    fake.enter({ kind: "ready", ip: "192.0.2.7", version: "3.1", keyProven: false, takesCommands: true });
    fake.enter({ kind: "ready", ip: "192.0.2.7", version: "3.1", keyProven: true, takesCommands: true });
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
    await red.load([...meterFlow(), watcher("status", "watch", "t", "seen"), probe("seen", "t")]);
    registry.device(METER_ID).enter(READY);
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
        ...meterFlow({ ...more, state: true }),
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
});
