import assert from "node:assert/strict";
import type { DeviceState } from "../../src/device/types";
import { type Client, clientOf, Witness } from "../support/client";
import { describeGenerations, GENERATIONS, startGeneration } from "../support/generations";

const CHILD = "00a1b2c3d4e5f601";
const QUERIES = [10, 16];

function refusalOf(state: DeviceState): string | undefined {
  return state.kind === "ready" ? state.refusal?.message : undefined;
}

async function isRefused(client: Client): Promise<string> {
  await client.until("word of the refusal", () => refusalOf(client.device.state) !== undefined);
  return refusalOf(client.device.state) ?? "";
}

describeGenerations("a device that refuses to be read", GENERATIONS, (generation) => {
  const { version } = generation;

  function connect(device: Awaited<ReturnType<typeof startGeneration>>): Client {
    const client = clientOf(device, { timings: { replyTimeoutMs: 400 } });
    client.device.connect();
    return client;
  }

  it("shows it with what may help, and warns of it once, however often it connects", async () => {
    const device = await startGeneration(generation, { faults: { refuseQuery: true } });
    const client = connect(device);
    const sentence = await isRefused(client);
    assert.match(sentence, /^Lamp is connected, but cannot be read: it refuses \("json obj data unvalid"\)/);
    assert.equal(sentence.includes("device22"), ["3.2", "3.3", "3.4"].includes(version));
    client.forget();
    client.device.reconnect();
    await isRefused(client);
    assert.deepEqual(client.logs.of("warn"), [sentence]);
    assert.equal(client.device.state.kind, "ready");
  });

  it("shows it no more when values come, by a report or as an answer", async () => {
    const device = await startGeneration(generation, { faults: { refuseQuery: true } });
    const client = connect(device);
    await isRefused(client);
    device.set({ "2": 4 });
    await client.until("that it is read", () => refusalOf(client.device.state) === undefined);
    client.device.reconnect();
    await client.reached("connecting");
    await isRefused(client);
    device.faults = {};
    await client.device.query();
    assert.equal(refusalOf(client.device.state), undefined);
    assert.equal(client.logs.of("warn").length, 1);
  });

  it("shows nothing where it refuses once, as one does that has just booted", async () => {
    const device = await startGeneration(generation, { faults: { refuseQuery: 1 } });
    const witness = new Witness(device);
    const client = connect(device);
    await client.reported("values", ({ dps }) => dps["3"] === "low");
    assert.equal(witness.count(...QUERIES), 2);
    assert.ok(client.states.every((state) => refusalOf(state) === undefined));
    assert.deepEqual(client.logs.of("warn"), []);
  });

  it("is none where it is a gateway, whose sub-devices are what it has", async () => {
    const device = await startGeneration(generation, {
      overrides: { emptyReport: "json obj data unvalid" },
      dps: {},
      subDevices: { [CHILD]: { dps: { "1": 1 } } },
    });
    const client = connect(device);
    client.device.addChild(CHILD);
    await client.reported("the sub-device", ({ cid }) => cid === CHILD);
    await client.device.query({ cid: CHILD });
    assert.ok(client.states.every((state) => refusalOf(state) === undefined));
    assert.deepEqual(client.logs.of("warn"), []);
  });
});
