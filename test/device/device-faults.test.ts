import assert from "node:assert/strict";
import { Command } from "../../src/protocol/command";
import { clientOf, connect, Witness } from "../support/client";
import { describeGenerations, GENERATIONS, OLD_AND_NEW, startGeneration } from "../support/generations";
import type { Dps } from "../../src/protocol/dps";

const VALUES: Dps = { "1": false, "2": 0, "3": "low" };
const QUERIES = [Command.DP_QUERY, Command.DP_QUERY_NEW];
const CONTROLS = [Command.CONTROL, Command.CONTROL_NEW];

/** What is asked in vain is asked briefly. */
const IMPATIENT = { replyTimeoutMs: 250, probeTimeoutMs: 250 };

describeGenerations("a device with a bad network", GENERATIONS, (generation) => {
  for (const splitBytes of [1, 3, 17, 40, 100]) {
    it(`is understood in pieces of ${splitBytes} bytes`, async () => {
      const device = await startGeneration(generation, { faults: { splitBytes } });
      const client = await connect(device);
      await client.device.set({ "2": 5 }, { confirm: "report" });
      assert.deepEqual(await client.device.query(), { ...VALUES, "2": 5 });
    });
  }

  it("is understood with several frames in one piece", async () => {
    const device = await startGeneration(generation, { faults: { coalesce: true, duplicateReport: true } });
    const client = await connect(device);
    for (let i = 1; i <= 5; i++) await client.device.set({ "2": i }, { confirm: "report" });
    assert.equal(client.reports.filter(({ dps }) => dps["2"] === 5).length, 2);
  });

  it("is understood with bytes between its frames that belong to none", async () => {
    const device = await startGeneration(generation, { faults: { garbage: true } });
    const client = clientOf(device);
    const frames = client.watchFrames();
    client.device.connect();
    await client.reported("first values", ({ reason }) => reason === "initial");
    await client.device.set({ "2": 5 }, { confirm: "report" });
    const discarded = frames.filter(({ valid }) => !valid);
    assert.ok(discarded.length > 0);
    for (const { reason } of discarded) assert.match(reason ?? "", /no_prefix|bad_length|bad_suffix/);
  });

  it("loses a request that it does not acknowledge, and no other", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: IMPATIENT });
    // The key is proven now: silence does not speak against it any more.
    await client.device.set({ "2": 9 });
    device.faults = { noAck: 1, noReport: 1 };
    await assert.rejects(client.device.set({ "2": 1 }), { code: "TIMEOUT", message: /0\.25 s/ });
    for (let i = 2; i < 6; i++) {
      await client.device.set({ "2": i });
      assert.equal(device.values()["2"], i);
    }
    assert.equal(client.device.state.kind, "ready");
  });

  it("need not acknowledge what it reports", async () => {
    const device = await startGeneration(generation, { faults: { noAck: true } });
    const client = await connect(device);
    for (let i = 1; i < 6; i++)
      assert.deepEqual(await client.device.set({ "2": i }), { confirmed: { "2": i } });
  });

  it("is not taken for another where it does not answer a query in time", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: IMPATIENT });
    device.faults = { ignoreQuery: 1 };
    await assert.rejects(client.device.query(), { code: "TIMEOUT" });
    assert.deepEqual(await client.device.query(), VALUES);
    assert.equal(client.device.state.kind, "ready");
  });

  it("is heard all the same where it answers a query too late", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: { replyTimeoutMs: 200, probeTimeoutMs: 2_000 } });
    client.forget();
    device.measure({ "2": 17 });
    device.faults = { slowMs: 300 };
    await assert.rejects(client.device.query(), { code: "TIMEOUT" });
    const { reason } = await client.reported("the late answer", ({ dps }) => dps["2"] === 17);
    assert.equal(reason, "reply");
  });

  it("is understood without return codes, and with sequence numbers that look like a suffix", async () => {
    for (const faults of [
      { noReturnCode: true },
      { sequence: 0x0000aa55 },
      { sequence: 0x00009966 },
      { sequence: 0 },
    ]) {
      const device = await startGeneration(generation, { faults });
      const client = await connect(device);
      await client.device.set({ "2": 5 });
      await client.device.set({ "2": 6 }, { confirm: "report" });
      assert.deepEqual(await client.device.query(), { ...VALUES, "2": 6 });
    }
  });

  for (const returnCodeOrder of ["LE", "BE"] as const) {
    for (const ackCode of [0, 1] as const) {
      it(`has its sets acknowledged with return code ${ackCode}, ${returnCodeOrder}`, async () => {
        const device = await startGeneration(generation, {
          faults: { returnCodeOrder },
          overrides: { ackCode },
        });
        const client = await connect(device);
        device.set({ "2": 1 });
        await client.proven();
        device.faults = { returnCodeOrder, noReport: true };
        assert.deepEqual(await client.device.set({ "2": 5 }), { confirmed: {} });
      });
    }
  }

  it("is set in time where acknowledgement and report leave as two small segments", async () => {
    const device = await startGeneration(generation, { faults: { delaysSegments: true } });
    const client = await connect(device);
    for (let i = 1; i <= 3; i++) {
      const { confirmed } = await client.device.set({ "2": i }, { confirm: "report" });
      assert.deepEqual(confirmed, { "2": i });
    }
  });

  it("is read although it is bad at texts, and found out where it drops one", async () => {
    const device = await startGeneration(generation, { faults: { poorTexts: true } });
    const client = await connect(device);
    for (const text of ["C:\\Door", "two\nlines\t\u0001"]) {
      await client.device.set({ "3": text }, { confirm: "report" });
      assert.deepEqual(await client.device.query(), { ...VALUES, "3": text });
    }
    await assert.rejects(client.device.set({ "3": 'a"b' }, { confirm: "report" }), { code: "REJECTED" });
    assert.equal(client.device.state.kind, "ready");
  });

  it("is connected anew where it resets the connection", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    client.forget();
    device.faults = { reset: 1 };
    await assert.rejects(client.device.set({ "2": 5 }), {
      code: "OFFLINE",
      message: /may or may not have arrived/,
    });
    const { error } = await client.reached("waiting");
    assert.equal(error.code, "OFFLINE");
    await client.reached("ready");
    await client.reported("the values anew", ({ reason }) => reason === "initial");
    assert.equal((await client.device.set({ "2": 6 }, { confirm: "report" })).confirmed["2"], 6);
  });

  it("may say that it has nothing yet: it is asked once more, then told to measure, then heard", async () => {
    const device = await startGeneration(generation, { faults: { refuseQuery: true } });
    const client = clientOf(device);
    const witness = new Witness(device, client);
    client.device.connect();
    await client.until("a request to measure", () => witness.count(Command.UPDATEDPS) === 1);
    assert.equal(witness.count(...QUERIES), 2);
    assert.equal(witness.count(...CONTROLS), 0, "nothing is ever set to be read");
    assert.equal(client.device.state.kind, "ready");
    device.set({ "1": true });
    await client.reported("a push", ({ dps }) => dps["1"] === true);
    await assert.rejects(client.device.query(), { code: "REJECTED", message: /json obj data unvalid/ });
  });

  it("may say so only at first, when it has just booted", async () => {
    const device = await startGeneration(generation, { faults: { refuseQuery: 1 } });
    const client = await connect(device);
    assert.deepEqual(client.device.values(), VALUES);
  });

  it("may answer a query with nothing", async () => {
    const device = await startGeneration(generation, { faults: { emptyQuery: true } });
    const client = clientOf(device);
    client.device.connect();
    await client.reached("ready");
    assert.deepEqual(await client.device.query(), {});
  });

  it("is never sent a null", async () => {
    const device = await startGeneration(generation, { faults: { refuseQuery: true } });
    const witness = new Witness(device);
    const client = clientOf(device);
    client.device.connect();
    await client.reached("ready");
    await client.device.set({ "1": true });
    await client.device.refresh();
    for (const text of witness.payloads(...CONTROLS, ...QUERIES)) assert.doesNotMatch(text, /null/);
  });
});

describeGenerations("a device with a slow or silent network", OLD_AND_NEW, (generation) => {
  it("is waited for where it is slow", async () => {
    const device = await startGeneration(generation, { faults: { slowMs: 40 } });
    const client = await connect(device);
    await client.device.set({ "2": 5 }, { confirm: "report" });
    assert.deepEqual(await client.device.query(), { ...VALUES, "2": 5 });
  });

  it("is found half open, told dead, and connected anew as soon as it answers", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, {
      timings: { heartbeatIntervalMs: 50, deadAfterMs: 250, replyTimeoutMs: 250, negotiationTimeoutMs: 250 },
    });
    client.forget();
    device.faults = { silent: true };
    const { error } = await client.reached("waiting");
    assert.equal(error.code, "TIMEOUT");
    assert.match(error.message, /stopped answering/);
    device.faults = {};
    await client.reached("ready");
  });

  it("is found dead soon where a request stays unanswered", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: { ...IMPATIENT, negotiationTimeoutMs: 250 } });
    device.faults = { silent: true };
    await assert.rejects(client.device.query(), { code: "TIMEOUT" });
    const { error } = await client.reached("waiting");
    assert.match(error.message, /stopped answering/);
  });

  it("is kept by heartbeats, although it pushes all the time", async () => {
    const device = await startGeneration(generation, { overrides: { idleMs: 500 } });
    const client = await connect(device, { timings: { heartbeatIntervalMs: 100 } });
    const witness = new Witness(device, client);
    const pushes = setInterval(() => device.set({ "2": 5 }), 10);
    await client.until("heartbeats", () => witness.count(Command.HEART_BEAT) >= 6);
    clearInterval(pushes);
    assert.equal(client.kinds.includes("waiting"), false);
    assert.equal(client.device.state.kind, "ready");
  });

  it("is connected anew where it stalls in the middle of a frame, and what it was sent is told lost", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: { stalledFrameMs: 60 } });
    client.forget();
    device.faults = { halfFrame: 1 };
    const lost = assert.rejects(client.device.query(), { code: "OFFLINE" });
    const { error } = await client.reached("waiting");
    assert.match(error.message, /never finished/);
    await lost;
    await client.reached("ready");
    await client.reported("the values anew", ({ reason }) => reason === "initial");
  });
});

describeGenerations(
  "a device that damages a frame",
  GENERATIONS.filter(({ version }) => version >= "3.4"),
  (generation) => {
    it("is connected anew: the keys are out of step", async () => {
      const device = await startGeneration(generation);
      const client = await connect(device);
      client.forget();
      device.faults = { corrupt: 1 };
      device.set({ "1": true });
      const { error } = await client.reached("waiting");
      assert.match(error.message, /does not fit/);
      await client.reached("ready");
      await client.reported("what was lost", ({ dps, reason }) => dps["1"] === true && reason === "initial");
    });
  },
);

describeGenerations(
  "a device that damages a frame",
  GENERATIONS.filter(({ version }) => version < "3.4"),
  (generation) => {
    it("loses that frame and nothing else", async () => {
      const device = await startGeneration(generation);
      const client = await connect(device);
      const frames = client.watchFrames();
      device.faults = { corrupt: 1 };
      device.set({ "1": true });
      device.set({ "2": 5 });
      await client.reported("the whole frame", ({ dps }) => dps["2"] === 5);
      assert.equal(client.device.values()["1"], false);
      assert.deepEqual(
        frames.filter(({ valid }) => !valid).map(({ reason }) => reason),
        ["bad_crc"],
      );
      assert.equal(client.device.state.kind, "ready");
    });
  },
);

describeGenerations(
  "a device that waits for its first command",
  GENERATIONS.filter(({ negotiates }) => negotiates),
  (generation) => {
    it("is connected all the same, and read once it was sent one", async () => {
      const device = await startGeneration(generation, { faults: { queryAfterControl: true } });
      const client = clientOf(device, { timings: { replyTimeoutMs: 250 } });
      client.device.connect();
      await client.reached("ready");
      await client.device.set({ "1": true });
      assert.deepEqual(await client.device.query(), { ...VALUES, "1": true });
    });
  },
);
