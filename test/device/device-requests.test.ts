import assert from "node:assert/strict";
import { once } from "node:events";
import { Command } from "../../src/protocol/command";
import { clientOf, connect, Witness } from "../support/client";
import { describeGenerations, GENERATIONS, startGeneration } from "../support/generations";
import { assertSince } from "../support/moments";
import { DEVICE_ID } from "../support/virtual";
import type { FrameEvent } from "../../src/session/connection/frame-event";
import type { Dps } from "../../src/protocol/dps";

const QUERIES = [Command.DP_QUERY, Command.DP_QUERY_NEW];
const CONTROLS = [Command.CONTROL, Command.CONTROL_NEW];
const VALUES: Dps = { "1": false, "2": 0, "3": "low" };

describeGenerations("a device that is connected", GENERATIONS, (generation) => {
  const { version, provesKey, isAsked = false } = generation;

  it("is connecting, checked and ready, in this order and once each", async () => {
    const client = clientOf(await startGeneration(generation));
    assert.deepEqual(client.device.state, { kind: "idle" });
    client.device.connect();
    client.device.connect();
    const ready = await client.reached("ready");
    assert.equal(ready.ip, "127.0.0.1");
    assert.equal(ready.version, version);
    assert.equal(ready.keyProven, provesKey || isAsked);
    assert.deepEqual(client.kinds, ["connecting", "checking", "ready"]);
    await client.device.whenReady(1);
  });

  it("is read once at first", async () => {
    const device = await startGeneration(generation);
    const witness = new Witness(device);
    const { device: client, reports } = await connect(device);
    assert.equal(witness.count(...QUERIES), 1);
    const [report, ...others] = reports;
    // What it was asked for to prove the key is not news to anybody.
    for (const { reason, changed } of others) assert.deepEqual([reason, changed], ["reply", []]);
    assert.ok(isAsked || others.length === 0);
    assert.deepEqual(report?.dps, VALUES);
    assert.deepEqual(report?.changed, ["1", "2", "3"]);
    assert.equal(report?.reason, "initial");
    assert.equal(report?.cid, undefined);
    assert.deepEqual(client.values(), VALUES);
  });

  it("is set, and says so with a report", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    client.forget();
    await client.device.set({ "1": true, "2": 55 });
    assert.deepEqual(device.values(), { "1": true, "2": 55, "3": "low" });
    const report = await client.reported("the set", ({ dps }) => dps["2"] === 55);
    assert.equal(report.reason, "push");
    assert.deepEqual(report.changed, ["1", "2"]);
    assert.deepEqual(report.previous, { "1": false, "2": 0 });
    assert.deepEqual(client.device.values(), { "1": true, "2": 55, "3": "low" });
    const { state } = client.device;
    assert.equal(state.kind === "ready" && state.keyProven, true, "the key is proven by now");
  });

  for (const [order, statusFirst] of [
    ["before", 1],
    ["after", 0],
  ] as const) {
    it(`takes a report that comes ${order} the acknowledgement for proof of a set`, async () => {
      const device = await startGeneration(generation, { overrides: { statusFirst } });
      const client = await connect(device);
      const { confirmed } = await client.device.set({ "2": 7 }, { confirm: "report" });
      assert.deepEqual(confirmed, { "2": 7 });
      for (let i = 1; i <= 10; i++) {
        await client.device.set({ "2": i }, { confirm: i % 2 ? "report" : "ack" });
      }
      assert.equal(device.values()["2"], 10);
    });
  }

  it("acknowledges a data point it does not have, which is enough unless proof is asked for", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    // Before the key is proved an acknowledgement is worth nothing.
    if (!provesKey && !isAsked) await assert.rejects(client.device.set({ "99": true }), { code: "TIMEOUT" });
    device.set({ "2": 1 });
    await client.proven();
    assert.deepEqual(await client.device.set({ "99": true }), { confirmed: {} });
    await assert.rejects(client.device.set({ "99": true }, { confirm: "report" }), {
      code: "TIMEOUT",
      message: /data point 99/,
    });
  });

  it("is found out where it takes another value than it was sent", async () => {
    const device = await startGeneration(generation, { overrides: { wrongType: "zeroed" } });
    const client = await connect(device);
    await client.device.set({ "2": 5 });
    await client.device.set({ "2": "text" });
    await assert.rejects(client.device.set({ "2": "text" }, { confirm: "report" }), {
      code: "REJECTED",
      message: /reports 0 for data point 2 instead of "text"/,
    });
  });

  it("bears with being set to what it is, whatever it pushes then", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    for (let i = 0; i < 3; i++) {
      const { confirmed } = await client.device.set({ "1": false }, { confirm: "report" });
      assert.deepEqual(confirmed, { "1": false });
    }
    assert.equal(client.device.state.kind, "ready");
    assert.deepEqual(await client.device.query(), VALUES);
    const changed = client.reports
      .filter(({ reason }) => reason === "push")
      .flatMap((report) => report.changed);
    assert.deepEqual(changed, []);
  });

  it("is queried for all it has, as a reply", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    client.forget();
    device.measure({ "2": 17 });
    assert.deepEqual(await client.device.query(), { "1": false, "2": 17, "3": "low" });
    const [report] = client.reports;
    assert.equal(report?.reason, "reply");
    assert.deepEqual(report?.changed, ["2"]);
  });

  it("answers queries that wait together with one frame", async () => {
    const device = await startGeneration(generation, { faults: { slowMs: 5 } });
    const client = await connect(device);
    const witness = new Witness(device);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.device.query()));
    for (const dps of answers) assert.deepEqual(dps, VALUES);
    assert.ok(witness.count(...QUERIES) <= 2, `${witness.count(...QUERIES)} queries`);
  });

  it("reports by itself", async () => {
    const began = Date.now();
    const device = await startGeneration(generation);
    const client = await connect(device);
    device.set({ "1": true });
    const report = await client.reported("the push", ({ reason }) => reason === "push");
    assert.deepEqual(report.dps, { "1": true });
    assert.deepEqual(report.changed, ["1"]);
    assertSince(began, report.t, "s");
  });

  it("reports our time where its clock counts from when it was switched on", async () => {
    const device = await startGeneration(generation, { faults: { noClock: true } });
    const client = await connect(device);
    const frames = client.watchFrames();
    device.set({ "1": true });
    const { t } = await client.reported("the push", ({ reason }) => reason === "push");
    const said = frames.map(({ payload }) => /"t":(\d+)/.exec(payload.toString("utf8"))?.[1]).at(-1);
    assert.ok(Number(said) < 60, said);
    assert.ok(Math.abs(t - Date.now() / 1000) < 60);
  });

  it("is heard twice where it reports twice, and changes once", async () => {
    const device = await startGeneration(generation, { faults: { duplicateReport: true } });
    const client = await connect(device);
    client.forget();
    device.set({ "1": true });
    await client.until("two reports", () => client.reports.length === 2);
    assert.deepEqual(
      client.reports.map(({ changed }) => changed),
      [["1"], []],
    );
    // Where reports have no numbers the second may be the first once more, which must not count twice.
    const [, second] = client.reports;
    assert.equal(second?.reason, version === "3.1" ? "reply" : "push");
  });

  it("counts equal reports one by one where something comes between", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    client.forget();
    for (let i = 0; i < 3; i++) {
      device.set({ "1": true });
      await client.until("the report", () => client.reports.length === 2 * i + 1);
      await client.device.query();
    }
    const pushes = client.reports.filter(({ reason }) => reason === "push");
    assert.equal(pushes.length, 3);
  });

  it("is asked to measure without blocking what follows, answered or not", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const witness = new Witness(device, client);
    device.measure({ "2": 230 });
    await client.device.refresh([2]);
    await client.device.refresh();
    await client.device.set({ "1": true });
    await client.until("both requests", () => witness.count(Command.UPDATEDPS) === 2);
    assert.deepEqual(witness.payloads(Command.UPDATEDPS), ['{"dpId":[2]}', '{"dpId":[18,19,20]}']);
    if (device.behaviour.refresh === "answered") {
      await client.reported("the measurement", ({ dps }) => dps["2"] === 230);
    }
  });

  it("is sent sets to one data point together while they wait: the last wins, and each is settled", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const witness = new Witness(device);
    const sets = Array.from({ length: 1_000 }, (_, i) =>
      client.device.set({ "2": i }, { confirm: i % 3 ? "ack" : "report" }),
    );
    await Promise.all(sets);
    assert.equal(device.values()["2"], 999);
    assert.ok(witness.count(...CONTROLS) <= 3, `${witness.count(...CONTROLS)} frames`);
  });

  it("is sent sets to different data points one after the other, in order", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const witness = new Witness(device);
    await Promise.all([
      client.device.set({ "1": true }),
      client.device.set({ "2": 1 }),
      client.device.set({ "3": "x" }),
      client.device.set({ "2": 2 }),
    ]);
    assert.deepEqual(
      witness.sets.map(({ dps }) => dps),
      [{ "1": true }, { "3": "x" }, { "2": 2 }],
    );
  });

  it("is sent every one of the sets that must not be merged, in order", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const witness = new Witness(device);
    await Promise.all([
      client.device.set({ "3": "one" }, { merge: false }),
      client.device.set({ "3": "two" }, { merge: false }),
      client.device.set({ "3": "two" }, { merge: false }),
      client.device.set({ "3": "three" }),
      client.device.set({ "3": "four" }),
    ]);
    assert.deepEqual(
      witness.sets.map(({ dps }) => dps["3"]),
      ["one", "two", "two", "four"],
    );
  });

  it("is sent sets as they were when they were asked for", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const values: Record<string, string> = { "3": "meant" };
    const sets = [client.device.set({ "1": true }), client.device.set(values)];
    values["3"] = "changed since";
    await Promise.all(sets);
    assert.equal(device.values()["3"], "meant");
  });

  it("is sent nothing that cannot be sent, and stays connected", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const witness = new Witness(device);
    for (const dps of [{}, { "1": undefined }, { "2": NaN }, { "2": 5n }, { switch_1: true }]) {
      await assert.rejects(client.device.set(dps as unknown as Dps), { code: "BAD_INPUT" });
    }
    await client.device.query();
    assert.equal(witness.count(...CONTROLS), 0);
  });

  it("is sent frames numbered from 1 on without a gap, negotiation and heartbeats included, and exact JSON", async () => {
    const device = await startGeneration(generation);
    const client = clientOf(device, { timings: { heartbeatIntervalMs: 15 } });
    const frames = client.watchFrames();
    const sent = (): FrameEvent[] => frames.filter(({ direction }) => direction === "out");
    client.device.connect();
    await client.reached("ready");
    await client.device.set({ "1": true, "2": 5, "3": "5" });
    await client.device.refresh();
    await client.until("heartbeats", () => sent().filter(({ command }) => command === 9).length >= 2);
    assert.deepEqual(
      sent().map(({ sequence }) => sequence),
      sent().map((_, index) => index + 1),
    );
    const set = sent().findLast(({ command }) => CONTROLS.includes(command as 7));
    assert.match(set?.payload.toString() ?? "", /"dps":\{"1":true,"2":5,"3":"5"\}/);
    client.device.reconnect();
    const before = sent().length;
    await client.reported("the values anew", ({ reason }) => reason === "initial" && sent().length > before);
    assert.equal(sent()[before]?.sequence, 1);
  });

  it("is named to itself and to nobody else, and its key is in no request", async () => {
    const device = await startGeneration(generation);
    const witness = new Witness(device);
    const client = await connect(device);
    await client.device.set({ "1": true });
    for (const { payload } of witness.requests) {
      const body = JSON.parse(payload.toString("utf8")) as Record<string, unknown>;
      for (const name of ["gwId", "devId", "uid"])
        assert.ok([DEVICE_ID, undefined].includes(body[name] as string));
    }
  });

  it("says coded and at once that it is not connected, and is sent nothing", async () => {
    const device = await startGeneration(generation);
    const witness = new Witness(device);
    const client = clientOf(device);
    const requests = (): Promise<unknown>[] => [
      client.device.set({ "1": true }),
      client.device.query(),
      client.device.refresh(),
      client.device.whenReady(1),
    ];
    for (const request of requests()) await assert.rejects(request, { code: "OFFLINE" });
    client.device.connect();
    await client.reached("ready");
    client.device.disconnect();
    for (const request of requests()) await assert.rejects(request, { code: "OFFLINE" });
    assert.equal(witness.sets.length, 0);
  });

  it("is left without a trace when it is closed", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const gone = once(device, "disconnect");
    await client.device.close();
    await gone;
    assert.equal(device.clients, 0);
    assert.deepEqual(client.device.state, { kind: "closed" });
    await assert.rejects(client.device.set({ "1": true }), { code: "CLOSED" });
    await assert.rejects(client.device.whenReady(1_000), { code: "CLOSED" });
    client.device.connect();
    client.device.reconnect();
    client.device.heard({ ip: device.host });
    assert.deepEqual(client.device.state, { kind: "closed" });
  });
});
