import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { Command } from "../../../src/protocol/command";
import { PROTOCOL_VERSIONS } from "../../../src/protocol/version";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";
import { type CaughtMessage, device, LOG, NodeRed } from "../../support/flow";
import { type Frame, isFrame, rawFlow, type Seen, VALUES } from "../../support/raw-flow";
import { startDevice } from "../../support/virtual";
import { constants, frameOf, vectorNamed } from "../../support/vectors";

describe("tuya-raw, sent a message", () => {
  const red = new NodeRed();
  const seen = () => red.messages<Seen>("seen");

  async function start(virtual: VirtualDevice, more: object = {}): Promise<void> {
    await red.load(rawFlow(device("device", virtual, { name: "Lamp" }), more));
    await red.statuses("raw").find(({ text = "" }) => /\.(connected|unproven)$/.test(text));
  }

  describe("a frame that is sent", () => {
    for (const version of PROTOCOL_VERSIONS) {
      it(`${version}: is answered on its own message, whose properties survive`, async () => {
        const virtual = await startDevice(version);
        const isNested = version >= "3.4";
        const command = isNested ? "DP_QUERY_NEW" : "DP_QUERY";
        const body = isNested ? {} : { gwId: virtual.id, devId: virtual.id, uid: virtual.id, t: "1" };
        await start(virtual);
        const began = performance.now();
        red.send("raw", { payload: { command, payload: body }, topic: "x", mine: { kept: true } });
        const { payload, tuya, ...rest } = await seen().find(({ topic }) => topic === "x");
        const atMost = Math.ceil(performance.now() - began);
        const { ms, ...facts } = tuya as { ms: number };
        assert.deepEqual(facts, { deviceId: virtual.id, name: "Lamp", answered: true });
        assert.ok(ms >= 0 && ms <= atMost, `${ms} of ${atMost} ms`);
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
});
