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

  it("acknowledges for a child that is gone, which counts for nothing where its list says so", async () => {
    const client = await connectTo(await start());
    const set = () => client.device.set({ "1": true }, { cid: LOST });
    const proved = () => client.device.set({ "1": true }, { cid: LOST, confirm: "report" });
    if (reportsChildren) {
      await assert.rejects(set(), { code: "CHILD_OFFLINE", message: /was sent and had no effect/ });
      await assert.rejects(proved(), { code: "CHILD_OFFLINE", message: /nothing was sent/ });
    } else {
      await set();
      await assert.rejects(proved(), {
        code: "REJECTED",
        message: /out of reach: .* still reports false .*instead of true/,
      });
    }
    assert.deepEqual(await client.device.query({ cid: LOST }), { "1": false });
  });

  it("is sent nothing for a child that it said is offline, until that one speaks again", async () => {
    const device = await start({ noChildList: !reportsChildren });
    const client = clientOf(device);
    client.device.addChild(SOCKET);
    client.device.connect();
    await client.reported("the socket", ({ cid }) => cid === SOCKET);
    if (!reportsChildren) {
      await client.device.set({ "1": true }, { cid: SOCKET });
      return;
    }
    client.device.on("children", () => client.wake());
    device.setChildOnline(SOCKET, false);
    await client.until("the loss", () => client.device.childOnline(SOCKET) === false);
    const witness = new Witness(device);
    await assert.rejects(client.device.set({ "1": true }, { cid: SOCKET }), { code: "CHILD_OFFLINE" });
    assert.deepEqual(witness.sets, []);
    device.setChildOnline(SOCKET, true);
    await client.until("the return", () => client.device.childOnline(SOCKET) === true);
    await client.device.set({ "1": true }, { cid: SOCKET, confirm: "report" });
    assert.deepEqual(device.values(SOCKET), { "1": true });
  });

  it("answers late for one child: that is neither the next one's answer, nor lost", async () => {
    const device = await start({ slowChildren: { [SENSOR]: 900 } });
    const client = await connectTo(device, { timings: { replyTimeoutMs: 500 } });
    const late = client.device.query({ cid: SENSOR });
    const next = client.device.query({ cid: SOCKET });
    await assert.rejects(late, { code: "TIMEOUT" });
    assert.deepEqual(await next, { "1": false });
    const report = await client.reported("the late one", ({ cid }) => cid === SENSOR);
    assert.deepEqual([report.dps, report.reason], [{ "1": 215, "2": "sensor" }, "reply"]);
    assert.deepEqual(client.device.values(SOCKET), { "1": false });
    assert.deepEqual(client.device.values(), { "1": "gateway" });
  });

  it("numbers nothing: a late refusal for one child is not another's answer", async () => {
    const device = await start({ sequence: 0, slowChildren: { ffff: 600 } });
    const client = await connectTo(device, { timings: { replyTimeoutMs: 500, ackGraceMs: 300 } });
    const unknown = client.device.query({ cid: "ffff" });
    const known = client.device.query({ cid: SOCKET });
    const after = client.device.query({ cid: SENSOR });
    await assert.rejects(unknown, { code: "TIMEOUT" });
    assert.deepEqual(await known, { "1": false });
    assert.deepEqual(await after, { "1": 215, "2": "sensor" });
  });

  it("passes on what one child does while the answer of another one is still to come", async () => {
    const device = await start({ slowChildren: { [SOCKET]: 200 } });
    const client = await connectTo(device);
    const asked = new Promise((resolve) => device.once("request", resolve));
    const answer = client.device.query({ cid: SOCKET });
    await asked;
    device.set({ "1": 999 }, { cid: SENSOR });
    const report = await client.reported("the sensor", ({ cid }) => cid === SENSOR);
    assert.deepEqual([report.dps, report.reason], [{ "1": 999 }, "push"]);
    assert.deepEqual(await answer, { "1": false });
  });

  for (const faults of [{ fetchesChildren: "alone" }, { reportsQueried: true }] as const) {
    it(`may answer for its children by reports only (${Object.keys(faults).join()})`, async () => {
      const client = await connectTo(await start(faults), { timings: { replyTimeoutMs: 600 } });
      const both = [client.device.query({ cid: SOCKET }), client.device.query({ cid: SENSOR })];
      assert.deepEqual(await Promise.all(both), [{ "1": false }, { "1": 215, "2": "sensor" }]);
      const reasons = client.reports.filter(({ cid }) => cid === SOCKET).map(({ reason }) => reason);
      assert.deepEqual(reasons, ["fetchesChildren" in faults ? "reply" : "push"]);
      // One that it does not reach says nothing.
      await assert.rejects(client.device.query({ cid: LOST }), { code: "TIMEOUT" });
    });
  }

  it("answers from memory and then fetches: what a button did last is no press", async () => {
    const client = await connectTo(await start({ fetchesChildren: true }));
    await client.device.query({ cid: SENSOR });
    await client.until("both", () => client.reports.filter(({ cid }) => cid === SENSOR).length === 2);
    assert.deepEqual(
      client.reports.filter(({ cid }) => cid === SENSOR).map(({ reason }) => reason),
      ["reply", "reply"],
    );
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
    client.device.on("children", () => client.wake());
    await client.until("the refusal", () => client.device.isChildUnknown("ffff"));
    assert.equal(client.device.childOnline("ffff"), false);
    assert.deepEqual(
      client.device.knownChildren().filter(({ cid }) => cid === "ffff"),
      [],
    );
  });

  it("has thirty children read one after the other, and a command finds a place between them", async () => {
    const cids = Array.from({ length: 30 }, (_none, index) => `00a1b2c3d4e6${1000 + index}`);
    const device = await startGeneration(generation, {
      subDevices: Object.fromEntries(cids.map((cid) => [cid, { dps: { "1": false } }])),
    });
    const client = clientOf(device);
    for (const cid of cids) client.device.addChild(cid);
    const witness = new Witness(device, client);
    client.device.connect();
    await client.reached("ready");
    await client.device.set({ "1": true }, { cid: cids[29] ?? "" });
    const before = witness.count(...QUERIES);
    assert.ok(before <= 5, `${before} queries before the command`);
    await client.reported("the last", ({ cid, reason }) => cid === cids[29] && reason === "initial");
    // Each once, and the gateway itself.
    assert.equal(witness.count(...QUERIES), 31);
    assert.equal(witness.count(Command.LAN_EXT_STREAM), reportsChildren ? 1 : 0);
  });

  it("loses its children with its connection, and finds them again", async () => {
    const device = await start();
    const client = clientOf(device);
    client.device.addChild(SENSOR);
    client.device.connect();
    await client.reported("the sensor", ({ cid }) => cid === SENSOR);
    client.forget();
    device.set({ "1": 1 }, { cid: SENSOR });
    await device.reboot(0);
    await client.reported("the sensor again", ({ cid, reason }) => cid === SENSOR && reason === "initial");
    assert.deepEqual(client.device.values(SENSOR), { "1": 1, "2": "sensor" });
    await client.device.set({ "1": 2 }, { cid: SENSOR });
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

    it("is asked again and again which children are online, for it does not tell every change", async () => {
      const device = await start();
      const client = clientOf(device, { timings: { childrenIntervalMs: 50 } });
      client.device.on("children", () => client.wake());
      const unfollow = client.device.addChild(SOCKET);
      client.device.connect();
      await client.until("the list", () => client.device.childOnline(SOCKET) === true);
      device.faults = { noChildList: true };
      device.setChildOnline(SOCKET, false);
      device.faults = {};
      await client.until("the loss", () => client.device.childOnline(SOCKET) === false);
      unfollow();
      await client.device.query();
      const witness = new Witness(device);
      await new Promise((resolve) => setTimeout(resolve, 150));
      assert.equal(witness.count(Command.LAN_EXT_STREAM), 0);
    });

    it("lists its children on request", async () => {
      const client = await connectTo(await start({ childrenPerFrame: 3 }));
      assert.equal(await client.device.listChildren(), "listed");
      assert.deepEqual(client.device.knownChildren(), [
        { cid: SENSOR, online: true, isNearby: false },
        { cid: SOCKET, online: true, isNearby: false },
        { cid: LOST, online: false, isNearby: false },
      ]);
      client.device.disconnect();
      assert.equal(await client.device.listChildren(), "ended");
    });

    it("is about to have for each child what is on its way to that one", async () => {
      const device = await start();
      const client = await connectTo(device);
      const unfollow = client.device.addChild(SOCKET);
      await client.reported("the child", ({ cid }) => cid === SOCKET);
      const before = client.device.values(SOCKET);
      const set = client.device.set({ "1": before["1"] === false }, { cid: SOCKET });
      assert.deepEqual(client.device.expected(SOCKET).dps, { ...before, "1": before["1"] === false });
      assert.equal(client.device.expected(SOCKET).isSure("1"), true);
      assert.deepEqual(client.device.expected().dps, client.device.values());
      await set;
      unfollow();
    });

    it("may have no list to give", async () => {
      const client = await connectTo(await start({ noChildList: true }), {
        timings: { replyTimeoutMs: 200 },
      });
      assert.equal(await client.device.listChildren(), "silent");
      const lamp = await connect(await startGeneration(generation), {
        timings: { replyTimeoutMs: 200 },
      });
      assert.equal(await lamp.device.listChildren(), generation.name === "3.5o" ? "silent" : "refused");
      await lamp.device.query();
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
      assert.equal(await client.device.listChildren(), "unsupported");
      assert.equal(witness.count(Command.LAN_EXT_STREAM), 0);
      assert.deepEqual(client.device.knownChildren(), [{ cid: SENSOR, online: undefined, isNearby: false }]);
    });
  }
});
