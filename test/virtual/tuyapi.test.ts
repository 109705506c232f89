import assert from "node:assert/strict";
import { once } from "node:events";
import TuyAPI from "tuyapi";
import { type Behaviour, BEHAVIOURS, type BehaviourName } from "../../src/virtual/behaviours";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";
import type { Dps } from "../../src/protocol/dps";

/** A device, and the npm package tuyapi connected to it. With id and address given tuyapi opens no UDP socket. */
async function start(
  name: BehaviourName,
  dps: Dps = { "1": false, "2": 0, "3": "low" },
  overrides: Partial<Behaviour> = {},
): Promise<{ device: VirtualDevice; client: TuyAPI }> {
  const { version } = BEHAVIOURS[name];
  const device = await startDevice(version, { behaviour: name, dps, overrides });
  const client = new TuyAPI({
    id: DEVICE_ID,
    key: LOCAL_KEY,
    ip: device.host,
    port: device.port,
    version,
    issueGetOnConnect: false,
  });
  clients.push(client);
  client.on("error", () => {});
  await client.connect();
  return { device, client };
}

const clients: TuyAPI[] = [];

describe("tuyapi 7.7 and a virtual device", () => {
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });

  for (const name of ["3.1", "3.3", "3.4", "3.5p", "3.5o", "3.5o-2026"] as const) {
    it(`understand each other (${name})`, async () => {
      const { device, client } = await start(name);
      const schema = (await client.get({ schema: true })) as { dps: unknown };
      assert.deepEqual(schema.dps, { "1": false, "2": 0, "3": "low" });

      for (const value of [true, false, true]) {
        await client.set({ dps: 1, set: value });
        assert.equal(device.values()["1"], value);
      }
      await client.set({ multiple: true, data: { "2": 12, "3": "high" } });
      assert.deepEqual(device.values(), { "1": true, "2": 12, "3": "high" });

      const pushed = once(client, "dp-refresh");
      device.set({ "2": 44 });
      assert.deepEqual(((await pushed) as [{ dps: unknown }])[0].dps, { "2": 44 });
      assert.equal(device.clients, 1);
    });
  }

  it("show on 3.2 that does not take nulls for questions why nulls are no way to read: tuyapi's query switches the device off", async () => {
    const { device, client } = await start("3.2", { "1": true }, { nulls: "set" });
    await client.get({ schema: true });
    assert.equal(device.values()["1"], false);
    await client.set({ dps: 1, set: true });
    assert.equal(device.values()["1"], true);
  });
});
