import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import type { AcquireDevice } from "../../nodes/shared/direct-link";
import { Command } from "../../src/protocol/command";
import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import {
  acquireFast,
  type CaughtMessage,
  device,
  type FlowNode,
  LOG,
  NodeRed,
  output,
  probe,
  raw,
  tab,
  watcher,
} from "../support/flow";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";
import { constants, frameOf, vectorNamed } from "../support/vectors";

interface Frame {
  readonly time?: number;
  readonly direction?: "in" | "out";
  readonly format?: string;
  readonly version?: string;
  readonly sequence?: number;
  readonly command?: number;
  readonly name?: string;
  readonly returnCode?: number;
  readonly payload: Buffer;
  readonly json?: { readonly dps?: object; readonly data?: { readonly dps: object } };
  readonly valid: boolean;
  readonly reason?: string;
  readonly raw: Buffer;
  readonly announcement?: object;
}

interface Seen extends NodeMessage {
  readonly payload: Frame;
  readonly tuya: object;
}

const VALUES = { "1": false, "2": 0, "3": "low" };

/** A tuya-raw with everything that can hear of it. */
function rawFlow(deviceNode: FlowNode | undefined, more: object = {}): FlowNode[] {
  return [
    tab("t"),
    ...(deviceNode ? [deviceNode] : []),
    raw("raw", "t", { wires: [["seen"]], ...more }),
    probe("seen", "t"),
    watcher("catch", "catch", "t", "caught"),
    probe("caught", "t"),
    watcher("complete", "complete", "t", "completed", { scope: ["raw"] }),
    probe("completed", "t"),
  ];
}

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
  const isFrame = (direction: string, command: number) => (msg: Seen) =>
    msg.payload.direction === direction && msg.payload.command === command;

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
        const virtual = await startDevice(version);
        const query = version === "3.3" ? Command.DP_QUERY : Command.DP_QUERY_NEW;
        await start(virtual);
        const asked = await seen().find(isFrame("out", query));
        const { topic, tuya, payload: request } = asked;
        assert.equal(topic, "Lamp");
        assert.deepEqual(tuya, { deviceId: virtual.id, name: "Lamp" });
        assert.ok(Math.abs(Date.now() - (request.time ?? 0)) < 10_000);
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

  describe("a frame that is sent", () => {
    for (const version of PROTOCOL_VERSIONS) {
      it(`${version}: is answered on its own message, whose properties survive`, async () => {
        const virtual = await startDevice(version);
        const isNested = version >= "3.4";
        const command = isNested ? "DP_QUERY_NEW" : "DP_QUERY";
        const body = isNested ? {} : { gwId: virtual.id, devId: virtual.id, uid: virtual.id, t: "1" };
        await start(virtual);
        red.send("raw", { payload: { command, payload: body }, topic: "x", mine: { kept: true } });
        const { payload, tuya, ...rest } = await seen().find(({ topic }) => topic === "x");
        const { ms, ...facts } = tuya as { ms: number };
        assert.deepEqual(facts, { deviceId: virtual.id, name: "Lamp", answered: true });
        assert.ok(ms >= 0 && ms < 2000);
        assert.deepEqual(rest, { _msgid: rest["_msgid"], topic: "x", mine: { kept: true } });
        assert.equal(payload.direction, "in");
        assert.equal(payload.name, command);
        assert.deepEqual(payload.json?.dps ?? payload.json?.data?.dps, VALUES);
        assert.equal((await red.messages("completed").next())._msgid, rest["_msgid"]);
      });
    }

    it("is what the device acts upon, given as text or as bytes", async () => {
      const virtual = await startDevice("3.3");
      await start(virtual);
      const set = (value: number) =>
        JSON.stringify({ devId: virtual.id, uid: virtual.id, t: "1", dps: { "2": value } });
      for (const [value, payload] of [
        [5, set(5)],
        [6, Buffer.from(set(6))],
      ] as const) {
        red.send("raw", { command: Command.CONTROL, payload, topic: `${value}` });
        const { payload: answer } = await seen().find(({ topic }) => topic === `${value}`);
        assert.equal(answer.name, "CONTROL");
        assert.equal(answer.payload.length, 0);
        assert.equal(virtual.values()["2"], value);
      }
    });

    it("is done when it is sent where devices need not answer", async () => {
      const virtual = await startDevice("3.5");
      await start(virtual);
      const request = { command: "UPDATEDPS", payload: { dpId: [1] } };
      red.send("raw", { payload: request, topic: "x" });
      const { payload, tuya } = await seen().find(({ topic }) => topic === "x");
      assert.deepEqual(payload, request);
      assert.equal((tuya as { answered: boolean }).answered, false);
    });

    it("ends in TIMEOUT where nothing answers", async () => {
      const virtual = await startDevice("3.4");
      await start(virtual);
      red.send("raw", { payload: { command: 0x77 } });
      const { error } = await red.messages<CaughtMessage>("caught").next();
      assert.equal(error.code, "TIMEOUT");
      assert.match(error.message, /Lamp did not answer/);
      await red.statuses("raw").find(({ text }) => text === "tuya-raw.status.timeout");
      assert.deepEqual(red.messages("completed").all, []);
    });

    it("ends in an error where the device cannot be reached, or none is chosen", async () => {
      const virtual = await startDevice("3.4");
      await virtual.close();
      await red.load(rawFlow(device("device", virtual, { name: "Lamp" })));
      await red.statuses("raw").find(({ fill }) => fill === "red");
      red.send("raw", { payload: { command: 9 }, mine: true });
      const { error } = await red.messages<CaughtMessage>("caught").find((msg) => msg["mine"] === true);
      assert.equal(error.code, "OFFLINE");
      await red.unload();
      await red.load(rawFlow(undefined, { device: "" }));
      red.send("raw", { payload: { command: 9 } });
      const { error: none } = await red.messages<CaughtMessage>("caught").next();
      assert.equal(none.code, "NOT_CONFIGURED");
    });

    it("ends in CLOSED where the node is closed first", async () => {
      const virtual = await startDevice("3.4");
      await start(virtual);
      red.send("raw", { payload: { command: 0x77 } });
      await seen().find(isFrame("out", 0x77));
      const other = rawFlow(device("device", virtual, { name: "Lamp" }), { name: "other" });
      await red.deploy(other, "nodes");
      const { error } = await red.messages<CaughtMessage>("caught").next();
      assert.equal(error.code, "CLOSED");
    });

    for (const [command, sentence] of [
      ["UNBIND", /UNBIND \(6\)/],
      ["SESS_KEY_NEG_START", /negotiation/],
      [0x1d, /0x1d pairs, resets or removes/],
      [-1, /whole number/],
      [1.5, /whole number/],
      ["FORMAT", /command is not known/],
    ] as const) {
      it(`is refused where it is ${command}`, async () => {
        const virtual = await startDevice("3.4");
        await start(virtual);
        red.send("raw", { payload: { command } });
        const { error } = await red.messages<CaughtMessage>("caught").next();
        assert.equal(error.code, "BAD_INPUT");
        assert.match(error.message, sentence);
        assert.ok(!seen().all.some(({ payload }) => payload.name === "UNBIND" || payload.command === 0x1d));
        await red.statuses("raw").find(({ text }) => text === "tuya-raw.status.badInput");
      });
    }
  });

  describe("bytes to decode", () => {
    const special = { device: { localKey: constants.localKeys.special.ascii } };

    it("are decoded without a device, as far as they need no key", async () => {
      await red.load(rawFlow(undefined, { device: "" }));
      const [status] = red.statuses("raw").all;
      assert.deepEqual(status, { fill: "grey", shape: "ring", text: "tuya-raw.status.noDevice" });
      const bytes = Buffer.concat(
        ["v31-query-resp", "v33-query-resp", "udp6667-13", "v35-query-resp"].map((id) =>
          frameOf(vectorNamed(id)),
        ),
      );
      red.send("raw", { payload: bytes.toString("hex"), topic: "mine" });
      const msg = (await seen().next()) as unknown as NodeMessage & { payload: Frame[] };
      assert.equal(msg.topic, "mine");
      assert.equal("tuya" in msg, false);
      assert.deepEqual(
        msg.payload.map(({ name, valid, reason }) => [name, valid, reason]),
        [
          ["DP_QUERY", true, undefined],
          ["DP_QUERY", false, "encrypted, and no local key is known"],
          ["UDP_NEW", true, undefined],
          ["DP_QUERY_NEW", false, "encrypted with a session key"],
        ],
      );
      assert.ok(msg.payload[2]?.announcement);
      assert.deepEqual(red.logged("raw", LOG.warn), []);
    });

    it("are decoded with the key of the chosen device, which is not asked", async () => {
      const virtual = await startDevice("3.4");
      let connections = 0;
      virtual.on("connect", () => connections++);
      await virtual.close();
      await red.load(rawFlow(device("device", virtual, { version: "auto" })), special);
      const bytes = [
        Buffer.from("ffff", "hex"),
        ...["v33-query-resp", "v31-control-req"].map((id) => frameOf(vectorNamed(id))),
      ];
      red.send("raw", { payload: Buffer.concat(bytes), mine: true });
      const msg = (await seen().find((message) => message["mine"] === true)) as unknown as {
        payload: Frame[];
      };
      const [garbage, answer, control] = msg.payload;
      assert.equal(garbage?.reason, "no frame begins here");
      assert.equal(answer?.valid, true);
      assert.equal(answer.direction, "in");
      assert.deepEqual(answer.json, JSON.parse(answer.payload.toString()));
      assert.equal(control?.version, "3.1");
      assert.ok(control.json);
      assert.equal(connections, 0);
    });

    it("end in BAD_INPUT where there are none", async () => {
      await red.load(rawFlow(undefined, { device: "" }));
      red.send("raw", { payload: "nothing like it" });
      const { error } = await red.messages<CaughtMessage>("caught").next();
      assert.equal(error.code, "BAD_INPUT");
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
