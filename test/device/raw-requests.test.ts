import assert from "node:assert/strict";
import { once } from "node:events";
import { Command } from "../../src/protocol/command";
import { connect, Witness } from "../support/client";
import { describeGenerations, GENERATIONS, startGeneration } from "../support/generations";
import { DEVICE_ID } from "../support/virtual";

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

describeGenerations("a raw request", GENERATIONS, (generation) => {
  const isNested = generation.version >= "3.4";
  const query = isNested ? Command.DP_QUERY_NEW : Command.DP_QUERY;
  const queryBody = json(isNested ? {} : { gwId: DEVICE_ID, devId: DEVICE_ID, uid: DEVICE_ID, t: "1" });

  it("arrives as it was given, and ends with the frame that answers it", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const asked = once(device, "request");
    const frames = client.watchFrames();
    client.forget();
    const answer = await client.device.sendRaw(query, queryBody);
    const [request] = (await asked) as [{ command: number; payload: Buffer }];
    assert.equal(request.command, query);
    assert.deepEqual(request.payload, queryBody);
    assert.ok(answer);
    assert.equal(answer.direction, "in");
    assert.equal(answer.command, query);
    assert.equal(answer.version, generation.version);
    assert.equal(answer.valid, true);
    const body = JSON.parse(answer.payload.toString()) as { dps?: object; data?: { dps: object } };
    assert.deepEqual(body.dps ?? body.data?.dps, { "1": false, "2": 0, "3": "low" });
    // What watchers saw is the same frame.
    const seen = frames.filter(({ direction, command }) => direction === "in" && command === query);
    assert.deepEqual(
      seen.map(({ raw }) => raw.toString("hex")),
      [answer.raw.toString("hex")],
    );
    assert.deepEqual(
      client.reports.map(({ reason }) => reason),
      ["reply"],
      "values it brought are known to everybody",
    );
  });

  it("is done when it is sent where devices need not answer", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const asked = once(device, "request");
    assert.equal(await client.device.sendRaw(Command.UPDATEDPS, json({ dpId: [18] })), undefined);
    const [request] = (await asked) as [{ command: number }];
    assert.equal(request.command, Command.UPDATEDPS);
  });

  it("ends in TIMEOUT where nothing answers, and the next one is answered", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: { replyTimeoutMs: 250 } });
    device.faults = { ignoreQuery: 1 };
    await assert.rejects(client.device.sendRaw(query, queryBody), { code: "TIMEOUT" });
    assert.ok(await client.device.sendRaw(query, queryBody));
  });

  it("ends with what the device says where it refuses", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    device.faults = { refuseQuery: true };
    const answer = await client.device.sendRaw(query, queryBody);
    assert.match(String(answer?.payload), /unvalid/);
  });

  it("ends in OFFLINE where there is no connection, or none any more", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    device.faults = { ignoreQuery: true };
    const lost = assert.rejects(client.device.sendRaw(query, queryBody), { code: "OFFLINE" });
    client.device.disconnect();
    await lost;
    await assert.rejects(client.device.sendRaw(query, queryBody), { code: "OFFLINE" });
    await assert.rejects(client.device.sendRaw(Command.UPDATEDPS, queryBody), { code: "OFFLINE" });
  });

  it("is not sent where its command is dangerous, is none, or its body is too long", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device);
    const witness = new Witness(device);
    const reset = 0x1d;
    const forbidden = [1, 2, 3, 4, 5, 6, 0x0b, 0x0c, 0x0e, 0x0f, 0x14, reset, 0x1e, 0x42];
    for (const command of [...forbidden, -1, 1.5, 2 ** 32, NaN, Infinity]) {
      await assert.rejects(
        client.device.sendRaw(command, Buffer.alloc(0)),
        { code: "BAD_INPUT" },
        `${command}`,
      );
    }
    await assert.rejects(client.device.sendRaw(query, Buffer.alloc(2_901, 0x20)), {
      code: "BAD_INPUT",
      message: /2900 bytes/,
    });
    await client.device.query();
    assert.deepEqual(
      witness.requests.map(({ command }) => command),
      [query],
    );
  });
});
