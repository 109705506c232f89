import assert from "node:assert/strict";
import { configuredNode } from "../../nodes/link/configured-devices";
import { once } from "node:events";
import type { NodeMessage } from "node-red";
import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { Liar, LIE } from "../support/liar";
import { device, type FlowNode, input, NodeRed, output, probe, raw, tab, watcher } from "../support/flow";
import { discoveryOn, freeUdpPort } from "../support/editor-discovery";
import { announcement, openUdp, sendUdp } from "../support/udp";
import { DEVICE_ID, startDevice } from "../support/virtual";

interface Event extends NodeMessage {
  readonly payload: string;
}

interface Caught extends NodeMessage {
  readonly error: { readonly message: string; readonly code?: string };
}

/** A device that is read, told of, and set with proof; what fails is caught. */
function flow(settings: object): FlowNode[] {
  return [
    tab("t"),
    device("device", undefined, { deviceId: DEVICE_ID, name: "Lamp", ...settings }),
    input("in", "t", { state: true, when: "all", wires: [["values"], ["events"]] }),
    output("out", "t", { confirm: "report", wires: [["done"]] }),
    watcher("catch", "catch", "t", "caught", { scope: ["out"] }),
    ...["values", "events", "done", "caught"].map((id) => probe(id, "t")),
  ];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("Node-RED, and a liar on the network who knows no key", () => {
  const red = new NodeRed();
  let stop = (): void => undefined;

  afterEach(() => stop());

  /** A busy machine may need longer than a device has to answer. */
  async function setUntilDone(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      red.send("out", { payload: true });
      if (
        await red
          .messages("done")
          .next(1_000)
          .catch(() => undefined)
      )
        return;
    }
    assert.fail(JSON.stringify(red.messages("caught").all));
  }

  for (const version of PROTOCOL_VERSIONS) {
    for (const ip of ["127.0.0.40", ""]) {
      it(`keeps commands to itself, and believes nothing (a ${version} device that is off, address "${ip}")`, async () => {
        const port = await freeUdpPort();
        const liar = await Liar.start("speaks 3.1 and pushes values in clear", {
          id: DEVICE_ID,
          host: "127.0.0.66",
        });
        const settings = { ip, port: String(liar.port), version: "auto" };
        await red.load(flow(settings), undefined, discoveryOn(port));
        const socket = await openUdp(liar.host);
        const lie = announcement(DEVICE_ID, { ip: liar.host, version: "3.1" });
        const lying = setInterval(() => void sendUdp(socket, lie, port), 20);
        stop = () => clearInterval(lying);
        await liar.visited();
        red.send("out", { payload: true });
        const { error } = await red.messages<Caught>("caught").next();
        assert.ok(["OFFLINE", "KEY_OR_VERSION", "UNREACHABLE"].includes(error.code ?? ""), error.message);
        await pause(200);
        assert.deepEqual(liar.commands, []);
        assert.deepEqual(red.messages("values").all, []);
        assert.deepEqual(red.messages("done").all, []);
        const words = red.messages<Event>("events").all.map(({ payload }) => payload);
        assert.ok(!words.includes("connected"), words.join());
        for (const id of ["in", "out"]) assert.ok(red.statuses(id).all.every(({ fill }) => fill !== "green"));
        assert.ok(!red.logged("device", 40).some((text) => text.includes("enter the new address")));

        // The device is switched on: at its address, or wherever it says it is.
        const real = await startDevice(version, { host: "127.0.0.40", port: liar.port });
        const own = await openUdp(real.host);
        const connected = once(real, "connect");
        await sendUdp(own, announcement(DEVICE_ID, { ip: real.host, version }), port);
        await connected;
        const isProven = async (): Promise<void> => {
          for (let i = 0; i < 100; i++) {
            real.set({ "2": i });
            if (red.statuses("in").all.some(({ fill }) => fill === "green")) return;
            await pause(20);
          }
          assert.fail(`never green: ${JSON.stringify(red.statuses("in").all)}`);
        };
        await isProven();
        await setUntilDone();
        assert.equal(real.values()["1"], true);
        assert.ok(!JSON.stringify(red.messages("values").all).includes(LIE));
        assert.deepEqual(liar.commands, []);
      });
    }
  }

  it("shows what comes in clear from the address that is set, says that nothing proves the key, and how to set it", async () => {
    const real = await startDevice("3.1");
    await red.load(flow({ ip: real.host, port: String(real.port), version: "auto" }));
    await red.statuses("in").find(({ text }) => text === "tuya-in.status.unproven");
    assert.equal(((await red.messages("values").next()).payload as Record<string, unknown>)["1"], false);
    red.send("out", { payload: true });
    const { error } = await red
      .messages<Caught>("caught")
      .find(({ error: { message } }) => message.includes("sent no command"));
    assert.equal(error.code, "KEY_OR_VERSION");
    assert.match(error.message, /set its version to 3\.1/);
    assert.equal(real.values()["1"], false);
    assert.ok(!red.messages<Event>("events").all.some(({ payload }) => payload === "connected"));
    // A report proves it.
    real.set({ "2": 7 });
    await red.messages<Event>("events").find(({ payload }) => payload === "connected");
    await setUntilDone();
    assert.equal(real.values()["1"], true);
  });

  it("shows as not authentic what comes in clear where everything is encrypted", async () => {
    const liar = await Liar.start("speaks 3.1 and pushes values in clear", {
      id: DEVICE_ID,
      host: "127.0.0.67",
    });
    const settings = { ip: liar.host, port: String(liar.port), version: "3.3" };
    await red.load([
      ...flow(settings),
      raw("raw", "t", { direction: "in", wires: [["frames"]] }),
      probe("frames", "t"),
    ]);
    interface Frame extends NodeMessage {
      readonly payload: { readonly command: number; readonly [name: string]: unknown };
    }
    const { payload } = await red.messages<Frame>("frames").find((msg) => msg.payload.command === 10);
    const { valid, reason, json } = payload;
    assert.deepEqual(
      [valid, reason, json],
      [
        false,
        "not authentic: in clear, where devices encrypt everything",
        { devId: DEVICE_ID, dps: { "1": LIE } },
      ],
    );
    assert.deepEqual(red.messages("values").all, []);
    const warnings = red.logged("device", 30).filter((text) => text.includes("Nobody vouches"));
    assert.ok(warnings.length > 0);
    const dropped = configuredNode("device")?.device?.statistics().notAuthentic ?? 0;
    assert.ok(dropped >= warnings.length, `${dropped} counted`);
  });

  for (const version of ["3.1", "3.2", "3.3", "3.4"] as const) {
    it(`shows as not authentic what was sent from here and comes back (${version})`, async () => {
      const liar = await Liar.start("sends everything back", { id: DEVICE_ID, host: "127.0.0.68" });
      const settings = { ip: liar.host, port: String(liar.port), version };
      await red.load([
        ...flow(settings),
        raw("raw", "t", { direction: "in", wires: [["frames"]] }),
        probe("frames", "t"),
      ]);
      interface Frame extends NodeMessage {
        readonly payload: { readonly valid: boolean; readonly reason: string };
      }
      const { payload } = await red.messages<Frame>("frames").next();
      assert.match(payload.reason, /^not authentic: a request of a client that came back/);
      red.send("out", { payload: true });
      await pause(100);
      for (const { payload: frame } of red.messages<Frame>("frames").all) assert.equal(frame.valid, false);
      assert.deepEqual(red.messages("values").all, []);
      assert.deepEqual(red.messages("done").all, []);
    });
  }

  it("sends a message that comes while a 3.2 device is asked to prove its key, once it has", async () => {
    const real = await startDevice("3.2", { faults: { slowMs: 150 } });
    const isAsked = new Promise<void>((resolve) =>
      real.on("request", ({ command }) => (command === 7 ? resolve() : undefined)),
    );
    await red.load(flow({ ip: real.host, port: String(real.port), version: "3.2" }));
    await isAsked;
    red.send("out", { payload: true });
    await red.messages("done").next();
    assert.equal(real.values()["1"], true);
    assert.deepEqual(red.messages("caught").all, []);
  });

  for (const version of ["3.1", "3.2"] as const) {
    it(`works as ever with a ${version} device whose address and version are set`, async () => {
      const real = await startDevice(version);
      await red.load(flow({ ip: real.host, port: String(real.port), version }));
      await red.messages<Event>("events").find(({ payload }) => payload === "connected");
      await setUntilDone();
      assert.equal(real.values()["1"], true);
      await red.statuses("in").find(({ fill }) => fill === "green");
    });
  }
});
