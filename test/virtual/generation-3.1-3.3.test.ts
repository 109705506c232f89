import assert from "node:assert/strict";
import { ecb, frame55aa, frame6699, RawClient } from "../support/raw-client";
import { DEVICE_ID, LOCAL_KEY, startWithClient } from "../support/virtual";

const KEY = Buffer.from(LOCAL_KEY, "latin1");
const WRONG_KEY = "kV3tWq8ZrX1nLp5e";

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

for (const name of ["3.1", "3.2"] as const) {
  describe(`a ${name} device`, () => {
    it("refuses an encrypted query in clear, whatever its key", async () => {
      const { client } = await startWithClient(name);
      for (const key of [KEY, Buffer.from(WRONG_KEY)]) {
        client.write(frame55aa(5, 10, ecb(key, Buffer.from('{"gwId":"a","devId":"b"}'))));
        const frame = await client.nextFrame();
        assert.equal(frame.toString("latin1", 20, frame.length - 8), "data format error");
        assert.equal(frame.readUInt32BE(16), 1);
      }
      await client.expectQuiet();
    });
  });
}

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
    assert.deepEqual((await client.setAndHear({ "1": false })).reports, [
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
