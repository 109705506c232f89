import assert from "node:assert/strict";
import { once } from "node:events";
import type { NodeMessage } from "node-red";
import type { SetEvent } from "../../../src/virtual/options";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";
import { device, type FlowNode, input, NodeRed, output, probe, tab } from "../../support/flow";
import type { Kind } from "../../support/kind";
import { KINDS } from "../../support/kinds";
import { startDevice } from "../../support/virtual";
import type { Dps } from "../../../src/protocol/dps";

interface Reported extends NodeMessage {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly tuya: { readonly reason: string; readonly code?: string; readonly dp?: string };
}

describe("tuya-in with every kind of device", () => {
  const red = new NodeRed();

  async function start(
    { version, dps, schema, datapoints }: Omit<Kind, "sends" | "refuses" | "reports" | "what">,
    nodes: readonly FlowNode[] = [],
  ): Promise<VirtualDevice> {
    const virtual = await startDevice(version, { dps, schema });
    await red.load([
      tab("t"),
      device("device", virtual, { name: "It", datapoints }),
      input("in", "t", { wires: [["got"]] }),
      probe("got", "t"),
      output("out", "t", { wires: [["sent"]] }),
      probe("sent", "t"),
      ...nodes,
    ]);
    await red.messages("got").next();
    return virtual;
  }

  for (const kind of KINDS) {
    it(`${kind.version}: ${kind.what}: shows what it reports`, async () => {
      const virtual = await start(kind);
      for (const [wire, payload] of kind.reports) {
        virtual.set(wire);
        const message = await red.messages<Reported>("got").next();
        assert.deepEqual(message.payload, payload);
        assert.equal(message.tuya.reason, "push");
      }
    });

    it(`${kind.version}: ${kind.what}: shows values such that they can be sent again as they are`, async () => {
      const virtual = await start(kind);
      const names = new Map(kind.datapoints.map(({ dp, code }) => [code ?? dp, dp]));
      const settable = (dp: string) => {
        const { access, event } = kind.datapoints.find((entry) => entry.dp === dp) ?? {};
        return access !== "ro" && !event;
      };
      for (const [, wire] of kind.sends) {
        const reported: Dps = Object.fromEntries(Object.entries(wire).filter(([dp]) => settable(dp)));
        virtual.set({ ...reported, "199": Math.random() });
        const { payload } = await red.messages<Reported>("got").find(({ payload: got }) => "199" in got);
        for (const [name, shown] of Object.entries(payload)) {
          const dp = names.get(name);
          if (dp === undefined || !settable(dp)) continue;
          // Something else is the present value by now, so that nothing is taken from memory.
          const heard = once(virtual, "set");
          red.send("out", { dp, payload: shown });
          const [{ dps }] = (await heard) as [SetEvent];
          // A colour is to be seen, so it brings switch and mode along.
          const sent = name === "colour_data" ? { [dp]: dps[dp] } : dps;
          assert.deepEqual(sent, { [dp]: reported[dp] }, name);
          await red.messages("sent").next();
        }
      }
    });
  }

  it("passes on every press of a button, equal ones too, and none that it only asked for", async () => {
    const buttons = ["1", "2"].map((dp) => ({
      dp,
      code: `switch_mode${dp}`,
      type: "Enum" as const,
      values: ["single_click", "double_click"],
      event: true,
    }));
    const virtual = await start({
      version: "3.4",
      dps: { "1": "single_click", "2": "single_click", "10": 83 },
      datapoints: buttons,
    });
    for (const dps of [{ "1": "single_click" }, { "1": "single_click" }, { "2": "double_click" }]) {
      virtual.set(dps);
      const [dp = ""] = Object.keys(dps);
      const { payload } = await red.messages<Reported>("got").next();
      assert.deepEqual(payload, { [`switch_mode${dp}`]: Object.values(dps)[0] });
    }
    red.send("out", { operation: "query" });
    await red.messages("sent").next();
    virtual.set({ "10": 82 });
    assert.deepEqual((await red.messages<Reported>("got").next()).payload, { "10": 82 });
    // What was there before anybody pressed was no press either.
    const [first] = red.messages<Reported>("got").all;
    assert.deepEqual(first?.payload, { "10": 83 });
  });

  it("adds up increments, over a restart of the flows, and counts what is only asked for once", async () => {
    const energy = {
      dp: "17",
      code: "add_ele",
      type: "Integer" as const,
      scale: 3,
      unit: "kWh",
      accumulate: true,
    };
    const virtual = await start({ version: "3.3", dps: { "1": true, "17": 900 }, datapoints: [energy] });
    const count = async (increment: number): Promise<unknown> => {
      virtual.set({ "17": increment });
      return (await red.messages<Reported>("got").next()).payload;
    };
    assert.deepEqual(await count(100), { add_ele: 0.1, add_ele_total: 0.1 });
    assert.deepEqual(await count(100), { add_ele: 0.1, add_ele_total: 0.2 });
    red.send("out", { operation: "query" });
    await red.messages("sent").next();
    await red.restart();
    await red.messages<Reported>("got").find(({ tuya }) => tuya.reason === "initial");
    assert.deepEqual(await count(50), { add_ele: 0.05, add_ele_total: 0.25 });
  });

  it("gives what a blaster has learned such that it is sent as it is, in every form of message", async () => {
    for (const kind of KINDS.filter(({ what }) => what.startsWith("infra-red"))) {
      const learned = kind.what.includes("field") ? "2" : "202";
      const virtual = await start(kind, [
        input("each", "t", { output: "each", dps: learned, wires: [["out"]] }),
        input("list", "t", { dps: learned, wires: [["out2"]] }),
        output("out2", "t", { wires: [["sent2"]] }),
        probe("sent2", "t"),
      ]);
      const [, code] =
        kind.reports.flatMap(([wire]) => Object.entries(wire)).find(([dp]) => dp === learned) ?? [];
      const expected = kind.sends.find(([{ payload }]) => isSend(payload))?.[1];
      virtual.set({ [learned]: code ?? null });
      for (const probeId of ["sent", "sent2"]) {
        const { tuya } = (await red.messages(probeId).next()) as NodeMessage & { tuya: { dps: object } };
        assert.deepEqual(tuya.dps, expected, `${kind.what}: ${probeId}`);
      }
      await red.unload();
      await virtual.close();
    }
  });
});

function isSend(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && "send" in payload;
}
