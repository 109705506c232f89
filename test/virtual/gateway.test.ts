import assert from "node:assert/strict";
import { once } from "node:events";
import type { ProtocolVersion } from "../../src/protocol/version";
import type { Faults } from "../../src/virtual/faults";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { RawClient } from "../support/raw-client";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";

const [SENSOR, SOCKET] = ["00a1b2c3d4e5f601", "00a1b2c3d4e5f602"];

async function startGateway(
  version: ProtocolVersion,
  faults: Faults = {},
): Promise<{ device: VirtualDevice; client: RawClient }> {
  const device = await startDevice(version, {
    faults,
    now: () => 1_700_000_000,
    overrides: { statusFirst: 0 },
    subDevices: { [SENSOR]: { dps: { "1": 215 } }, [SOCKET]: { dps: { "1": false }, online: false } },
  });
  const client = await RawClient.open(device, LOCAL_KEY);
  await client.expectQuiet();
  return { device, client };
}

/** A set in the shape of the version, as tinytuya sends it. */
function setChild(client: RawClient, cid: string, dps: object): void {
  if (client.version < "3.4") client.send(7, JSON.stringify({ t: 1, cid, dps }));
  else client.send(13, JSON.stringify({ protocol: 5, t: 1, data: { cid, ctype: 0, dps }, cid }));
}

for (const version of ["3.3", "3.4", "3.5"] as const) {
  describe(`a ${version} gateway`, () => {
    it("answers for itself and for its children", async () => {
      const { client } = await startGateway(version);
      client.query();
      assert.match((await client.next()).text, /"dps":\{"1":false,"2":0,"3":"low"\}/);
      client.query(version === "3.3" ? { t: 1, cid: SENSOR } : { cid: SENSOR });
      assert.equal((await client.next()).text, `{"dps":{"1":215},"cid":"${SENSOR}"}`);
    });

    it("says `devid not found` of a child it does not have, and of another device", async () => {
      const { client } = await startGateway(version);
      client.query({ cid: "0000000000000000" });
      assert.equal((await client.next()).text, "devid not found");
      setChild(client, "0000000000000000", { "1": true });
      assert.equal((await client.next()).text, "devid not found");
      const foreign = { devId: "somebodyelse", dps: { "1": true } };
      client.send(
        version === "3.3" ? 7 : 13,
        JSON.stringify({ ...foreign, data: version === "3.3" ? undefined : foreign }),
      );
      assert.equal((await client.next()).text, "devid not found");
    });

    it("passes a set on, and reports it with the child's cid", async () => {
      const { device, client } = await startGateway(version);
      setChild(client, SENSOR, { "1": 230 });
      assert.equal((await client.next()).text, "");
      assert.equal(
        (await client.next()).text,
        version === "3.3"
          ? `{"dps":{"1":230},"cid":"${SENSOR}","t":1700000000}`
          : `{"protocol":4,"t":1700000000,"data":{"cid":"${SENSOR}","ctype":0,"dps":{"1":230}}}`,
      );
      assert.deepEqual(device.values(SENSOR), { "1": 230 });
      assert.deepEqual(device.values(), { "1": false, "2": 0, "3": "low" });
    });

    it("reports what a child does by itself", async () => {
      const { device, client } = await startGateway(version);
      device.set({ "1": 190 }, { cid: SENSOR });
      assert.match(
        (await client.next()).text,
        new RegExp(`"cid":"${SENSOR}".*"1":190|"1":190.*"cid":"${SENSOR}"`),
      );
      assert.throws(() => device.set({ "1": 1 }, { cid: "nobody" }), RangeError);
    });

    it("acknowledges a set for a child that is away, and answers for it from memory", async () => {
      const { device, client } = await startGateway(version);
      const set = once(device, "set");
      setChild(client, SOCKET, { "1": true });
      assert.equal((await client.next()).text, "");
      await client.expectQuiet();
      assert.deepEqual((await set)[0], { client: 1, cid: SOCKET, dps: { "1": true }, changed: {} });
      client.query({ cid: SOCKET });
      assert.equal((await client.next()).text, `{"dps":{"1":false},"cid":"${SOCKET}"}`);
    });
  });
}

for (const version of ["3.4", "3.5"] as const) {
  describe(`the online report of a ${version} gateway`, () => {
    const request = '{"reqType":"subdev_online_stat_query","data":{"cids":[]}}';

    it("names all children in one frame", async () => {
      const { client } = await startGateway(version);
      client.send(0x40, request);
      const { command, text } = await client.next();
      assert.equal(command, 0x40);
      assert.deepEqual(JSON.parse(text), {
        reqType: "subdev_online_stat_report",
        data: { online: [SENSOR], offline: [SOCKET], nearby: [] },
      });
    });

    it("spreads over several frames on request of a test", async () => {
      const { client } = await startGateway(version, { childrenPerFrame: 1 });
      client.send(0x40, request);
      const parts = [await client.next(), await client.next()].map(({ text }) => JSON.parse(text) as object);
      assert.deepEqual(parts, [
        { reqType: "subdev_online_stat_report", data: { online: [SENSOR], offline: [], nearby: [] } },
        { reqType: "subdev_online_stat_report", data: { online: [], offline: [SOCKET], nearby: [] } },
      ]);
      await client.expectQuiet();
    });

    it("comes by itself when a child goes or returns", async () => {
      const { device, client } = await startGateway(version);
      device.setChildOnline(SENSOR, false);
      assert.match((await client.next()).text, new RegExp(`"online":\\[\\],"offline":\\["${SENSOR}"\\]`));
      device.setChildOnline(SENSOR, true);
      assert.match((await client.next()).text, new RegExp(`"online":\\["${SENSOR}"\\],"offline":\\[\\]`));
    });
  });
}

describe("a gateway with faults", () => {
  const memory = `{"dps":{"1":215},"cid":"${SENSOR}"}`;
  const fetched = new RegExp(`"cid":"${SENSOR}".*"dps":\\{"1":215\\},"type":"query"`);

  it("answers late for one child, and meanwhile for others", async () => {
    const { client } = await startGateway("3.4", { slowChildren: { [SENSOR]: 60 } });
    client.query({ cid: SENSOR });
    client.query({ cid: SOCKET });
    assert.equal((await client.next()).text, `{"dps":{"1":false},"cid":"${SOCKET}"}`);
    assert.equal((await client.next()).text, memory);
  });

  it("fetches what a child says after it has answered from memory, or instead of it", async () => {
    const { device, client } = await startGateway("3.4", { fetchesChildren: true });
    client.query({ cid: SENSOR });
    assert.equal((await client.next()).text, memory);
    const push = await client.next();
    assert.equal(push.command, 8);
    assert.match(push.text, fetched);
    device.faults = { fetchesChildren: "alone" };
    client.query({ cid: SENSOR });
    assert.match((await client.next()).text, fetched);
    // One that is away cannot be asked.
    client.query({ cid: SOCKET });
    await client.expectQuiet();
  });

  it("answers a query by an ordinary report", async () => {
    const { client } = await startGateway("3.4", { reportsQueried: true });
    client.query({ cid: SENSOR });
    const { command, text } = await client.next();
    assert.equal(command, 8);
    assert.doesNotMatch(text, /query/);
    await client.expectQuiet();
  });

  it("says nothing of which children are online", async () => {
    const { device, client } = await startGateway("3.4", { noChildList: true });
    client.send(0x40, '{"reqType":"subdev_online_stat_query","data":{"cids":[]}}');
    device.setChildOnline(SOCKET, true);
    await client.expectQuiet();
  });
});

describe("a 3.3 gateway", () => {
  it("knows no online report", async () => {
    const { device, client } = await startGateway("3.3");
    client.send(0x40, '{"reqType":"subdev_online_stat_query","data":{"cids":[]}}');
    device.setChildOnline(SENSOR, false);
    await client.expectQuiet();
  });
});

describe("a device that is no gateway", () => {
  it("does not look at a cid", async () => {
    const device = await startDevice("3.5", { behaviour: "3.5o" });
    const client = await RawClient.open(device, LOCAL_KEY);
    client.query({ cid: SENSOR });
    assert.equal((await client.next()).text, `{"dps":{"1":false,"2":0,"3":"low"},"devId":"${DEVICE_ID}"}`);
  });
});
