import assert from "node:assert/strict";
import { once } from "node:events";
import { ecb, frame55aa, hmac, RawClient } from "../support/raw-client";
import { LOCAL_KEY, openSession, startGeneration, startWithClient } from "../support/virtual";

const KEY = Buffer.from(LOCAL_KEY, "latin1");
const WRONG_KEY = "kV3tWq8ZrX1nLp5e";

describe("a 3.5 device of 2023", () => {
  it("answers nothing to a wrong key, and leaves the connection open until it is idle", async () => {
    const device = await startGeneration("3.5p", { overrides: { idleMs: 150 } });
    const began = performance.now();
    const client = await RawClient.open(device, WRONG_KEY, { negotiate: false });
    client.send(3, Buffer.alloc(16, 1));
    assert.equal(await client.ended, "closed");
    assert.deepEqual(client.segments, []);
    assert.ok(performance.now() - began >= 100);
  });

  it("drops a frame with a bad tag, and answers even a heartbeat with one", async () => {
    const { client } = await startWithClient("3.5p");
    const query = client.seal(16, "{}");
    query[query.length - 5]! ^= 1;
    client.write(query);
    const heartbeat = client.seal(9, "");
    heartbeat[heartbeat.length - 5]! ^= 1;
    client.write(heartbeat);
    const { command, returnCodeHex } = await client.next();
    assert.deepEqual([command, returnCodeHex], [9, "00000000"]);
  });

  it("loses 2 of 20 queries that come in one segment of 1040 bytes", async () => {
    const { client } = await startWithClient("3.5p");
    client.write(Buffer.concat(Array.from({ length: 20 }, () => client.seal(16, "{}"))));
    for (let i = 0; i < 18; i++) assert.equal((await client.next()).command, 16);
    await client.expectQuiet();
  });

  it("refuses TOKEN_BIND and LAN_EXT_STREAM, in little endian", async () => {
    const { client } = await startWithClient("3.5p");
    for (const command of [0x0c, 0x40]) {
      client.send(command, "{}");
      const { returnCodeHex, text } = await client.next();
      assert.deepEqual([returnCodeHex, text], ["01000000", "data format error"]);
    }
  });

  it("says nothing to a client that has not negotiated", async () => {
    const device = await startGeneration("3.5p");
    const client = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
    device.set({ "2": 1 });
    await client.negotiate();
    await client.expectQuiet();
  });

  it("accepts {}, [] and null as a query", async () => {
    const { client } = await startWithClient("3.5p");
    for (const body of ["{}", "[]", "null"]) {
      client.send(16, body);
      assert.match((await client.next()).text, /^\{"dps"/);
    }
    client.send(16, "");
    assert.equal((await client.next()).text, "data format error");
  });
});

describe("a TuyaOpen device", () => {
  it("closes about a second after a wrong key, a bad tag, garbage, a frame of 4096 bytes or a 3.4 frame", async () => {
    const device = await startGeneration("3.5o", { overrides: { closeDelayMs: 60 } });
    const attempts: ((client: RawClient) => void)[] = [
      (client) => client.send(16, "{}", { key: Buffer.from(WRONG_KEY) }),
      (client) => client.write(Buffer.alloc(60, 0x41)),
      (client) => client.send(16, Buffer.alloc(4_096 - 50, 0x20)),
      (client) => client.write(frame55aa(1, 3, ecb(KEY, Buffer.alloc(16)), KEY)),
      (client) => client.send(5, hmac(KEY, Buffer.alloc(16))),
    ];
    for (const attempt of attempts) {
      const client = await openSession(device);
      const began = performance.now();
      attempt(client);
      assert.equal(await client.ended, "closed");
      assert.ok(performance.now() - began >= 50);
    }
  });

  it("accepts a frame of 4095 bytes", async () => {
    const { client } = await startWithClient("3.5o");
    client.send(16, `{}${" ".repeat(4_095 - 50 - 2)}`);
    assert.equal((await client.next()).command, 16);
  });

  it("throws away pieces of less than 50 bytes, 55AA frames among them, and stays usable", async () => {
    const { client } = await startWithClient("3.5o");
    await client.writeAlone(frame55aa(1, 10, Buffer.from("{}")));
    await client.writeAlone(client.seal(16, "{}").subarray(0, 40));
    await client.expectQuiet();
  });

  it("answers a frame and ends the connection when the short beginning of another follows it", async () => {
    const { client } = await startWithClient("3.5o");
    const [first, second] = [client.seal(16, "{}"), client.seal(16, "{}")];
    client.write(Buffer.concat([first, second.subarray(0, 20)]));
    assert.equal((await client.next()).command, 16);
    await client.ended;
  });

  it("skips garbage before a frame in the same segment", async () => {
    const { client } = await startWithClient("3.5o");
    client.write(Buffer.concat([Buffer.alloc(60, 0x41), client.seal(16, "{}")]));
    assert.equal((await client.next()).command, 16);
  });

  it("has no session when the session key begins with 00: reports stay under the local key", async () => {
    const { device, client } = await startWithClient("3.5o", { faults: { zeroSessionKey: true } });
    assert.equal(client.sessionKey?.[0], 0);
    device.set({ "2": 9 });
    const { command, underLocalKey } = await client.next();
    assert.deepEqual([command, underLocalKey], [8, true]);
    client.query();
    assert.equal(await client.ended, "closed");
  });

  it("reports before the negotiation in 2025, and not in 2026", async () => {
    for (const name of ["3.5o", "3.5o-2026"] as const) {
      const device = await startGeneration(name);
      const connected = once(device, "connect");
      const client = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
      await connected;
      device.set({ "2": 1 });
      client.send(3, Buffer.alloc(16, 1));
      assert.equal((await client.next()).command, name === "3.5o" ? 8 : 4);
    }
  });

  it("drops values of the wrong type, and never answers UPDATEDPS", async () => {
    const { device, client } = await startWithClient("3.5o", { dps: { "1": true, "2": 7 } });
    assert.deepEqual(await client.setAndHear({ "1": 1, "2": "12" }), { ack: "01000000", reports: [] });
    assert.deepEqual(device.values(), { "1": true, "2": 7 });
    client.send(18, '{"dpId":[2]}');
    await client.expectQuiet();
  });

  it("reports a value that was already there once", async () => {
    const { client } = await startWithClient("3.5o");
    assert.equal((await client.setAndHear({ "1": false })).reports.length, 1);
  });

  it("refuses a query while it has nothing to report", async () => {
    const { client } = await startWithClient("3.5o", { dps: {} });
    client.query();
    assert.equal((await client.next()).text, "json obj data unvalid");
  });

  it("swaps the numbers of two frames now and then", async () => {
    const { client } = await startWithClient("3.5o", { overrides: { sequencesSwapped: 1 } });
    client.set({ "2": 3 });
    const [ack, status] = [await client.next(), await client.next()];
    assert.equal(ack.sequence, status.sequence + 1);
    assert.equal((await client.expectQuiet()).sequence, ack.sequence + 1);
  });

  it("frees the place of a client only after a while", async () => {
    const device = await startGeneration("3.5o", { overrides: { clientLimit: 1, slotReleaseMs: 400 } });
    const client = await RawClient.open(device, LOCAL_KEY);
    const left = once(device, "disconnect");
    client.close();
    await left;
    const tooEarly = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
    await tooEarly.ended;
    await new Promise((resolve) => setTimeout(resolve, 410));
    await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
  });
});
