import assert from "node:assert/strict";
import { Command } from "../../src/protocol/command";
import type { Device22, Faults } from "../../src/virtual/faults";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { clientOf, connect, Witness } from "../support/client";
import { describeGenerations, GENERATIONS, startGeneration } from "../support/generations";
import type { Dps } from "../../src/protocol/dps";

/** Fifteen data points: more than one request asks for. */
const VALUES: Dps = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [String(i + 1), i * 10]));
const ALL = Object.keys(VALUES);
const CHILD = "00a1b2c3d4e5f601";
const QUERIES = [Command.DP_QUERY, Command.DP_QUERY_NEW];
const KNOWING = GENERATIONS.filter(({ version }) => ["3.2", "3.3", "3.4"].includes(version));

describeGenerations("a device22", KNOWING, (generation) => {
  function start(
    device22: Device22 | true = true,
    dps: Dps = VALUES,
    faults: Faults = {},
  ): Promise<VirtualDevice> {
    return startGeneration(generation, { faults: { ...faults, device22 }, dps });
  }

  it("is read with nulls where it is configured as one, ten at a time, in frames it can bear", async () => {
    const device = await start();
    const witness = new Witness(device);
    const client = clientOf(device, { settings: { device22Dps: ALL } });
    client.device.connect();
    await client.until("all values", () => Object.keys(client.device.values()).length === ALL.length);
    assert.deepEqual(client.device.values(), VALUES);
    assert.ok(client.reports.every(({ reason }) => reason === "initial"));
    assert.equal(witness.count(...QUERIES), 0);
    const requests = witness.payloads(Command.CONTROL_NEW);
    for (const text of requests) {
      assert.ok(Buffer.byteLength(text) < 255, text);
      const body = JSON.parse(text) as { dps?: Dps; data?: { dps: Dps } };
      // 3.4 takes nulls in the nested shape only.
      const dps = (generation.name === "3.4" ? body.data?.dps : body.dps) ?? {};
      assert.ok(Object.keys(dps).length > 0);
      assert.ok(Object.values(dps).every((value) => value === null));
    }
    assert.match(requests[0] ?? "", /"1":null/, "the one that nearly every device has");
    assert.deepEqual(device.values(), VALUES, "nothing was set");
  });

  for (const slowMs of [0, 10]) {
    it(`is asked again for what is missing where it reports one data point at a time, ${slowMs} ms late`, async () => {
      const device = await start({ oneByOne: true }, { "1": 1, "2": 2, "3": 3 }, { slowMs });
      const client = clientOf(device, { settings: { device22Dps: ["1", "2", "3"] } });
      client.device.connect();
      await client.until("all values", () => Object.keys(client.device.values()).length === 3);
      assert.deepEqual(await client.device.query(), { "1": 1, "2": 2, "3": 3 });
    });
  }

  it("may be a gateway: what a child pushes meanwhile is no answer", async () => {
    const device = await startGeneration(generation, {
      faults: { device22: { oneByOne: true }, slowMs: 5 },
      dps: VALUES,
      subDevices: { [CHILD]: { dps: { "1": 215 } } },
    });
    const client = clientOf(device, { settings: { device22Dps: ALL } });
    client.device.connect();
    await client.reported("the first value", ({ reason }) => reason === "initial");
    device.set({ "1": 222 }, { cid: CHILD });
    const { reason } = await client.reported("the child", ({ cid }) => cid === CHILD);
    assert.equal(reason, "push");
  });

  it("is not asked for ever for what it does not have", async () => {
    const device = await start(true, { "2": 5 });
    const witness = new Witness(device);
    const client = clientOf(device, { settings: { device22Dps: ["2", "3", "4"] } });
    client.device.connect();
    await client.reached("ready");
    assert.deepEqual(await client.device.query(), { "2": 5 });
    assert.ok(witness.count(Command.CONTROL_NEW) <= 6, `${witness.count(Command.CONTROL_NEW)} requests`);
  });

  it("is queried by several at once with the requests of one", async () => {
    const device = await start();
    const client = await connect(device, { settings: { device22Dps: ALL } });
    await client.device.query();
    const witness = new Witness(device);
    const answers = await Promise.all([client.device.query(), client.device.query(), client.device.query()]);
    for (const answer of answers) assert.deepEqual(answer, VALUES);
    assert.equal(witness.count(Command.CONTROL_NEW), 2);
  });

  it("is set like any other", async () => {
    const device = await start();
    const client = await connect(device, { settings: { device22Dps: ALL } });
    const { confirmed } = await client.device.set({ "2": 55 }, { confirm: "report" });
    assert.deepEqual(confirmed, { "2": 55 });
  });

  it("pushes by itself, which is no answer", async () => {
    const device = await start();
    const client = await connect(device, { settings: { device22Dps: ALL } });
    await client.device.query();
    client.forget();
    device.set({ "2": 56 });
    const { reason } = await client.reported("the push", ({ dps }) => dps["2"] === 56);
    assert.equal(reason, "push");
  });

  it("is sent no null where it is not configured as one, and heard when it speaks", async () => {
    const device = await start({ nullsActuate: true });
    const witness = new Witness(device);
    const client = clientOf(device);
    client.device.connect();
    await client.reached("ready");
    await assert.rejects(client.device.query(), { code: "REJECTED" });
    for (const { payload } of witness.requests) assert.doesNotMatch(payload.toString(), /null/);
    device.set({ "1": 1 });
    await client.reported("a push", ({ dps }) => dps["1"] === 1);
  });

  it("is closed in the middle of being read", async () => {
    const device = await start({ oneByOne: true });
    const client = clientOf(device, { settings: { device22Dps: ALL } });
    client.device.connect();
    await client.reached("ready");
    const rejected = assert.rejects(client.device.query(), { code: "CLOSED" });
    await client.device.close();
    await rejected;
  });
});

describe("a device that knows no device22 dialect", () => {
  for (const generation of GENERATIONS.filter(({ version }) => version === "3.1" || version === "3.5")) {
    it(`${generation.name}: is queried normally although it is configured as one`, async () => {
      const device = await startGeneration(generation);
      const witness = new Witness(device);
      const client = await connect(device, { settings: { device22Dps: ["1"] } });
      assert.deepEqual(await client.device.query(), { "1": false, "2": 0, "3": "low" });
      assert.equal(witness.count(Command.CONTROL_NEW), 0);
    });
  }
});
