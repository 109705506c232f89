import assert from "node:assert/strict";
import { ecb, frame55aa, frame6699, RawClient, versionHeader } from "../support/raw-client";
import { DEVICE_ID, LOCAL_KEY, startGeneration, startWithClient } from "../support/virtual";

const KEY = Buffer.from(LOCAL_KEY, "latin1");
const WRONG_KEY = "kV3tWq8ZrX1nLp5e";

describe("a 3.4 device (2022)", () => {
  it("closes at once on another key, another first frame, a 3.3 frame and a wrong proof", async () => {
    const device = await startGeneration("3.4", { overrides: { closeDelayMs: 0 } });
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
    const device = await startGeneration("3.4");
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

  it("refuses an empty query, one that is no JSON, UPDATEDPS with a header, and to list sub-devices", async () => {
    const { client } = await startWithClient("3.4");
    for (const [command, text, header, refusal] of [
      [16, "", null, "data format error"],
      [16, "hello", null, "data format error"],
      [18, '{"dpId":[1]}', versionHeader("3.4"), "query dp failed"],
      [64, '{"reqType":"subdev_online_stat_query","data":{"cids":[]}}', null, "lan pro not register"],
    ] as const) {
      client.send(command, text, { header });
      const { returnCodeHex, text: said } = await client.next();
      assert.deepEqual([returnCodeHex, said], ["00000001", refusal]);
    }
  });

  it("is asked with nulls in the nested shape only", async () => {
    const { device, client } = await startWithClient("3.4", { dps: { "1": true, "2": 5 } });
    client.send(13, '{"protocol":5,"t":1,"data":{"dps":{"1":null}}}');
    assert.equal((await client.next()).text, "");
    assert.match((await client.next()).text, /"dps":\{"1":true\}/);
    client.send(13, `{"devId":"${DEVICE_ID}","uid":"","t":"1","dps":{"1":null}}`);
    await client.expectQuiet();
    assert.deepEqual(device.values(), { "1": true, "2": 5 });
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
