import assert from "node:assert/strict";
import { once } from "node:events";
import { BEHAVIOURS, type BehaviourName, behaviourOf } from "../../src/virtual/behaviours";
import { RawClient } from "../support/raw-client";
import { DEVICE_ID, LOCAL_KEY, openSession, startWithClient } from "../support/virtual";

const NAMES = Object.keys(BEHAVIOURS) as BehaviourName[];

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

      const { ack, reports } = await client.setAndHear({ "1": true });
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

    it(`acknowledges an unknown data point without a report (${name})`, async () => {
      const { device, client } = await startWithClient(name);
      assert.deepEqual(await client.setAndHear({ "77": 1 }), { ack: ACK[name], reports: [] });
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
      const { device, client } = await startWithClient(name, { overrides: { idleMs: 250 } });
      const timer = setInterval(() => device.set({ "2": 1 }), 5);
      const began = performance.now();
      assert.equal(await client.ended, "closed");
      clearInterval(timer);
      assert.ok(performance.now() - began >= 200);
    });

    it(`keeps a client that sends heartbeats (${name})`, async () => {
      const { client } = await startWithClient(name, { overrides: { idleMs: 400 } });
      const began = performance.now();
      while (performance.now() - began < 600) {
        const reply = await client.expectQuiet();
        assert.equal(reply.returnCodeHex + reply.text, "00000000");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
  }
});

describe("the header of a report", () => {
  for (const name of NAMES.filter((name) => name !== "3.1")) {
    it(`names the device as source 1, and counts reports (${name})`, async () => {
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
  }

  it("is a signature on 3.1", async () => {
    const { device, client } = await startWithClient("3.1");
    device.set({ "2": 1 });
    const frame = await client.nextFrame();
    assert.match(frame.toString("latin1", 20, frame.length - 8), /^3\.1[0-9a-f]{16}[A-Za-z0-9+/]+=*$/);
  });
});
