import assert from "node:assert/strict";
import { once } from "node:events";
import type { NodeMessage } from "node-red";
import type { SetEvent } from "../../../src/virtual/options";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";
import { type CaughtMessage, device, NodeRed, output, probe, tab, watcher } from "../../support/flow";
import type { Kind } from "../../support/kind";
import { KINDS } from "../../support/kinds";
import { startDevice } from "../../support/virtual";

interface Sent extends NodeMessage {
  readonly tuya: { readonly dps: object };
}

describe("tuya-out with every kind of device", () => {
  const red = new NodeRed();

  async function start({ version, dps, schema, datapoints }: Kind): Promise<VirtualDevice> {
    const virtual = await startDevice(version, { dps, schema });
    await red.load([
      tab("t"),
      device("device", virtual, { name: "It", datapoints }),
      output("out", "t", { wires: [["sent"]] }),
      probe("sent", "t"),
      watcher("catch", "catch", "t", "caught"),
      probe("caught", "t"),
    ]);
    await red.statuses("out").find(({ text = "" }) => /\.(connected|unproven)$/.test(text));
    return virtual;
  }

  for (const kind of KINDS) {
    it(`${kind.version}: ${kind.what}: sends what it understands`, async () => {
      const virtual = await start(kind);
      for (const [message, wire] of kind.sends) {
        red.send("out", structuredClone(message));
        const { tuya } = await red.messages<Sent>("sent").next();
        const what = JSON.stringify(message);
        assert.deepEqual(tuya.dps, wire, what);
        assert.deepEqual({ ...virtual.values(), ...wire }, virtual.values(), what);
      }
      assert.deepEqual(red.messages("caught").all, []);
    });

    it(`${kind.version}: ${kind.what}: says what cannot be sent, and sends nothing of it`, async () => {
      const virtual = await start(kind);
      const before = virtual.values();
      const sets: object[] = [];
      virtual.on("set", ({ dps }) => sets.push(dps));
      for (const [message, sentence] of kind.refuses) {
        red.send("out", structuredClone(message));
        const { error } = await red.messages<CaughtMessage>("caught").next();
        assert.equal(error.code, "BAD_INPUT");
        assert.match(error.message, sentence);
      }
      assert.deepEqual(sets, []);
      assert.deepEqual(virtual.values(), before);
    });
  }

  it("sends under force what a kind does not take: limits, members and what is only reported", async () => {
    const thermostat = KINDS.find(({ what }) => what === "thermostat");
    assert.ok(thermostat);
    const virtual = await start(thermostat);
    const forced: [object, object][] = [
      [{ temp_set: 40 }, { "16": 400 }],
      [{ valve_state: "ajar" }, { "36": "ajar" }],
      [{ temp_current: 20.5 }, { "24": 205 }],
      [{ child_lock: null }, { "40": null }],
    ];
    for (const [payload, wire] of forced) {
      const heard = once(virtual, "set");
      red.send("out", { payload, force: true });
      const [{ dps }] = (await heard) as [SetEvent];
      assert.deepEqual(dps, wire);
    }
  });

  it("sends every press of a remote control, however fast they come", async () => {
    const blaster = KINDS.find(({ what }) => what === "infra-red blaster");
    assert.ok(blaster);
    const virtual = await start(blaster);
    const codes: unknown[] = [];
    virtual.on("set", ({ dps }) => codes.push(dps["201"]));
    const presses = [1, 2, 2, 3].map((command) => ({ nec: { address: 4, command } }));
    for (const code of presses) red.send("out", { payload: { send: code } });
    for (let press = 0; press < presses.length; press++) await red.messages("sent").next();
    assert.equal(codes.length, presses.length);
    assert.equal(codes[1], codes[2]);
    assert.equal(new Set(codes).size, 3);
  });
});
