import assert from "node:assert/strict";
import type { AcquireDevice } from "../../../nodes/link/direct-link";
import { Command } from "../../../src/protocol/command";
import { PROTOCOL_VERSIONS } from "../../../src/protocol/version";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";
import { acquireFast, type CaughtMessage, device, NodeRed, output, probe, raw } from "../../support/flow";
import { assertSince } from "../../support/moments";
import { isFrame, rawFlow, type Seen, VALUES } from "../../support/raw-flow";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../../support/virtual";

/** All buffers and texts in what left a node. */
function* leaves(value: unknown): Generator<string | Buffer> {
  if (typeof value === "string" || Buffer.isBuffer(value)) yield value;
  else if (typeof value === "object" && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      yield name;
      yield* leaves(inner);
    }
}

/** Whether bytes occur in something, as they are or written in digits or letters. */
function contains(value: unknown, secret: Buffer): boolean {
  const forms = [secret.toString("latin1"), secret.toString("hex"), secret.toString("base64").slice(0, 20)];
  return [...leaves(value)].some((leaf) => {
    const text = Buffer.isBuffer(leaf) ? leaf.toString("latin1") : leaf;
    return forms.some((form) => text.includes(form));
  });
}

describe("tuya-raw", () => {
  const frameListeners = { count: 0 };
  const acquireCounting: AcquireDevice = (...args) => {
    const lease = acquireFast(...args);
    const { device: acquired } = lease;
    const on = acquired.on.bind(acquired);
    acquired.on = (event, listener) => {
      const remove = on(event, listener);
      if (event !== "frame") return remove;
      frameListeners.count++;
      return () => {
        frameListeners.count--;
        remove();
      };
    };
    return lease;
  };
  const red = new NodeRed(acquireCounting);
  const seen = () => red.messages<Seen>("seen");

  async function start(virtual: VirtualDevice, more: object = {}): Promise<void> {
    await red.load(rawFlow(device("device", virtual, { name: "Lamp" }), more));
    await red.statuses("raw").find(({ text = "" }) => /\.(connected|unproven)$/.test(text));
  }

  beforeEach(() => {
    frameListeners.count = 0;
  });

  describe("frames", () => {
    for (const version of ["3.3", "3.5"] as const) {
      it(`${version}: shows both directions, decoded`, async () => {
        const began = Date.now();
        const virtual = await startDevice(version);
        const query = version === "3.3" ? Command.DP_QUERY : Command.DP_QUERY_NEW;
        await start(virtual);
        const asked = await seen().find(isFrame("out", query));
        const { topic, tuya, payload: request } = asked;
        assert.equal(topic, "Lamp");
        assert.deepEqual(tuya, { deviceId: virtual.id, name: "Lamp" });
        assertSince(began, request.time);
        assert.equal(request.format, version === "3.3" ? "55AA" : "6699");
        assert.equal(request.version, version);
        assert.equal(request.name, version === "3.3" ? "DP_QUERY" : "DP_QUERY_NEW");
        assert.ok((request.sequence ?? 0) > 0);
        assert.equal(request.returnCode, undefined);
        assert.equal(request.valid, true);
        assert.equal("reason" in request, false);
        assert.deepEqual(request.json, JSON.parse(request.payload.toString()));
        assert.ok(request.raw.length > request.payload.length);

        const { payload: answer } = await seen().find(isFrame("in", query));
        assert.equal(answer.returnCode, 0);
        assert.deepEqual(answer.json?.dps ?? answer.json?.data?.dps, VALUES);

        virtual.set({ "2": 7 });
        const { payload: push } = await seen().find(isFrame("in", Command.STATUS));
        assert.equal(push.name, "STATUS");
        assert.deepEqual(push.json?.dps ?? push.json?.data?.dps, { "2": 7 });
      });
    }

    for (const version of PROTOCOL_VERSIONS) {
      it(`${version}: contain no key and no nonce`, async () => {
        const nonce = Buffer.from("c3a5f0871e2d4b69d2e8147a9b06f35d", "hex");
        const virtual = await startDevice(version, { nonce });
        await start(virtual);
        red.send("raw", { payload: { command: "CONTROL", payload: { nonsense: true } } });
        red.send("raw", { payload: { command: "HEART_BEAT", payload: {} } });
        await seen().find(isFrame("in", Command.HEART_BEAT));
        virtual.set({ "2": 7 });
        await seen().find(isFrame("in", Command.STATUS));
        const negotiation = seen().all.filter(({ payload: { command = 0 } }) => command >= 3 && command <= 5);
        assert.deepEqual(
          negotiation.map(({ payload: { direction, name, valid } }) => [direction, name, valid]),
          version < "3.4"
            ? []
            : [
                ["out", "SESS_KEY_NEG_START", true],
                ["in", "SESS_KEY_NEG_RESP", true],
                ["out", "SESS_KEY_NEG_FINISH", true],
              ],
        );
        for (const { payload } of negotiation) assert.equal(payload.payload.length, 0);
        const everything = ["seen", "caught", "completed"].flatMap((id) => red.messages(id).all);
        assert.ok(contains(everything, Buffer.from(DEVICE_ID)), "nothing was collected");
        assert.ok(!contains([everything, red.logs(), red.statuses("raw").all], Buffer.from(LOCAL_KEY)));
        assert.ok(!contains(everything, nonce));
      });
    }

    for (const [version, reason] of [
      ["3.3", "wrong CRC"],
      ["3.5", "wrong GCM tag: another local key, or changed bytes"],
    ] as const) {
      it(`${version}: that are damaged are shown, with the reason`, async () => {
        const virtual = await startDevice(version);
        await start(virtual);
        await seen().find(({ payload: { direction, json } }) => direction === "in" && json !== undefined);
        virtual.faults = { corrupt: 1 };
        virtual.set({ "2": 7 });
        const { payload } = await seen().find((msg) => !msg.payload.valid);
        assert.equal(payload.reason, reason);
        assert.equal(payload.command, Command.STATUS);
        assert.equal(payload.payload.length, 0);
      });
    }

    it("do not hide bytes that belong to none", async () => {
      const virtual = await startDevice("3.3");
      await start(virtual);
      virtual.faults = { garbage: 1 };
      virtual.set({ "2": 7 });
      const { payload } = await seen().find((msg) => !msg.payload.valid);
      assert.equal(payload.reason, "no frame begins here");
      assert.equal(payload.direction, "in");
      assert.equal(payload.name, undefined);
      assert.ok(payload.raw.length > 0);
    });

    for (const direction of ["in", "out"]) {
      it(`are those that go ${direction} where only they are wanted`, async () => {
        const virtual = await startDevice("3.4");
        await start(virtual, { direction });
        red.send("raw", { payload: { command: "HEART_BEAT", payload: {} }, mine: true });
        await seen().find((msg) => msg["mine"] === true);
        const directions = seen()
          .all.filter((msg) => msg["mine"] !== true)
          .map(({ payload }) => payload.direction);
        assert.ok(directions.length > 2);
        assert.deepEqual(new Set(directions), new Set([direction]));
      });
    }

    it("of a sub-device are those of its gateway", async () => {
      const cid = "00a1b2c3d4e5f607";
      const virtual = await startDevice("3.4", { subDevices: { [cid]: { dps: { "1": true } } } });
      const gateway = device("gateway", virtual, { name: "Gateway" });
      const child = { id: "device", type: "tuya-device", name: "Sensor", gateway: "gateway", cid };
      await red.load([...rawFlow(child), gateway]);
      const { topic, tuya } = await seen().find(isFrame("in", Command.DP_QUERY_NEW));
      assert.equal(topic, "Sensor");
      assert.deepEqual(tuya, { deviceId: cid, name: "Sensor", cid });
      red.send("raw", { command: "DP_QUERY_NEW", payload: { cid }, mine: true });
      const { payload } = await seen().find((msg) => msg["mine"] === true);
      assert.deepEqual(payload.json?.dps ?? payload.json?.data?.dps, { "1": true });
    });

    it("belong to the flow: what one node does to them no other one sees", async () => {
      const virtual = await startDevice("3.3");
      await red.load([
        ...rawFlow(device("device", virtual)),
        raw("other", "t", { wires: [["others"]] }),
        probe("others", "t"),
      ]);
      const mine = await seen().find(isFrame("in", Command.DP_QUERY));
      const other = await red.messages<Seen>("others").find(isFrame("in", Command.DP_QUERY));
      const before = other.payload.raw.toString("hex");
      mine.payload.raw.fill(0);
      mine.payload.payload.fill(0);
      assert.equal(other.payload.raw.toString("hex"), before);
      assert.deepEqual(other.payload.json?.dps, VALUES);
      assert.deepEqual(JSON.parse(other.payload.payload.toString()), other.payload.json);
    });
  });

  it("says that the chosen device is gone", async () => {
    await red.load(rawFlow(undefined));
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "NOT_CONFIGURED");
  });

  it("listens to frames only while it is there, and to those of the device there is", async () => {
    const virtual = await startDevice("3.4");
    const common = [device("device", virtual), output("out", "t")];
    const flow = [...rawFlow(undefined), ...common];
    await red.load(flow);
    await red.statuses("out").find(({ text = "" }) => text.endsWith(".connected"));
    assert.equal(frameListeners.count, 1);
    const away = flow.filter(({ id }) => id !== "raw" && id !== "complete");
    await red.deploy(away, "nodes");
    assert.equal(frameListeners.count, 0);
    await red.deploy(flow, "nodes");
    assert.equal(frameListeners.count, 1);
    await red.unload();
    assert.equal(frameListeners.count, 0);
  });
});
