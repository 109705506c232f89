import assert from "node:assert/strict";
import { Command } from "../../src/protocol/command";
import type { Faults } from "../../src/virtual/faults";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { type Client, type ClientOptions, clientOf, connect, Witness } from "../support/client";
import { describeGenerations, GENERATIONS, startGeneration } from "../support/generations";

const [SENSOR, SOCKET, LOST] = ["00a1b2c3d4e5f601", "00a1b2c3d4e5f602", "00a1b2c3d4e5f603"];
const QUERIES = [Command.DP_QUERY, Command.DP_QUERY_NEW];

const GATEWAYS = GENERATIONS.filter(({ version }) => version >= "3.3");

describeGenerations("a gateway", GATEWAYS, (generation) => {
  const reportsChildren = generation.version >= "3.4";

  function start(faults: Faults = {}): Promise<VirtualDevice> {
    return startGeneration(generation, {
      faults,
      dps: { "1": "gateway" },
      subDevices: {
        [SENSOR]: { dps: { "1": 215, "2": "sensor" } },
        [SOCKET]: { dps: { "1": false } },
        [LOST]: { dps: { "1": false }, online: false },
      },
    });
  }

  async function connectTo(device: VirtualDevice, options: ClientOptions = {}): Promise<Client> {
    return connect(device, options);
  }

  it("answers for itself and for each of its children, and none for another", async () => {
    const client = await connectTo(await start());
    const [sensor, own, socket] = await Promise.all([
      client.device.query({ cid: SENSOR }),
      client.device.query(),
      client.device.query({ cid: SOCKET }),
    ]);
    assert.deepEqual(sensor, { "1": 215, "2": "sensor" });
    assert.deepEqual(own, { "1": "gateway" });
    assert.deepEqual(socket, { "1": false });
    assert.deepEqual(client.device.values(SENSOR), sensor);
    assert.deepEqual(client.device.values(SOCKET), socket);
    assert.deepEqual(client.device.values(), own);
    assert.deepEqual(client.device.values("never heard of"), {});
  });

  it("has its children set, and takes the report of one for the proof of that one only", async () => {
    const device = await start();
    const client = await connectTo(device);
    const { confirmed } = await client.device.set({ "1": true }, { cid: SOCKET, confirm: "report" });
    assert.deepEqual(confirmed, { "1": true });
    assert.deepEqual(device.values(SOCKET), { "1": true });
    assert.deepEqual(device.values(), { "1": "gateway" });
    const report = await client.reported("the child", ({ cid }) => cid === SOCKET);
    assert.deepEqual(report.dps, { "1": true });
  });

  it("keeps sets to its children apart that touch data points of the same number", async () => {
    const device = await start();
    const client = await connectTo(device);
    const witness = new Witness(device);
    await Promise.all([
      client.device.set({ "1": 1 }, { cid: SENSOR }),
      client.device.set({ "1": true }, { cid: SOCKET }),
      client.device.set({ "1": 2 }, { cid: SENSOR }),
      client.device.set({ "1": "own" }),
      client.device.set({ "1": 3 }, { cid: SENSOR }),
    ]);
    assert.deepEqual(
      witness.sets.map(({ cid, dps }) => [cid, dps["1"]]),
      [
        [SENSOR, 1],
        [SOCKET, true],
        [SENSOR, 3],
        [undefined, "own"],
      ],
    );
  });

  it("pushes for its children", async () => {
    const device = await start();
    const client = await connectTo(device);
    device.set({ "1": 222 }, { cid: SENSOR });
    const report = await client.reported("the sensor", ({ cid }) => cid === SENSOR);
    assert.deepEqual(report.changed, ["1"]);
    assert.equal(report.reason, "push");
    assert.deepEqual(client.device.values(), { "1": "gateway" });
  });

  it("is told of a child that it does not have, and stays connected", async () => {
    const client = await connectTo(await start());
    await assert.rejects(client.device.query({ cid: "ffff" }), { code: "CHILD_OFFLINE", message: /ffff/ });
    await assert.rejects(client.device.set({ "1": 1 }, { cid: "ffff" }), { code: "CHILD_OFFLINE" });
    assert.deepEqual(await client.device.query(), { "1": "gateway" });
  });

  it("answers for a child that is gone, so only proof tells that it is", async () => {
    const client = await connectTo(await start());
    await client.device.set({ "1": true }, { cid: LOST });
    await assert.rejects(client.device.set({ "1": true }, { cid: LOST, confirm: "report" }), {
      code: "REJECTED",
      message: /false .*instead of true/,
    });
  });

  it("has followed children read now and after every connect, as long as they are followed", async () => {
    const device = await start();
    const client = clientOf(device);
    const unfollow = client.device.addChild(SENSOR);
    client.device.connect();
    const initial = await client.reported("the sensor", ({ cid }) => cid === SENSOR);
    assert.equal(initial.reason, "initial");
    const second = client.device.addChild(SENSOR);
    client.device.addChild(SOCKET);
    await client.reported("the socket", ({ cid, reason }) => cid === SOCKET && reason === "initial");
    unfollow();
    unfollow();
    client.forget();
    client.device.reconnect();
    await client.reported("the sensor again", ({ cid }) => cid === SENSOR);
    second();
    const witness = new Witness(device, client);
    client.device.reconnect();
    await client.until("both queries", () => witness.count(...QUERIES) === 2);
    await client.reached("ready");
    await client.device.query();
    assert.equal(witness.payloads(...QUERIES).filter((text) => text.includes(SENSOR)).length, 0);
  });

  it("is not thrown off by a followed child that it does not have", async () => {
    const client = clientOf(await start());
    client.device.addChild("ffff");
    client.device.connect();
    await client.reported("first values", ({ reason }) => reason === "initial");
    assert.deepEqual(await client.device.query(), { "1": "gateway" });
    assert.equal(client.device.state.kind, "ready");
    assert.deepEqual(client.logs.of("error"), []);
  });

  if (reportsChildren) {
    for (const childrenPerFrame of [1, 2, 3]) {
      it(`tells which children are online, ${childrenPerFrame} in a frame`, async () => {
        const device = await start({ childrenPerFrame });
        const client = clientOf(device);
        client.device.on("children", () => client.wake());
        client.device.addChild(SENSOR);
        assert.equal(client.device.childOnline(SENSOR), undefined);
        client.device.connect();
        await client.until("all children", () =>
          [SENSOR, SOCKET, LOST].every((cid) => client.device.childOnline(cid) !== undefined),
        );
        assert.equal(client.device.childOnline(SENSOR), true);
        assert.equal(client.device.childOnline(SOCKET), true);
        assert.equal(client.device.childOnline(LOST), false);
        assert.equal(client.device.childOnline("ffff"), undefined);
      });
    }

    it("tells when a child comes or goes, and a child that speaks is there", async () => {
      const device = await start();
      const client = await connectTo(device);
      client.device.on("children", () => client.wake());
      device.setChildOnline(SOCKET, false);
      await client.until("the loss", () => client.device.childOnline(SOCKET) === false);
      device.set({ "1": true }, { cid: SOCKET });
      await client.until("the return", () => client.device.childOnline(SOCKET) === true);
    });

    it("is asked which children are online when the first of them is followed", async () => {
      const device = await start();
      const client = await connectTo(device);
      const witness = new Witness(device, client);
      client.device.on("children", () => client.wake());
      client.device.addChild(SENSOR);
      await client.until("the list", () => client.device.childOnline(SENSOR) === true);
      client.device.addChild(SOCKET);
      await client.device.query();
      assert.equal(witness.count(Command.LAN_EXT_STREAM), 1);
    });
  } else {
    it("is not asked for a list it does not know", async () => {
      const device = await start();
      const witness = new Witness(device);
      const client = clientOf(device);
      client.device.addChild(SENSOR);
      client.device.connect();
      await client.reported("the sensor", ({ cid }) => cid === SENSOR);
      assert.equal(witness.count(Command.LAN_EXT_STREAM), 0);
    });
  }
});
