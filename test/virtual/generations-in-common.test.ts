import assert from "node:assert/strict";
import { RawClient } from "../support/raw-client";
import { LOCAL_KEY, startGeneration, startWithClient } from "../support/virtual";

const NEGOTIATING = ["3.4", "3.5p", "3.5o", "3.5o-2026"] as const;
const KEY = Buffer.from(LOCAL_KEY, "latin1");

for (const name of ["3.4", "3.5p"] as const) {
  describe(`a ${name} device`, () => {
    it("marks the first of two reports of a value that was already there", async () => {
      const { client } = await startWithClient(name, { now: () => 5 });
      assert.deepEqual((await client.setAndHear({ "1": false })).reports, [
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
      const { reports } = await client.setAndHear({ "1": 1, "2": "12" });
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
      const device = await startGeneration(name);
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

    it("drops two requests between the steps of the negotiation, and closes at the third", async () => {
      const device = await startGeneration(name);
      const client = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
      client.send(3, Buffer.alloc(16, 1));
      assert.equal((await client.next()).command, 4);
      for (let i = 0; i < 3; i++) client.send(16, "{}");
      await client.ended;
      await assert.rejects(client.next());
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
