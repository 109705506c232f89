import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
import { type CaughtMessage, LOG, NodeRed } from "../../support/flow";
import { outFlow, type Sent } from "../../support/lamp-flow";
import { settled } from "../../support/settled";

describe("tuya-out", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);
  const ID = "fake0000000000000001";

  beforeEach(() => registry.devices.clear());

  for (const [what, more, sentence] of [
    ["no device is chosen", { device: "" }, /No device is chosen/],
    ["the device does not exist", { device: "nowhere" }, /No device is chosen/],
  ] as const) {
    it(`fails the message where ${what}`, async () => {
      await red.load(outFlow(more));
      red.send("out", { payload: true });
      const { error, payload } = await red.messages<CaughtMessage>("caught").next();
      assert.equal(error.code, "NOT_CONFIGURED");
      assert.match(error.message, sentence);
      assert.equal(payload, true);
    });
  }

  it("fails the message where the device has no key", async () => {
    await red.load(outFlow(), {});
    await red.messages<CaughtMessage>("caught").find(({ error: { source } }) => source.id === "device");
    red.send("out", { payload: true });
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "NOT_CONFIGURED");
    assert.equal(error.source.id, "out");
    assert.match(error.message, /Lamp has no local key/);
    assert.deepEqual(registry.acquired, []);
  });

  it("fails the message where the device is not connected", async () => {
    registry.device(ID).state = waiting("UNREACHABLE", "No way.");
    await red.load(outFlow());
    for (const msg of [{ payload: true }, { operation: "query" }, { operation: "refresh" }]) {
      red.send("out", msg);
      const { error } = await red
        .messages<CaughtMessage>("caught")
        .find(({ error: { source } }) => source.id === "out");
      assert.equal(error.code, "OFFLINE");
      assert.match(error.message, /No way\./);
    }
    assert.deepEqual(registry.device(ID).callsOf("set"), []);
  });

  it("does not change the message before it is confirmed", async () => {
    registry.device(ID).state = READY;
    let settle!: () => void;
    registry.device(ID).onSet = (dps) =>
      new Promise((resolve) => (settle = () => resolve({ confirmed: dps })));
    await red.load(outFlow());
    const msg: NodeMessage = { payload: true };
    red.send("out", msg);
    await settled();
    assert.deepEqual(Object.keys(msg).sort(), ["_msgid", "payload"]);
    settle();
    assert.equal(await red.messages("sent").next(), msg);
  });

  it("fails what is under way when the flow is redeployed, and sends nothing afterwards", async () => {
    registry.device(ID).state = READY;
    registry.device(ID).onSet = () => new Promise(() => undefined);
    await red.load(outFlow());
    red.send("out", { payload: true });
    await settled();
    await red.deploy(outFlow({ name: "other" }), "nodes");
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "CLOSED");
    assert.deepEqual(red.messages("sent").all, []);
  });

  it("fails what waits when the flow is redeployed, and leaves nothing waiting", async () => {
    await red.load(outFlow({ offline: "queue" }));
    red.send("out", { payload: true });
    await red.statuses("out").find(({ text }) => text === "tuya-out.status.queued 1");
    await red.deploy(outFlow({ name: "other" }), "nodes");
    assert.equal((await red.messages<CaughtMessage>("caught").next()).error.code, "CLOSED");
    registry.device(ID).enter(READY);
    await settled();
    assert.deepEqual(registry.device(ID).callsOf("set"), []);
  });

  it("passes the node's options on", async () => {
    registry.device(ID).state = READY;
    await red.load(outFlow({ dp: "work_mode", confirm: "report" }));
    red.send("out", { payload: "HIGH" });
    await red.messages("sent").next();
    assert.deepEqual(registry.device(ID).callsOf("set"), [
      [{ "3": "high" }, { cid: undefined, confirm: "report" }],
    ]);
  });

  it("survives whatever is sent to it, and goes on", async () => {
    registry.device(ID).state = READY;
    await red.load(outFlow());
    const odd: unknown[] = [
      undefined,
      null,
      true,
      NaN,
      10n,
      Symbol("s"),
      () => 1,
      [],
      {},
      new Map(),
      Buffer.alloc(0),
    ];
    for (const payload of odd) red.send("out", { payload, topic: payload as string, operation: payload });
    red.send("out", { payload: true, last: true });
    const last = await red.messages("sent").find((msg) => msg["last"] === true);
    assert.deepEqual((last as Sent).tuya.dps, { "1": true });
    const caught = red.messages<CaughtMessage>("caught").all;
    assert.ok(caught.length > 5);
    for (const { error } of caught) assert.equal(error.code, "BAD_INPUT");
  });

  it("logs a failed message where no Catch node hears it", async () => {
    registry.device(ID).state = READY;
    await red.load(outFlow().filter(({ id }) => !["catch", "caught"].includes(id)));
    red.send("out", { payload: "hello" });
    await settled();
    const [text] = red.logged("out", LOG.error);
    assert.match(text ?? "", /does not say which data point/);
  });
});
