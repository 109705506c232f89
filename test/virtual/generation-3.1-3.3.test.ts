import assert from "node:assert/strict";
import { ecb, frame55aa, frame6699, RawClient, versionHeader } from "../support/raw-client";
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

describe("a 3.2 device (2018)", () => {
  it("keeps silent at the start of a 3.4 or 3.5 session, and stays usable", async () => {
    const { client } = await startWithClient("3.2");
    client.write(frame55aa(1, 3, ecb(KEY, Buffer.alloc(16, 7)), KEY));
    client.write(frame6699(1, 3, Buffer.alloc(16, 7), KEY));
    await client.expectQuiet();
    client.query();
    assert.match((await client.next()).text, /"dps"/);
  });

  it("refuses in clear what it cannot read: a CONTROL of 3.1, and one under another key", async () => {
    const { device, client } = await startWithClient("3.2");
    const body = Buffer.from(`{"devId":"${DEVICE_ID}","dps":{"1":true}}`);
    const base64 = ecb(KEY, body).toString("base64");
    client.write(frame55aa(1, 7, Buffer.from(`3.1${"0".repeat(16)}${base64}`)));
    client.write(frame55aa(2, 7, Buffer.concat([versionHeader("3.2"), ecb(Buffer.from(WRONG_KEY), body)])));
    for (let i = 0; i < 2; i++) {
      const frame = await client.nextFrame();
      // As observed: 55aa … command 07, length 0x1c, return code 1, the text in clear, CRC.
      assert.equal(frame.toString("hex", 8, 20), "000000070000001c00000001");
      assert.equal(frame.toString("latin1", 20, frame.length - 8), "parse data error");
    }
    await client.expectQuiet();
    assert.equal(device.values()["1"], false);
  });

  it("ignores a number that a source has used before, or a lower one", async () => {
    const { device, client } = await startWithClient("3.2");
    const setFrom = (source: number, number: number, value: number): void => {
      const header = versionHeader("3.2");
      header.writeUInt32BE(number, 7);
      header.writeUInt32BE(source, 11);
      client.send(7, JSON.stringify({ devId: DEVICE_ID, dps: { "2": value } }), { header });
    };
    for (const [source, number, value, isObeyed] of [
      [1000, 2, 1, true],
      [1000, 2, 2, false],
      [1000, 1, 3, false],
      [1001, 1, 4, true],
      [1000, 3, 5, true],
      [0, 0, 6, true],
      [0, 0, 7, true],
    ] as const) {
      setFrom(source, number, value);
      if (isObeyed) {
        for (let i = 0; i < 2; i++) await client.next();
        assert.equal(device.values()["2"], value);
      } else {
        await client.expectQuiet();
        assert.notEqual(device.values()["2"], value);
      }
    }
  });

  it("never answers UPDATEDPS, and as a gateway without data points refuses to be read", async () => {
    const { client } = await startWithClient("3.2", { dps: {}, subDevices: { a1: { dps: { "1": true } } } });
    client.send(18, '{"dpId":[1]}');
    await client.expectQuiet();
    for (const [body, text] of [
      [{ gwId: DEVICE_ID, devId: DEVICE_ID }, "json obj data unvalid"],
      [{ t: 1, cid: "zz" }, "devid not found"],
    ] as const) {
      client.query(body);
      const frame = await client.nextFrame();
      assert.equal(frame.toString("latin1", 20, frame.length - 8), text);
    }
    client.query({ t: 1, cid: "a1" });
    assert.match((await client.next()).text, /"1":true.*"cid":"a1"/);
  });
});

for (const name of ["3.2", "3.3"] as const) {
  describe(`a ${name} device asked with nulls`, () => {
    it("reports the present value and keeps it", async () => {
      const { device, client } = await startWithClient(name, { dps: { "1": true, "2": 5 } });
      const { ack, reports } = await client.setAndHear({ "1": null });
      assert.equal(ack, "00000000");
      assert.equal(reports.length, 1);
      assert.match(reports[0]!, /"dps":\{"1":true\}/);
      assert.deepEqual(device.values(), { "1": true, "2": 5 });
    });
  });
}

describe("a 3.3 device (2020)", () => {
  it("refuses a query or UPDATEDPS with a version header, and has no sub-devices", async () => {
    const { client } = await startWithClient("3.3");
    for (const [command, text] of [
      [10, "{}"],
      [18, '{"dpId":[1]}'],
    ] as const) {
      client.send(command, text, { header: versionHeader("3.3") });
      assert.equal((await client.next()).text, "parse data error");
    }
    client.query({ t: 1, cid: "a1" });
    assert.equal((await client.next()).text, "devid not found");
    client.send(7, '{"t":1,"cid":"a1","dps":{"1":true}}');
    assert.equal((await client.next()).text, "devid not found");
  });

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
