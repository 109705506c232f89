import assert from "node:assert/strict";
import { once } from "node:events";
import { Command } from "../../../src/protocol/command";
import { PROTOCOL_VERSIONS } from "../../../src/protocol/version";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";
import { type CaughtMessage, device, NodeRed, output, probe } from "../../support/flow";
import { LAMP_DEVICE, outFlow, type Sent } from "../../support/lamp-flow";
import { startDevice } from "../../support/virtual";

describe("tuya-out with a device", () => {
  const red = new NodeRed();

  async function start(virtual: VirtualDevice, more: object = {}): Promise<void> {
    await red.load(outFlow(more, device("device", virtual, LAMP_DEVICE)));
    await red.statuses("out").find(({ text = "" }) => /\.(connected|unproven)$/.test(text));
  }

  for (const version of PROTOCOL_VERSIONS) {
    it(`${version}: sets, and the same message leaves once the device has reported the value`, async () => {
      const virtual = await startDevice(version);
      await start(virtual, { confirm: "report" });
      const began = performance.now();
      red.send("out", {
        payload: { switch_led: true, bright_value: 50.5 },
        topic: "x",
        mine: { kept: true },
      });
      const { _msgid, tuya, ...rest } = await red.messages<Sent>("sent").next();
      const atMost = Math.ceil(performance.now() - began);
      assert.ok(_msgid);
      assert.deepEqual(rest, {
        payload: { switch_led: true, bright_value: 50.5 },
        topic: "x",
        mine: { kept: true },
      });
      const { ms, ...facts } = tuya;
      assert.deepEqual(facts, {
        deviceId: virtual.id,
        name: "Lamp",
        dps: { "1": true, "2": 505 },
        confirmed: { "1": true, "2": 505 },
      });
      assert.ok(ms >= 0 && ms <= atMost, `${ms} of ${atMost} ms`);
      assert.deepEqual(virtual.values(), { "1": true, "2": 505, "3": "low" });
      assert.equal((await red.messages("completed").next())._msgid, _msgid);
    });

    it(`${version}: reads the values back by name`, async () => {
      const virtual = await startDevice(version, { dps: { "1": true, "2": 505 } });
      await start(virtual);
      red.send("out", { operation: "query", payload: "replaced" });
      const { payload, tuya } = await red.messages<Sent>("sent").next();
      assert.deepEqual(payload, { switch_led: true, bright_value: 50.5 });
      assert.deepEqual(tuya.dps, { "1": true, "2": 505 });
    });
  }

  it("fails where the device reports another value than it was sent", async () => {
    const virtual = await startDevice("3.4", { schema: { "3": { kind: "enum", range: ["low"] } } });
    await start(virtual, { confirm: "report" });
    red.send("out", { payload: { work_mode: "high" } });
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "REJECTED");
    assert.match(error.message, /Lamp reports "low" for data point 3 instead of "high"/);
    await red.statuses("out").find(({ text }) => text === "tuya-out.status.refused");
    assert.deepEqual(red.messages("sent").all, []);
    assert.deepEqual(red.messages("completed").all, []);
  });

  it("completes every one of many rapid messages, and the last value stands", async () => {
    const virtual = await startDevice("3.5");
    await start(virtual);
    for (let value = 1; value <= 40; value++) red.send("out", { payload: { bright_value: value } });
    for (let value = 1; value <= 40; value++) await red.messages("completed").next();
    assert.equal(red.messages("sent").all.length, 40);
    assert.equal(virtual.values()["2"], 400);
    assert.deepEqual(red.messages("caught").all, []);
  });

  it("toggles back and forth", async () => {
    const virtual = await startDevice("3.3");
    await start(virtual, { confirm: "report" });
    for (const value of [true, false, true]) {
      red.send("out", { payload: "toggle" });
      await red.messages("sent").next();
      assert.equal(virtual.values()["1"], value);
    }
  });

  for (const version of PROTOCOL_VERSIONS) {
    it(`${version}: changes from what is on its way, however many messages come at once`, async () => {
      const virtual = await startDevice(version, { dps: { "1": false, "2": 400, "3": "low" } });
      await start(virtual);
      const messages = ["toggle", "toggle", "toggle"].map((payload) => ({ payload }));
      const changes = Array.from({ length: 5 }, () => ({ payload: { bright_value: "+0.5" } }));
      for (const msg of [...messages, ...changes]) red.send("out", msg);
      for (const _ of [...messages, ...changes]) await red.messages("completed").next();
      assert.deepEqual(virtual.values(), { "1": true, "2": 425, "3": "low" });
    });
  }

  it("toggles what a device has when it is back, not what it had before", async () => {
    const virtual = await startDevice("3.4");
    await start(virtual, { offline: "queue", queueSeconds: "30", confirm: "report" });
    await virtual.close();
    await red.statuses("out").find(({ fill }) => fill === "red");
    red.send("out", { payload: "toggle" });
    red.send("out", { payload: { bright_value: "+0.5" } });
    await red.statuses("out").find(({ text }) => text === "tuya-out.status.queued 2");
    virtual.set({ "1": true, "2": 700 });
    await virtual.listen();
    for (let i = 0; i < 2; i++) await red.messages("sent").next();
    assert.deepEqual(virtual.values(), { "1": false, "2": 705, "3": "low" });
  });

  it("keeps messages for a device that is away, and sends them when it is back", async () => {
    const virtual = await startDevice("3.4");
    await start(virtual, { offline: "queue", queueSeconds: "30" });
    await virtual.close();
    await red.statuses("out").find(({ fill }) => fill === "red");
    red.send("out", { payload: { bright_value: 5 } });
    red.send("out", { payload: { switch_led: true } });
    await red
      .statuses("out")
      .find(({ text, fill }) => fill === "blue" && text === "tuya-out.status.queued 2");
    await virtual.listen();
    await red.messages("sent").next();
    await red.messages("sent").next();
    assert.deepEqual(virtual.values(), { "1": true, "2": 50, "3": "low" });
    await red.statuses("out").find(({ text }) => text === "tuya-out.status.connected");
  });

  it("gives up after its time, with a reason", async () => {
    const virtual = await startDevice("3.4");
    await start(virtual, { offline: "queue", queueSeconds: "0.2" });
    await virtual.close();
    await red.statuses("out").find(({ fill }) => fill === "red");
    red.send("out", { payload: true });
    const { error, payload } = await red
      .messages<CaughtMessage>("caught")
      .find(({ error: { source } }) => source.id === "out");
    assert.equal(error.code, "OFFLINE");
    assert.match(error.message, /^Lamp is not connected.*refuses connections/);
    assert.equal(payload, true);
  });

  it("disconnects, connects and reconnects on demand", async () => {
    const virtual = await startDevice("3.4");
    await start(virtual);
    red.send("out", { operation: "disconnect" });
    await red.messages("sent").next();
    await red.statuses("out").find(({ text }) => text === "tuya-out.status.idle");
    red.send("out", { payload: true });
    assert.equal((await red.messages<CaughtMessage>("caught").next()).error.code, "OFFLINE");
    red.send("out", { operation: "connect" });
    await red.messages("sent").next();
    const connected = once(virtual, "connect");
    red.send("out", { payload: { operation: "CONTROL", action: "RECONNECT" } });
    await red.messages("sent").next();
    await connected;
    red.send("out", { payload: true });
    assert.deepEqual((await red.messages<Sent>("sent").next()).tuya.dps, { "1": true });
  });

  it("speaks to a sub-device through its gateway, and says when that is offline", async () => {
    const virtual = await startDevice("3.4", {
      subDevices: { a1: { dps: { "1": false } }, b2: { dps: { "1": false }, online: false } },
    });
    const child = (id: string, cid: string) => ({
      ...LAMP_DEVICE,
      id,
      type: "tuya-device",
      name: `Plug ${id}`,
      gateway: "device",
      cid,
    });
    await red.load([
      ...outFlow({ device: "near", confirm: "report" }, device("device", virtual, { name: "Gateway" })),
      child("near", "a1"),
      child("far", "b2"),
      output("out2", "t", { device: "far", wires: [["sent2"]] }),
      probe("sent2", "t"),
    ]);
    await red.statuses("out").find(({ text }) => text === "tuya-out.status.connected");
    red.send("out", { payload: true });
    const { tuya } = await red.messages<Sent>("sent").next();
    assert.equal(tuya.cid, "a1");
    assert.deepEqual(tuya.confirmed, { "1": true });
    assert.deepEqual(virtual.values("a1"), { "1": true });

    await red.statuses("out2").find(({ text }) => text === "tuya-out.status.childOffline");
    red.send("out2", { payload: true });
    const { error } = await red
      .messages<CaughtMessage>("caught")
      .find(({ error: { source } }) => source.id === "out2");
    assert.equal(error.code, "CHILD_OFFLINE");
    assert.deepEqual(virtual.values("b2"), { "1": false });
    assert.equal(virtual.clients, 1);
  });

  const bad: [string, object, RegExp][] = [
    ["an unknown code", { payload: { gleam: 5 } }, /"gleam" is no data point .*switch_led, bright_value/],
    ["text for a boolean", { payload: { switch_led: "maybe" } }, /takes true or false, not the text "maybe"/],
    ["a number out of range", { payload: { bright_value: 100.1 } }, /from 0 to 100/],
    ["a member that is none", { payload: { work_mode: "middle" } }, /"low", "high"/],
    ["an object without data points", { payload: {} }, /names no data point/],
    ["an object of something else", { payload: { h: 1, s: 2 } }, /"h" is no data point/],
    ["nothing", {}, /no payload/],
    ["null", { payload: { switch_led: null } }, /null is no value/],
    ["a number that is no percentage", { payload: 500 }, /brightness takes a number from 0 to 100 percent/],
    ["an unknown operation", { operation: "explode" }, /operation "explode" is not known/],
    ["a list", { payload: [1] }, /does not say which data point/],
  ];
  describe("given a message that cannot be sent", () => {
    for (const [what, msg, sentence] of bad) {
      it(`refuses ${what}: on its own message, with a code, and nothing is sent`, async () => {
        const virtual = await startDevice("3.4");
        const controls: number[] = [];
        virtual.on("request", ({ command }) => {
          if (command === Command.CONTROL_NEW || command === Command.CONTROL) controls.push(command);
        });
        await start(virtual);
        red.send("out", { ...msg, mine: "kept" });
        const caught = await red.messages<CaughtMessage>("caught").next();
        assert.equal(caught.error.code, "BAD_INPUT");
        assert.match(caught.error.message, sentence);
        assert.equal(caught.error.source.id, "out");
        assert.equal(caught["mine"], "kept");
        assert.equal(caught["tuya"], undefined);
        assert.deepEqual(caught.payload, (msg as { payload?: unknown }).payload);
        await red
          .statuses("out")
          .find(({ text, fill }) => fill === "yellow" && text === "tuya-out.status.badInput");

        // The next one that can be sent is, and nothing else was.
        red.send("out", { payload: { switch_led: true } });
        await red.messages("completed").next();
        assert.equal(controls.length, 1);
        assert.equal(red.statuses("out").all.at(-1)?.text, "tuya-out.status.connected");
        assert.equal(red.messages("sent").all.length, 1);
      });
    }
  });

  it("sends what does not fit under force", async () => {
    const virtual = await startDevice("3.4");
    await start(virtual);
    const set = once(virtual, "set");
    red.send("out", { payload: { bright_value: 500 }, force: true });
    const [{ dps }] = (await set) as [{ dps: object }];
    assert.deepEqual(dps, { "2": 5000 });
  });
});
