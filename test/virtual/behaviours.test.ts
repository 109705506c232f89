import assert from "node:assert/strict";
import { once } from "node:events";
import { BEHAVIOURS, type BehaviourName, behaviourOf } from "../../src/virtual/behaviours";
import type { VirtualDeviceOptions } from "../../src/virtual/options";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { ecb, frame55aa, frame6699, hmac, RawClient, versionHeader } from "../support/raw-client";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";

const NAMES = Object.keys(BEHAVIOURS) as BehaviourName[];
const NEGOTIATING = ["3.4", "3.5p", "3.5o", "3.5o-2026"] as const;
const KEY = Buffer.from(LOCAL_KEY, "latin1");
const WRONG_KEY = "kV3tWq8ZrX1nLp5e";

/** Order and numbers as most often seen, so that single frames can be told apart. */
const ORDERLY = { statusFirst: 0, sequencesSwapped: 0 };

function start(name: BehaviourName, options: Partial<VirtualDeviceOptions> = {}): Promise<VirtualDevice> {
  return startDevice(BEHAVIOURS[name].version, {
    behaviour: name,
    ...options,
    overrides: { ...ORDERLY, ...options.overrides },
  });
}

async function startWithClient(
  name: BehaviourName,
  options: Partial<VirtualDeviceOptions> = {},
): Promise<{ device: VirtualDevice; client: RawClient }> {
  const device = await start(name, options);
  return { device, client: await openSession(device) };
}

/** A client whose negotiation the device has finished as well. */
async function openSession(device: VirtualDevice): Promise<RawClient> {
  const isReady = device.version >= "3.4" ? once(device, "negotiate") : undefined;
  const client = await RawClient.open(device, LOCAL_KEY);
  await isReady;
  return client;
}

/** Sends a CONTROL and returns the acknowledgement and the texts of the reports before the next heartbeat. */
async function set(client: RawClient, dps: object): Promise<{ ack: string; reports: string[] }> {
  client.set(dps);
  const ack = await client.next();
  const reports: string[] = [];
  client.send(9, client.version === "3.4" ? "{}" : "");
  for (;;) {
    const frame = await client.next();
    if (frame.command === 9) return { ack: ack.returnCodeHex + ack.text, reports };
    reports.push(frame.text);
  }
}

describe("behaviourOf", () => {
  it("has one generation for every version, and refuses one of another version", () => {
    for (const name of NAMES) assert.equal(behaviourOf(BEHAVIOURS[name].version, name), BEHAVIOURS[name]);
    assert.equal(behaviourOf("3.5")?.version, "3.5");
    assert.equal(behaviourOf("3.4", "3.5o"), undefined);
  });
});

describe("a device of every generation", () => {
  const QUERY_REPLY: Record<BehaviourName, string> = {
    "3.1": `{"devId":"${DEVICE_ID}","dps":{"1":false,"2":0,"3":"low"}}`,
    "3.2": `{"devId":"${DEVICE_ID}","dps":{"1":false,"2":0,"3":"low"}}`,
    "3.3": `{"dps":{"1":false,"2":0,"3":"low"}}`,
    "3.4": `{"dps":{"1":false,"2":0,"3":"low"}}`,
    "3.5p": `{"dps":{"1":false,"2":0,"3":"low"}}`,
    "3.5o": `{"dps":{"1":false,"2":0,"3":"low"},"devId":"${DEVICE_ID}"}`,
    "3.5o-2026": `{"dps":{"1":false,"2":0,"3":"low"},"devId":"${DEVICE_ID}"}`,
  };
  const STATUS: Record<BehaviourName, string> = {
    "3.1": `{"devId":"${DEVICE_ID}","dps":{"1":true},"t":1700000000}`,
    "3.2": `{"dps":{"1":true},"t":1700000000}`,
    "3.3": `{"dps":{"1":true},"t":1700000000}`,
    "3.4": `{"protocol":4,"t":1700000000,"data":{"dps":{"1":true}}}`,
    "3.5p": `{"protocol":4,"t":1700000000,"data":{"dps":{"1":true}}}`,
    "3.5o": `{"protocol":4,"t":1700000000,"data":{"dps":{"1":true},"devId":"${DEVICE_ID}"}}`,
    "3.5o-2026": `{"protocol":4,"t":1700000000,"data":{"dps":{"1":true},"devId":"${DEVICE_ID}"}}`,
  };
  const ACK: Record<BehaviourName, string> = {
    "3.1": "00000000",
    "3.2": "00000000",
    "3.3": "00000000",
    "3.4": "00000000",
    "3.5p": "00000000",
    "3.5o": "01000000",
    "3.5o-2026": "01000000",
  };

  for (const name of NAMES) {
    it(`answers a query, obeys a set and reports it (${name})`, async () => {
      const { device, client } = await startWithClient(name, { now: () => 1_700_000_000 });
      client.query({ gwId: DEVICE_ID, devId: DEVICE_ID });
      const reply = await client.next();
      assert.equal(reply.command, name < "3.4" ? 10 : 16);
      assert.equal(reply.returnCodeHex, "00000000");
      assert.equal(reply.text, QUERY_REPLY[name]);

      const { ack, reports } = await set(client, { "1": true });
      assert.equal(ack, ACK[name]);
      assert.deepEqual(reports, [STATUS[name]]);
      assert.deepEqual(device.values(), { "1": true, "2": 0, "3": "low" });
    });

    it(`numbers its frames as the generation does (${name})`, async () => {
      const { client } = await startWithClient(name, { seed: 7 });
      client.sequence = 1_000;
      client.query();
      client.set({ "2": 5 });
      client.send(9, "{}");
      const frames = [await client.next(), await client.next(), await client.next(), await client.next()];
      const numbers = frames.map(({ sequence }) => sequence);
      if (name < "3.4") {
        assert.deepEqual(numbers, [1_001, 1_002, 0, 0]);
      } else {
        const first = numbers[0] ?? 0;
        assert.deepEqual(
          numbers,
          [0, 1, 2, 3].map((n) => first + n),
        );
        assert.ok(first > 0 && first <= 0x10000 && first !== 1_001);
      }
    });

    it(`names itself as source 1 in its reports, and counts them (${name})`, async () => {
      if (name === "3.1") return; // has a signature there, checked with the vector of the protocol layer
      const { device, client } = await startWithClient(name);
      device.set({ "2": 1 });
      device.set({ "2": 2 });
      const [first, second] = [(await client.next()).header, (await client.next()).header];
      assert.ok(first && second);
      assert.equal(first.toString("latin1", 0, 3), BEHAVIOURS[name].version);
      assert.equal(first.toString("hex", 3, 7), "00000000");
      assert.equal(first.readUInt32BE(11), 1);
      assert.equal(second.readUInt32BE(7), first.readUInt32BE(7) + 1);
    });

    it(`acknowledges an unknown data point without a report (${name})`, async () => {
      const { device, client } = await startWithClient(name);
      assert.deepEqual(await set(client, { "77": 1 }), { ack: ACK[name], reports: [] });
      assert.equal(device.values()["77"], undefined);
    });

    it(`reports what it does by itself to every client (${name})`, async () => {
      const { device, client } = await startWithClient(name);
      const other = await openSession(device);
      device.set({ "3": "high" });
      assert.match((await client.next()).text, /"3":"high"/);
      assert.match((await other.next()).text, /"3":"high"/);
    });

    it(`sends reports before and after acknowledgements, as often as seen (${name})`, async () => {
      const { client } = await startWithClient(name, {
        overrides: { statusFirst: BEHAVIOURS[name].statusFirst },
      });
      let statusFirst = 0;
      const rounds = 60;
      for (let i = 1; i <= rounds; i++) {
        client.set({ "2": i });
        const first = await client.next();
        await client.next();
        if (first.command === 8) statusFirst++;
      }
      const expected = BEHAVIOURS[name].statusFirst * rounds;
      assert.ok(Math.abs(statusFirst - expected) <= 12, `${statusFirst} of ${rounds}`);
    });

    it(`lets 3 clients in and closes the 4th connection at once (${name})`, async () => {
      const { device, client } = await startWithClient(name);
      await RawClient.open(device, LOCAL_KEY);
      const third = await RawClient.open(device, LOCAL_KEY);
      assert.equal(device.clients, 3);
      const fourth = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
      assert.ok(["closed", "reset"].includes(await fourth.ended));
      await client.expectQuiet();

      const left = once(device, "disconnect");
      third.close();
      await left;
      await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
    });

    it(`disconnects a silent client, whatever it tells that client itself (${name})`, async () => {
      const { device, client } = await startWithClient(name, { overrides: { idleMs: 60 } });
      const timer = setInterval(() => device.set({ "2": 1 }), 5);
      const began = Date.now();
      assert.equal(await client.ended, "closed");
      clearInterval(timer);
      assert.ok(Date.now() - began >= 40);
    });

    it(`keeps a client that sends heartbeats (${name})`, async () => {
      const { client } = await startWithClient(name, { overrides: { idleMs: 200 } });
      const began = Date.now();
      while (Date.now() - began < 400) {
        const reply = await client.expectQuiet();
        assert.equal(reply.returnCodeHex + reply.text, "00000000");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
  }
});

describe("a 3.1 device", () => {
  it("ignores a CONTROL under another key, and answers queries all the same", async () => {
    const { device, client } = await startWithClient("3.1");
    client.send(7, `{"devId":"${DEVICE_ID}","dps":{"1":true}}`, { key: Buffer.from(WRONG_KEY) });
    await client.expectQuiet();
    assert.equal(device.values()["1"], false);
    client.query();
    assert.equal((await client.next()).command, 10);
  });
});

describe("a 3.2 device", () => {
  it("refuses an encrypted query in clear", async () => {
    const { client } = await startWithClient("3.2");
    client.write(frame55aa(5, 10, ecb(KEY, Buffer.from("{}"))));
    const frame = await client.nextFrame();
    assert.equal(frame.toString("latin1", 20, frame.length - 8), "data format error");
    assert.equal(frame.readUInt32BE(16), 1);
  });
});

describe("a 3.3 device (2020)", () => {
  it("says `parse data error` under its own key to a wrong one, and stays", async () => {
    const { device, client } = await startWithClient("3.3");
    const stranger = await RawClient.open(device, WRONG_KEY);
    stranger.query();
    const frame = await stranger.nextFrame();
    assert.equal(frame.readUInt32BE(16), 1);
    assert.equal(
      frame.subarray(20, -8).toString("hex"),
      ecb(KEY, Buffer.from("parse data error")).toString("hex"),
    );
    await stranger.expectQuiet();
    await client.expectQuiet();
  });

  it("says `parse data error` to a query in clear, an empty one, and one that is no JSON", async () => {
    const { client } = await startWithClient("3.3");
    client.write(frame55aa(1, 10, Buffer.from("{}")));
    client.send(10, "");
    client.send(10, "hello");
    for (let i = 0; i < 3; i++) {
      const { returnCodeHex, text } = await client.next();
      assert.deepEqual([returnCodeHex, text], ["00000001", "parse data error"]);
    }
  });

  it("takes numbers that repeat and fall, and does not look at the CRC", async () => {
    const { client } = await startWithClient("3.3");
    for (const sequence of [9, 9, 3, 0]) {
      const bytes = client.seal(10, "{}", { sequence });
      bytes.writeUInt32BE(0, bytes.length - 8);
      client.write(bytes);
      assert.equal((await client.next()).sequence, sequence);
    }
  });

  it("refuses the start of a 3.4 session, ignores 6699 frames, and stays usable", async () => {
    const { client } = await startWithClient("3.3");
    client.write(frame55aa(1, 3, ecb(KEY, Buffer.alloc(16, 7)), KEY));
    assert.equal((await client.next()).text, "parse data error");
    client.write(frame6699(1, 3, Buffer.alloc(16, 7), KEY));
    await client.expectQuiet();
  });

  it("reads a CONTROL by its header and its `dps`, and refuses the later shape", async () => {
    const { device, client } = await startWithClient("3.3");
    client.send(7, '{"dps":{"1":true}}', { header: null });
    assert.equal((await client.next()).text, "parse data error");
    client.send(7, '{"protocol":5,"t":1,"data":{"dps":{"1":true}}}');
    assert.equal((await client.next()).text, "data format error");
    client.send(13, '{"devId":"somebodyelse","dps":{"1":true}}');
    assert.equal((await client.next()).text, "");
    await client.expectQuiet();
    assert.equal(device.values()["1"], false);
    client.send(13, '{"dps":{"1":true}}');
    assert.equal((await client.next()).command, 13);
    assert.match((await client.next()).text, /"1":true/);
  });

  it("reports a value that was already there twice, first as something that is not JSON", async () => {
    const { client } = await startWithClient("3.3", { now: () => 5 });
    assert.deepEqual((await set(client, { "1": false })).reports, [
      '{"dps":{"1":false},"type":query,"t":5}',
      '{"dps":{"1":false},"t":5}',
    ]);
  });

  it("loses a first piece of less than 24 bytes, and survives longer ones", async () => {
    const { client } = await startWithClient("3.3");
    const request = client.seal(10, JSON.stringify({ gwId: DEVICE_ID, devId: DEVICE_ID }));
    await client.writeAlone(request.subarray(0, 20));
    await client.writeAlone(request.subarray(20));
    await client.expectQuiet();
    await client.writeAlone(request.subarray(0, 30));
    await client.writeAlone(request.subarray(30));
    assert.equal((await client.next()).command, 10);
  });

  it("does not answer frames of more than 4095 bytes, nor those with a damaged tail", async () => {
    const { client } = await startWithClient("3.3");
    client.send(10, JSON.stringify({ devId: "x".repeat(4_100) }));
    const request = client.seal(10, "{}");
    request.writeUInt32BE(0xdeadbeef, request.length - 4);
    await client.writeAlone(request);
    client.send(9, "");
    assert.equal((await client.next()).command, 9);
  });
});

describe("a 3.4 device (2022)", () => {
  it("closes at once on another key, another first frame, a 3.3 frame and a wrong proof", async () => {
    const device = await start("3.4", { overrides: { closeDelayMs: 0 } });
    const attempts: ((client: RawClient) => void)[] = [
      (client) => client.send(3, Buffer.alloc(16, 1), { key: Buffer.from(WRONG_KEY) }),
      (client) => client.send(16, "{}"),
      (client) => client.write(frame55aa(1, 10, ecb(KEY, Buffer.from("{}")))),
      (client) => {
        client.send(3, Buffer.alloc(16, 1));
        client.send(5, Buffer.alloc(32, 1));
      },
    ];
    for (const attempt of attempts) {
      const client = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
      attempt(client);
      assert.equal(await client.ended, "closed");
    }
  });

  it("keeps silent at a 6699 frame", async () => {
    const device = await start("3.4");
    const client = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
    client.write(frame6699(1, 3, Buffer.alloc(16, 7), KEY));
    await client.negotiate();
    await client.expectQuiet();
  });

  it("wants heartbeats that are empty or decrypt to something", async () => {
    const { client } = await startWithClient("3.4");
    client.send(9, "");
    const refused = await client.next();
    assert.deepEqual([refused.returnCodeHex, refused.text], ["00000001", "parse data error"]);
    client.write(frame55aa(++client.sequence, 9, Buffer.alloc(0), client.sessionKey));
    assert.equal((await client.next()).text, "");
  });

  it("tells an empty query from one that is no JSON", async () => {
    const { client } = await startWithClient("3.4");
    client.send(16, "");
    assert.equal((await client.next()).text, "parse data error");
    client.send(16, "hello");
    assert.equal((await client.next()).text, "data format error");
  });

  it("does not answer a CONTROL of the old shape, and refuses one without header or without dps", async () => {
    const { client } = await startWithClient("3.4");
    client.send(7, `{"devId":"${DEVICE_ID}","dps":{"1":true}}`);
    await client.expectQuiet();
    client.send(13, '{"protocol":5,"t":1,"data":{"dps":{"1":true}}}', { header: null });
    assert.equal((await client.next()).text, "data format error");
    client.send(13, '{"protocol":5,"t":1,"data":{}}');
    assert.equal((await client.next()).text, "data format error");
    client.send(7, '{"protocol":5,"data":{"dps":{"1":true}}}', { header: versionHeader("9.9") });
    assert.equal((await client.next()).text, "");
  });

  it("takes a frame whose first piece has 30 bytes, and loses one of 10", async () => {
    const { client } = await startWithClient("3.4");
    const [lost, kept] = [client.seal(16, "{}"), client.seal(16, "{}")];
    await client.writeAlone(lost.subarray(0, 10));
    await client.writeAlone(lost.subarray(10));
    await client.writeAlone(kept.subarray(0, 30));
    await client.writeAlone(kept.subarray(30));
    assert.equal((await client.next()).command, 16);
    await client.expectQuiet();
  });
});

for (const name of ["3.4", "3.5p"] as const) {
  describe(`a ${name} device`, () => {
    it("marks the first of two reports of a value that was already there", async () => {
      const { client } = await startWithClient(name, { now: () => 5 });
      assert.deepEqual((await set(client, { "1": false })).reports, [
        '{"protocol":4,"t":5,"data":{"dps":{"1":false},"type":"query"}}',
        '{"protocol":4,"t":5,"data":{"dps":{"1":false}}}',
      ]);
    });
  });
}

for (const name of ["3.3", "3.4", "3.5p"] as const) {
  describe(`a ${name} device`, () => {
    it("turns values of the wrong type into 0 and false", async () => {
      const { device, client } = await startWithClient(name, { dps: { "1": true, "2": 7 } });
      const { reports } = await set(client, { "1": 1, "2": "12" });
      assert.match(reports[0] ?? "", /\{"1":false,"2":0\}/);
      assert.deepEqual(device.values(), { "1": false, "2": 0 });
    });

    it("answers UPDATEDPS with what it has measured since, and refuses one without dpId", async () => {
      const { device, client } = await startWithClient(name);
      device.measure({ "2": 230 });
      client.send(18, '{"dpId":[1,2]}');
      const ack = await client.next();
      assert.deepEqual([ack.command, ack.returnCodeHex, ack.text], [18, "00000000", ""]);
      assert.match((await client.next()).text, /"dps":\{"2":230\}/);
      client.send(18, '{"dpId":[1,2]}');
      assert.equal((await client.next()).command, 18);
      await client.expectQuiet();
      client.send(18, "{}");
      assert.equal((await client.next()).text, "query dp failed");
    });
  });
}

for (const name of NEGOTIATING) {
  describe(`a ${name} device with a session`, () => {
    it("closes when a sequence number repeats, falls, or begins at 0; jumps are fine", async () => {
      const device = await start(name);
      for (const numbers of [[], [500, 500], [500, 499]]) {
        const client = await RawClient.open(device, LOCAL_KEY, { negotiate: numbers.length > 0 });
        if (numbers.length === 0) client.send(3, Buffer.alloc(16, 1), { sequence: 0 });
        for (const [index, sequence] of numbers.entries()) {
          client.send(16, "{}", { sequence });
          if (index === 0) assert.equal((await client.next()).command, 16);
        }
        assert.equal(await client.ended, "closed");
      }
    });

    it("closes on a second negotiation", async () => {
      const { client } = await startWithClient(name);
      client.send(3, Buffer.alloc(16, 1), { key: KEY });
      assert.equal(await client.ended, "closed");
    });

    it("keeps silent at commands it does not know", async () => {
      const { client } = await startWithClient(name);
      client.send(0x0b, "{}");
      client.send(0x30, "{}");
      await client.expectQuiet();
    });
  });
}

describe("a 3.5 device of 2023", () => {
  it("answers nothing to a wrong key, and leaves the connection open until it is idle", async () => {
    const device = await start("3.5p", { overrides: { idleMs: 150 } });
    const began = Date.now();
    const client = await RawClient.open(device, WRONG_KEY, { negotiate: false });
    client.send(3, Buffer.alloc(16, 1));
    assert.equal(await client.ended, "closed");
    assert.deepEqual(client.segments, []);
    assert.ok(Date.now() - began >= 100);
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
    const device = await start("3.5p");
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
    const device = await start("3.5o", { overrides: { closeDelayMs: 60 } });
    const attempts: ((client: RawClient) => void)[] = [
      (client) => client.send(16, "{}", { key: Buffer.from(WRONG_KEY) }),
      (client) => client.write(Buffer.alloc(60, 0x41)),
      (client) => client.send(16, Buffer.alloc(4_096 - 50, 0x20)),
      (client) => client.write(frame55aa(1, 3, ecb(KEY, Buffer.alloc(16)), KEY)),
      (client) => client.send(5, hmac(KEY, Buffer.alloc(16))),
    ];
    for (const attempt of attempts) {
      const client = await openSession(device);
      const began = Date.now();
      attempt(client);
      assert.equal(await client.ended, "closed");
      assert.ok(Date.now() - began >= 50);
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
      const device = await start(name);
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
    assert.deepEqual(await set(client, { "1": 1, "2": "12" }), { ack: "01000000", reports: [] });
    assert.deepEqual(device.values(), { "1": true, "2": 7 });
    client.send(18, '{"dpId":[2]}');
    await client.expectQuiet();
  });

  it("reports a value that was already there once", async () => {
    const { client } = await startWithClient("3.5o");
    assert.equal((await set(client, { "1": false })).reports.length, 1);
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
    const device = await start("3.5o", { overrides: { clientLimit: 1, slotReleaseMs: 50 } });
    const client = await RawClient.open(device, LOCAL_KEY);
    const left = once(device, "disconnect");
    client.close();
    await left;
    const tooEarly = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
    await tooEarly.ended;
    await new Promise((resolve) => setTimeout(resolve, 60));
    await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
  });
});
