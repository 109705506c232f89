import assert from "node:assert/strict";
import type { Dps } from "../../src/protocol/dps";
import { type Client, clientOf, type ClientOptions, connect as connectTo, Witness } from "../support/client";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { describeGenerations, GENERATIONS, startGeneration } from "../support/generations";

/** What is asked in vain is asked briefly. */
const IMPATIENT = { replyTimeoutMs: 250, probeTimeoutMs: 2_000, deadAfterMs: 5_000 };
/** Late for whoever is impatient. */
const LATE_MS = 350;

/** A client that is connected. What the device reports has proved its key, which 3.1 and 3.2 do by nothing else. */
async function connect(device: VirtualDevice, options?: ClientOptions): Promise<Client> {
  const client = await connectTo(device, options);
  device.set({ "1": device.values()["1"] ?? null });
  await client.reported("the key", ({ reason }) => reason === "push");
  client.forget();
  return client;
}

describeGenerations("a command to a device", GENERATIONS, (generation) => {
  const { negotiates } = generation;

  it("that it ignores is not done by the late acknowledgement of the one before", async () => {
    for (const confirm of ["ack", "report"] as const) {
      const device = await startGeneration(generation);
      const client = await connect(device, { timings: IMPATIENT });
      await client.device.set({ "2": 1 });
      device.faults = { lateAck: 1, lateMs: LATE_MS, noReport: true };
      const late = client.device.set({ "2": 2 }, { confirm });
      const ignored = late.catch(() => {
        device.faults = { ignoreSet: 1 };
        return client.device.set({ "2": 3 }, { confirm });
      });
      await assert.rejects(late, { code: "TIMEOUT", message: /may or may not/ });
      await assert.rejects(ignored, { code: "TIMEOUT", message: /may or may not/ });
      assert.equal(device.values()["2"], 2);
      assert.deepEqual(await client.device.set({ "2": 4 }, { confirm: "report" }), { confirmed: { "2": 4 } });
    }
  });

  it("that it obeys without a word is done where it says so when asked, whatever is late", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: IMPATIENT });
    await client.device.set({ "2": 1 });
    device.faults = { noAck: 1, noReport: true };
    await assert.rejects(client.device.set({ "2": 2 }), { code: "TIMEOUT" });
    for (let i = 3; i < 6; i++) await client.device.set({ "2": i });
    assert.equal(device.values()["2"], 5);
  });

  it("is confirmed by no value but its own, however quickly it follows another", async () => {
    const device = await startGeneration(generation, { faults: { lateReport: true, lateMs: 5 } });
    const client = await connect(device);
    for (let i = 1; i <= 60; i++) {
      const confirm = i % 4 === 0 ? "report" : "ack";
      const { confirmed } = await client.device.set({ "1": i % 2 === 0, "2": i }, { confirm });
      for (const [dp, value] of Object.entries(confirmed))
        assert.equal(value, dp === "1" ? i % 2 === 0 : i, `command ${i}, data point ${dp}`);
      if (confirm === "report") assert.deepEqual(confirmed, { "1": i % 2 === 0, "2": i });
    }
  });

  it("is not confirmed by the report of an earlier one that asked for the same", async () => {
    const device = await startGeneration(generation, { overrides: { statusFirst: 0 } });
    const client = await connect(device, { timings: { reportTimeoutMs: 400 } });
    device.faults = { lateReport: 2, lateMs: 100 };
    await client.device.set({ "2": 5 });
    await client.device.set({ "2": 6 });
    device.faults = { forgetSet: 1 };
    await assert.rejects(client.device.set({ "2": 5 }, { confirm: "report" }), {
      code: "REJECTED",
      message: /reports 6 for data point 2 instead of 5/,
    });
    assert.deepEqual(
      client.reports.filter(({ reason }) => reason === "push").map(({ dps }) => dps["2"]),
      [5, 6],
    );
  });

  it("is done where the device reports only the last of several", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    device.faults = { noReport: 3 };
    const sets = [1, 2, 3, 4].map((value) =>
      client.device.set({ "2": value }, { confirm: "report", merge: false }),
    );
    for (const { confirmed } of await Promise.all(sets)) assert.deepEqual(confirmed, { "2": 4 });
  });

  const ORDERS: readonly (readonly [what: string, sets: readonly Dps[], sent: readonly Dps[]])[] = [
    ["behind another", [{ "1": true }, { "2": 500 }, { "1": false }], [{ "2": 500 }, { "1": false }]],
    ["alone", [{ "1": true }, { "1": false }, { "1": true }], [{ "1": true }]],
    [
      "in company",
      [{ "1": true, "3": "x" }, { "2": 5 }, { "1": false }],
      [{ "3": "x" }, { "2": 5 }, { "1": false }],
    ],
    [
      "with the last",
      [{ "2": 5 }, { "1": true, "3": "x" }, { "1": false }],
      [{ "2": 5 }, { "1": false, "3": "x" }],
    ],
    [
      "of two at once",
      [{ "1": true }, { "2": 5 }, { "3": "x" }, { "1": false, "2": 6 }],
      [{ "3": "x" }, { "1": false, "2": 6 }],
    ],
    [
      "again and again",
      [{ "1": true }, { "2": 1 }, { "1": false }, { "2": 2 }, { "1": true }],
      [{ "2": 2 }, { "1": true }],
    ],
  ];
  for (const [what, sets, sent] of ORDERS) {
    it(`leaves in the order of the last values where it is replaced ${what}, and each is done`, async () => {
      const device = await startGeneration(generation);
      const client = await connect(device);
      const witness = new Witness(device);
      const underWay = client.device.set({ "9": "under way" });
      const results = await Promise.all(sets.map((dps) => client.device.set(dps, { confirm: "report" })));
      await underWay;
      assert.deepEqual(
        witness.sets.slice(1).map(({ dps }) => dps),
        sent,
      );
      const last: Dps = Object.assign({}, ...sets) as Dps;
      assert.deepEqual({ ...device.values(), ...last }, device.values());
      for (const [i, { confirmed }] of results.entries()) {
        for (const dp of Object.keys(sets[i]!)) assert.equal(confirmed[dp], last[dp]);
      }
    });
  }

  it("is not moved past one that must be sent as it is", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const witness = new Witness(device);
    await Promise.all([
      client.device.set({ "9": "under way" }),
      client.device.set({ "1": true }),
      client.device.set({ "3": "code" }, { merge: false }),
      client.device.set({ "1": false }),
    ]);
    assert.deepEqual(
      witness.sets.slice(1).map(({ dps }) => dps),
      [{ "1": true }, { "3": "code" }, { "1": false }],
    );
  });

  it("is not merged into more than the device can read at once", async () => {
    const device = await startGeneration(generation, { dps: { "1": false, "3": "", "4": "" } });
    const client = await connect(device);
    const [long, longer] = ["x".repeat(1_800), "y".repeat(1_900)];
    await Promise.all([
      client.device.set({ "9": "under way" }),
      client.device.set({ "1": true, "3": long }),
      client.device.set({ "1": false, "4": longer }),
    ]);
    assert.deepEqual(device.values(), { "1": false, "3": long, "4": longer });
  });

  it("counts for what is expected as soon as it is asked for, and until the device has reported", async () => {
    const device = await startGeneration(generation, { faults: { noReport: true } });
    const client = await connect(device, { timings: { reportTimeoutMs: 200 } });
    const known = client.device.values();
    const sets = [client.device.set({ "1": true }), client.device.set({ "2": 7 })];
    const expected = (): unknown => {
      const { dps, isSure } = client.device.expected();
      return [dps, ["1", "2", "3"].map(isSure)];
    };
    assert.deepEqual(expected(), [{ ...known, "1": true, "2": 7 }, [true, true, true]]);
    await Promise.all(sets);
    assert.deepEqual(expected(), [{ ...known, "1": true, "2": 7 }, [true, true, true]], "acknowledged");
    assert.deepEqual(client.device.values(), known);
    await client.until("the end of the wait for a report", () => {
      setTimeout(() => client.wake(), 20);
      return !client.device.expected().isSure("2");
    });
    assert.deepEqual(expected(), [known, [false, false, true]], "never reported");
    await client.device.query();
    assert.deepEqual(expected(), [{ ...known, "1": true, "2": 7 }, [true, true, true]], "read");
  });

  it("whose value the device does not take leaves none certain, until the device is asked", async () => {
    const device = await startGeneration(generation, { overrides: { wrongType: "zeroed" } });
    const client = await connect(device);
    await client.device.set({ "2": 4 }, { confirm: "report" });
    await client.device.set({ "2": "four" });
    await client.reported("another value", ({ dps }) => dps["2"] === 0);
    assert.equal(client.device.expected().dps["2"], 0);
    assert.equal(client.device.expected().isSure("2"), false);
    await client.device.query();
    assert.equal(client.device.expected().dps["2"], 0);
    assert.equal(client.device.expected().isSure("2"), true);
  });

  it("without an outcome leaves no value certain, until it is reported", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: IMPATIENT });
    await client.device.set({ "2": 1 }, { confirm: "report" });
    device.faults = { noAck: true, noReport: true };
    await assert.rejects(client.device.set({ "2": 2 }), { code: "TIMEOUT" });
    const { isSure } = client.device.expected();
    assert.deepEqual(["1", "2"].map(isSure), [true, false]);
    device.faults = {};
    device.set({ "2": 3 });
    await client.reported("a value", ({ dps }) => dps["2"] === 3);
    assert.equal(client.device.expected().isSure("2"), true);
  });

  it("is expected from nothing certain while the device is away, and until it is read again", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    await client.device.set({ "2": 1 }, { confirm: "report" });
    assert.equal(client.device.expected().isSure("2"), true);
    client.device.disconnect();
    assert.deepEqual(client.device.expected().dps["2"], 1);
    assert.equal(client.device.expected().isSure("2"), false);
    client.forget();
    device.set({ "2": 9 });
    client.device.connect();
    await client.reported("the values", ({ reason }) => reason === "initial");
    assert.equal(client.device.expected().isSure("2"), true);
    assert.equal(client.device.expected().dps["2"], 9);
  });

  for (const [what, faults] of [
    ["every frame", { repeatFrames: true }],
    ["the answer to the negotiation", { repeatNegotiation: true }],
  ] as const) {
    it(`is done where the device sends ${what} twice, and heard once`, async () => {
      const device = await startGeneration(generation, { faults });
      const client = await connect(device);
      client.forget();
      for (let i = 1; i <= 5; i++) {
        await client.device.set({ "2": i }, { confirm: i % 2 ? "ack" : "report" });
        assert.equal(device.values()["2"], i);
      }
      await client.device.query();
      const pushes = client.reports.filter(({ reason }) => reason === "push").map(({ dps }) => dps["2"]);
      assert.deepEqual(pushes, [1, 2, 3, 4, 5]);
      assert.ok(client.kinds.every((kind) => kind === "ready"));
    });
  }

  it("that it ignores is not done by an acknowledgement that comes twice", async () => {
    const device = await startGeneration(generation, { faults: { repeatFrames: true, noReport: true } });
    const client = await connect(device, { timings: IMPATIENT });
    await client.device.set({ "2": 1 });
    const first = client.device.set({ "2": 2 }, { merge: false });
    const ignored = client.device.set({ "2": 3 }, { merge: false });
    device.once("set", () => (device.faults = { repeatFrames: true, ignoreSet: true }));
    await first;
    await assert.rejects(ignored, { code: "TIMEOUT" });
    assert.equal(device.values()["2"], 2);
  });

  it("that it ignores is not done by a second acknowledgement of another one, read at once with the first", async () => {
    const faults = { repeatAcks: true, coalesce: true };
    const device = await startGeneration(generation, { faults });
    const client = await connect(device, { timings: IMPATIENT });
    device.set({ "2": 100 });
    await client.proven();
    device.faults = { ...faults, noReport: true };
    const first = client.device.set({ "2": 1 }, { merge: false });
    const ignored = client.device.set({ "2": 2 }, { merge: false });
    device.once("set", () => (device.faults = { ...faults, ignoreSet: true }));
    await first;
    await assert.rejects(ignored, { code: "TIMEOUT" });
    assert.equal(device.values()["2"], 1);
  });

  it("may have arrived where its own frame makes somebody end the connection, and those behind it have not", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    client.device.on("frame", ({ direction, payload }) => {
      if (direction === "out" && /"2":7\b/.test(payload.toString("utf8"))) client.device.disconnect();
    });
    const sets = [7, 8].map((value) => client.device.set({ "2": value }, { merge: false }));
    await assert.rejects(sets[0]!, { code: "OFFLINE", message: /may or may not have arrived/ });
    await assert.rejects(sets[1]!, { code: "OFFLINE", message: /nothing was sent/ });
  });

  it("that is not answered over the second connection may have arrived: the key was proven over the first", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: IMPATIENT });
    await client.device.set({ "2": 1 });
    client.forget();
    client.device.reconnect();
    await client.reported("first values", ({ reason }) => reason === "initial");
    device.faults = { noAck: true, noReport: true };
    await assert.rejects(client.device.set({ "2": 2 }), {
      code: "TIMEOUT",
      message: /may or may not have arrived/,
    });
    assert.equal(device.values()["2"], 2);
  });

  if (negotiates) {
    it("is made over a connection whose negotiation is answered twice, each time with a number of its own", async () => {
      const device = await startGeneration(generation, { faults: { repeatNegotiation: 1 } });
      const client = clientOf(device);
      const frames = client.watchFrames();
      client.device.connect();
      await client.reached("ready");
      await client.device.set({ "2": 5 }, { confirm: "report" });
      const answers = frames.filter(({ direction, command }) => direction === "in" && command === 4);
      assert.equal(answers.length, 2);
      assert.notEqual(answers[0]?.sequence, answers[1]?.sequence);
      assert.deepEqual(client.kinds, ["connecting", "checking", "ready"]);
    });
  }
});
