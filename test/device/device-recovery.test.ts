import assert from "node:assert/strict";
import type { DeviceState } from "../../src/device/types";
import { Command } from "../../src/protocol/command";
import { clientOf, connect, SHORT_TIMINGS, Witness } from "../support/client";
import { describeGenerations, GENERATIONS, OLD_AND_NEW, startGeneration } from "../support/generations";
import { deafPort } from "../support/deaf-port";
import { assertSince } from "../support/moments";
import { ticksOf } from "../support/ticks";
import { startDevice } from "../support/virtual";

/** Clients of tests add nothing by chance. */
const LONGEST_BACKOFF_MS = Math.max(...SHORT_TIMINGS.backoffMs);

describeGenerations("a device that comes and goes", GENERATIONS, (generation) => {
  it("is back by itself after a reboot, and read anew", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    client.forget();
    const rebooted = device.reboot(80);
    const { error } = await client.reached("waiting");
    assert.ok(["OFFLINE", "UNREACHABLE"].includes(error.code), error.code);
    device.measure({ "2": 77 });
    await rebooted;
    const ms = await ticksOf(() => client.reached("ready"));
    // The longest wait between attempts is 40 ms here.
    assert.ok(ms < 1_500, `${ms} ms`);
    const { reason } = await client.reported("the values anew", ({ dps }) => dps["2"] === 77);
    assert.equal(reason, "initial");
    assert.equal(client.kinds.includes("connecting"), false, "attempts are nobody's news");
  });

  it("is not forgotten: what was last known stays known", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    await device.close();
    await client.reached("waiting");
    assert.deepEqual(client.device.values(), { "1": false, "2": 0, "3": "low" });
  });

  it("ends a wait as soon as it is heard", async () => {
    const device = await startGeneration(generation);
    await device.close();
    const client = clientOf(device, { timings: { backoffMs: [60_000] } });
    client.device.connect();
    await client.reached("waiting");
    await device.listen();
    client.device.heard({ ip: device.host, version: device.version });
    await client.reached("ready");
  });
});

describeGenerations("a device that cannot be reached", OLD_AND_NEW, (generation) => {
  it("is told which connections failed, in every state the time of the next attempt", async () => {
    const began = Date.now();
    const device = await startGeneration(generation);
    const client = await connect(device);
    await device.close();
    await client.until(
      "several failures",
      () => client.kinds.filter((kind) => kind === "waiting").length >= 4,
    );
    for (const state of client.states) {
      if (state.kind === "waiting")
        assert.ok(state.retryAt >= began && state.retryAt <= Date.now() + LONGEST_BACKOFF_MS);
    }
  });

  it("is tried again soon when it is told to be reconnected", async () => {
    const device = await startGeneration(generation);
    await device.close();
    const client = clientOf(device, { timings: { backoffMs: [5, 60_000] } });
    client.device.connect();
    const isPatient = (state: DeviceState): boolean =>
      state.kind === "waiting" && state.retryAt > Date.now() + 30_000;
    await client.until("a long wait", () => client.states.some(isPatient));
    client.forget();
    client.device.reconnect();
    await client.until("failures anew", () => client.kinds.filter((kind) => kind === "waiting").length === 2);
    const [first] = client.states.filter(({ kind }) => kind === "waiting");
    assert.ok(first && !isPatient(first));
  });

  it("is not hammered because it is heard, where its key is wrong", async () => {
    const device = await startGeneration(generation);
    const client = clientOf(device, {
      settings: { localKey: "kV3tWq8ZrX1nLp5e" },
      timings: { hopelessBackoffMs: 60_000, negotiationTimeoutMs: 200, replyTimeoutMs: 200, settleMs: 20 },
    });
    client.device.connect();
    await client.until("the verdict", () => {
      const { state } = client.device;
      return state.kind === "waiting" && state.retryAt > Date.now() + 30_000;
    });
    const witness = new Witness(device);
    for (let i = 0; i < 50; i++) {
      client.device.heard({ ip: device.host, version: device.version });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    // One search for what may have changed.
    assert.ok(witness.connects <= 6, `${witness.connects} connections`);
  });
});

describeGenerations("a sleepy device", OLD_AND_NEW, (generation) => {
  it("is asleep and no error while it is away, and connected the moment it is heard", async () => {
    const began = Date.now();
    const device = await startGeneration(generation);
    await device.close();
    const client = clientOf(device, { settings: { sleepy: true }, timings: { backoffMs: [60_000] } });
    client.device.connect();
    await client.reached("asleep");
    assert.deepEqual(client.kinds, ["connecting", "asleep"]);
    await assert.rejects(client.device.set({ "1": true }), { code: "OFFLINE" });
    for (let i = 0; i < 3; i++) {
      client.forget();
      await device.listen();
      client.device.heard({ ip: device.host });
      await client.reached("ready");
      await client.reported("what it woke up for", ({ reason }) => reason === "initial");
      await device.close();
      const { lastSeen } = await client.reached("asleep");
      assertSince(began, lastSeen);
      assert.deepEqual(client.kinds, ["ready", "asleep"], "nothing flickers");
    }
  });

  it("does not flicker while it is tried in vain", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { settings: { sleepy: true }, timings: { backoffMs: [5] } });
    client.forget();
    await device.close();
    await client.reached("asleep");
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.deepEqual(client.kinds, ["asleep"]);
  });

  it("is waited for without a word where its address is not known", async () => {
    const device = await startGeneration(generation);
    const client = clientOf(device, { settings: { sleepy: true, ip: "" } });
    client.device.connect();
    await client.reached("asleep");
    await new Promise((resolve) => setTimeout(resolve, 2 * SHORT_TIMINGS.searchTimeoutMs));
    assert.deepEqual(client.kinds, ["searching", "asleep"]);
    client.device.heard({ ip: device.host });
    await client.reached("ready");
  });

  it("is asked for a sign of life where it is heard although it seems to be connected", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, {
      settings: { sleepy: true },
      timings: { probeTimeoutMs: 200, heartbeatIntervalMs: 60_000, deadAfterMs: 60_000 },
    });
    const frames = client.watchFrames();
    client.device.heard({ ip: device.host });
    await client.until("a heartbeat that is answered", () =>
      frames.some(({ command, direction }) => command === Command.HEART_BEAT && direction === "in"),
    );
    // It vanished without a word and woke up: the old connection answers nothing.
    client.forget();
    device.faults = { silent: true };
    client.device.heard({ ip: device.host });
    await client.reached("asleep");
    device.faults = {};
    client.device.heard({ ip: device.host });
    await client.reached("ready");
  });
});

describe("a sleepy device with another key", () => {
  it("is told to whoever can mend that, like any other", async () => {
    const client = clientOf(await startDevice("3.4"), {
      settings: { sleepy: true, localKey: "kV3tWq8ZrX1nLp5e" },
      timings: { negotiationTimeoutMs: 500 },
    });
    client.device.connect();
    const { error } = await client.reached("waiting");
    assert.equal(error.code, "WRONG_KEY");
  });
});

describe("a device whose address is not known", () => {
  it("is searched for, then not found, and connected once it is heard", async () => {
    const device = await startDevice("3.4");
    const client = clientOf(device, { settings: { ip: "" } });
    client.device.connect();
    const { error, retryAt } = await client.reached("waiting");
    assert.equal(error.code, "NOT_FOUND");
    assert.equal(retryAt, Infinity);
    await assert.rejects(client.device.query(), { code: "OFFLINE", message: /has not announced itself/ });
    await new Promise((resolve) => setTimeout(resolve, 2 * SHORT_TIMINGS.searchTimeoutMs));
    assert.deepEqual(client.kinds, ["searching", "waiting"], "it stays not found");
    client.device.heard({ ip: device.host });
    await client.reached("ready");
  });

  it("is not connected because it is heard, where nobody wants it", async () => {
    const device = await startDevice("3.4");
    const witness = new Witness(device);
    const client = clientOf(device, { settings: { ip: "" } });
    client.device.heard({ ip: device.host });
    client.device.connect();
    await client.reached("ready");
    client.device.disconnect();
    client.device.heard({ ip: device.host });
    assert.deepEqual(client.device.state, { kind: "idle" });
    assert.equal(witness.connects, 1);
  });
});

describe("an address where nobody answers", () => {
  let deaf: Awaited<ReturnType<typeof deafPort>>;

  before(async () => {
    deaf = await deafPort();
  });

  after(() => deaf.close());

  it("is UNREACHABLE after the time it was given, and left at once for another one", async () => {
    const { port } = deaf;
    // The same port at another address of loopback: a port belongs to both.
    const device = await startDevice("3.4", { host: "127.0.0.2", port });
    const client = clientOf(device, {
      settings: { ip: "127.0.0.1", sleepy: true },
      timings: { connectTimeoutMs: 1_000, backoffMs: [1] },
    });
    client.device.connect();
    await client.reached("asleep");
    await assert.rejects(client.device.query(), { code: "OFFLINE", message: /no answer/ });
    // The next attempt is under way, and will be for longer than a device is awake.
    await new Promise((resolve) => setTimeout(resolve, 30));
    const ms = await ticksOf(() => {
      client.device.heard({ ip: "127.0.0.2" });
      return client.reached("ready");
    });
    assert.ok(ms < 800, "waited for the attempt at the old address");
  });

  it("is UNREACHABLE where that is no sleeping device, and no reason to wait with closing", async () => {
    const { port } = deaf;
    const client = clientOf(await startDevice("3.4"), {
      settings: { port },
      timings: { connectTimeoutMs: 60, backoffMs: [1] },
    });
    client.device.connect();
    const { error } = await client.reached("waiting");
    assert.equal(error.code, "UNREACHABLE");
    assert.match(error.message, /no answer/);
    await client.device.close();
  });
});

describe("refreshing", () => {
  it("keeps a meter measuring", async () => {
    const device = await startDevice("3.3", { dps: { "1": true, "18": 0 } });
    const client = await connect(device, { settings: { refreshSeconds: 1, refreshDps: [18] } });
    const witness = new Witness(device, client);
    device.measure({ "18": 230 });
    await client.reported("the measurement", ({ dps }) => dps["18"] === 230);
    assert.deepEqual(witness.payloads(Command.UPDATEDPS), ['{"dpId":[18]}']);
  });
});
