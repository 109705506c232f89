import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Device } from "../../src/device/device";
import type { DeviceEvents, DeviceState } from "../../src/device/types";
import { Command } from "../../src/protocol/command";
import type { Session } from "../../src/session/session";
import type { VirtualDeviceOptions } from "../../src/virtual/options";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { type Client, clientOf, connect, settingsFor, SHORT_TIMINGS, Witness } from "../support/client";
import { assertNothingLeft, resources } from "../support/resources";
import { settled } from "../support/settled";
import { LOCAL_KEY, startDevice } from "../support/virtual";

/*
 * What a device keeps and tells, apart from its connections. Tests over all versions are in `device-*.test.ts`; here one of
 * them is enough.
 */

const SENSOR = "00a1b2c3d4e5f601";
const LOST = "00a1b2c3d4e5f602";
const STRANGER = "ffff";

function startGateway(options: Partial<VirtualDeviceOptions> = {}): Promise<VirtualDevice> {
  return startDevice("3.4", {
    dps: { "1": "gateway" },
    subDevices: { [SENSOR]: { dps: { "1": 215 } }, [LOST]: { dps: { "1": false }, online: false } },
    ...options,
  });
}

/** A connected client, woken by what is told of sub-devices. */
async function connectTo(device: VirtualDevice): Promise<Client> {
  const client = await connect(device, { timings: { replyTimeoutMs: 400 } });
  client.device.on("children", () => client.wake());
  return client;
}

function refusalOf(state: DeviceState): string | undefined {
  return state.kind === "ready" ? state.refusal?.message : undefined;
}

function isRefused({ device }: Client): boolean {
  return refusalOf(device.state) !== undefined;
}

describe("Device", () => {
  it("needs no options", async () => {
    const virtual = await startDevice("3.3");
    const device = new Device(settingsFor(virtual));
    device.connect();
    await device.whenReady(5_000);
    await device.close();
    const hurried = new Device(settingsFor(virtual), { timings: { replyTimeoutMs: 5_000 } });
    hurried.connect();
    await hurried.whenReady(5_000);
    await hurried.close();
  });

  describe("whenReady", () => {
    it("resolves at once where the device is ready, and as soon as it is", async () => {
      const virtual = await startDevice("3.3");
      const { device } = clientOf(virtual);
      const waits = [device.whenReady(5_000), device.whenReady(5_000)];
      device.connect();
      await Promise.all(waits);
      await device.whenReady(0);
    });

    it("rejects when the time is over, with what is wrong", async () => {
      const virtual = await startDevice("3.3");
      await virtual.close();
      const client = clientOf(virtual);
      await assert.rejects(client.device.whenReady(1), {
        code: "OFFLINE",
        message: /^Lamp is not connected/,
      });
      client.device.connect();
      await client.reached("waiting");
      await assert.rejects(client.device.whenReady(1), { code: "OFFLINE", message: /refuses connections/ });
    });

    it("waits on where the time is longer than any timer", async () => {
      const { device } = clientOf(await startDevice("3.3"));
      const waiting = device.whenReady(Infinity);
      // Node.js makes one millisecond of a delay that is too long, which is over before this one.
      const first = await Promise.race([waiting.catch(() => "given up"), delay(20, "waiting")]);
      assert.equal(first, "waiting");
      device.connect();
      await waiting;
      await device.close();
    });

    it("rejects once the device is closed, and not because it is disconnected", async () => {
      const { device } = clientOf(await startDevice("3.3"));
      const waiting = device.whenReady(3_600_000);
      device.connect();
      device.disconnect();
      const closed = device.close();
      await assert.rejects(waiting, { code: "CLOSED" });
      await assert.rejects(device.whenReady(3_600_000), { code: "CLOSED" });
      await closed;
    });
  });

  describe("listeners", () => {
    it("are told until they are removed, and nothing after the state closed", async () => {
      const virtual = await startDevice("3.3");
      const client = clientOf(virtual);
      const { device } = client;
      const told: string[] = [];
      const listener: Pick<DeviceEvents, "state"> = { state: ({ kind }) => told.push(kind) };
      const off = device.on("state", ({ kind }, previous) => told.push(`${previous.kind}→${kind}`));
      device.addListener(listener);
      device.connect();
      await client.reached("ready");
      assert.ok(told.includes("ready") && told.includes("checking→ready"), told.join());
      device.removeListener(listener);
      off();
      told.length = 0;
      device.disconnect();
      assert.deepEqual(told, []);
      device.addListener(listener);
      await device.close();
      device.connect();
      assert.deepEqual(told, ["closed"]);
    });

    it("are shown frames if they ask for them", async () => {
      const client = clientOf(await startDevice("3.3"));
      const frames = client.watchFrames();
      client.device.connect();
      await client.reported("first values", ({ reason }) => reason === "initial");
      assert.deepEqual(
        frames.slice(0, 2).map(({ direction, command }) => [direction, command]),
        [
          ["out", Command.DP_QUERY],
          ["in", Command.DP_QUERY],
        ],
      );
    });
  });

  describe("values", () => {
    it("are given as the device wrote them, without what it only repeats", async () => {
      const client = await connect(await startDevice("3.3", { dps: { "1": true, "2": 5, "3": "low" } }));
      const { device } = client;
      assert.deepEqual(device.ownValues(), { "1": true, "2": 5, "3": "low" });
      await device.set({ "3": "high", "1": false }, { confirm: "report" });
      assert.equal(device.values()["3"], "high");
      assert.deepEqual(device.ownValues(), { "1": false, "2": 5, "3": "low" });
    });

    it("are left out where the device has only repeated what it was sent", async () => {
      const virtual = await startDevice("3.4", { faults: { queryAfterControl: true } });
      const client = clientOf(virtual, { timings: { replyTimeoutMs: 200 } });
      client.device.connect();
      await client.reached("ready");
      await client.device.set({ "3": "high" }, { confirm: "report" });
      await client.device.query();
      assert.equal(client.device.values()["3"], "high");
      assert.deepEqual(client.device.ownValues(), { "1": false, "2": 0 });
    });

    it("are expected to be what is under way, and nothing is sure without a connection", async () => {
      const virtual = await startDevice("3.3");
      const { device } = await connect(virtual);
      const set = device.set({ "2": 7 });
      assert.equal(device.expected().dps["2"], 7);
      assert.equal(device.expected().isSure("2"), true);
      await set;
      device.disconnect();
      assert.deepEqual(device.expected().dps, device.values());
      assert.equal(device.expected().isSure("2"), false);
    });

    it("are what a query answers", async () => {
      const { device, reports } = await connect(await startGateway());
      assert.deepEqual(await device.query(), { "1": "gateway" });
      assert.deepEqual(await device.query({ cid: SENSOR }), { "1": 215 });
      assert.deepEqual(
        reports.map(({ cid, reason }) => [cid, reason]),
        [
          [undefined, "initial"],
          [undefined, "reply"],
          [SENSOR, "reply"],
        ],
      );
    });

    it("that no device has are warned of once", async () => {
      const virtual = await startDevice("3.3", { dps: { "1": true, "4000": 1 } });
      const client = await connect(virtual);
      await client.device.query();
      assert.equal(client.logs.of("warn").length, 1);
      assert.match(String(client.logs.of("warn")[0]), /^Lamp reports what no device has/);
    });
  });

  describe("requests", () => {
    it("ask for the named measurements, or for those such a device usually has", async () => {
      const virtual = await startDevice("3.3", { dps: { "1": true, "4": 1, "5": 2, "6": 3 } });
      const { device } = await connect(virtual);
      const witness = new Witness(virtual);
      await device.refresh([18]);
      await device.refresh();
      await device.query();
      const bodies = witness
        .payloads(Command.UPDATEDPS)
        .map((text) => JSON.parse(text) as { dpId: number[] });
      assert.deepEqual(
        bodies.map(({ dpId }) => dpId),
        [[18], [4, 5, 6]],
      );
    });

    it("send raw frames as they were when they were given, and not all of them", async () => {
      const virtual = await startDevice("3.3");
      const { device } = await connect(virtual);
      const witness = new Witness(virtual);
      const body = Buffer.from('{"gwId":"","devId":""}');
      const text = body.toString();
      const answer = device.sendRaw(Command.DP_QUERY, body);
      body.fill(0);
      await answer;
      assert.deepEqual(witness.payloads(Command.DP_QUERY), [text]);
      await assert.rejects(device.sendRaw(-1, body), {
        code: "BAD_INPUT",
        message: /^Lamp was sent nothing/,
      });
    });

    it("wait while the device is asked to prove its key", async () => {
      const virtual = await startDevice("3.2", { faults: { slowMs: 30 } });
      const client = clientOf(virtual);
      const { device } = client;
      const proving: boolean[] = [];
      let query: Promise<unknown> | undefined;
      device.on("frame", ({ direction, command }) => {
        if (direction !== "out" || command !== Command.CONTROL || query) return;
        proving.push(device.isProving);
        query = device.query();
      });
      assert.equal(device.isProving, false);
      device.connect();
      await client.reached("ready");
      assert.deepEqual(proving, [true]);
      assert.deepEqual(await query, { "1": false, "2": 0, "3": "low" });
      assert.equal(device.isProving, false);
    });
  });

  it("asks a meter again and again, by a query where that brought nothing, as long as it is connected", async () => {
    const virtual = await startDevice("3.3");
    const client = await connect(virtual, { settings: { refreshSeconds: 1 } });
    const witness = new Witness(virtual, client);
    const commands = (): number[] =>
      witness.requests.map(({ command }) => command).filter((command) => command !== Command.HEART_BEAT);
    await client.until("two requests", () => commands().length >= 2);
    assert.deepEqual(commands(), [Command.UPDATEDPS, Command.DP_QUERY]);
    virtual.set({ "2": 4 });
    await client.until("another request", () => commands().length >= 3);
    assert.equal(commands()[2], Command.UPDATEDPS);
  });

  describe("sub-devices", () => {
    it("are none where nobody asked", async () => {
      const { device } = clientOf(await startDevice("3.4"));
      assert.deepEqual([device.childOnline(SENSOR), device.isChildUnknown(SENSOR)], [undefined, false]);
      assert.deepEqual(device.knownChildren(), []);
      assert.equal(await device.listChildren(), "ended");
    });

    it("are listed with what is known of them, without those the gateway does not know", async () => {
      const virtual = await startGateway();
      const client = await connectTo(virtual);
      const { device } = client;
      device.addChild(STRANGER);
      await client.until("word of the stranger", () => device.isChildUnknown(STRANGER));
      assert.equal(await device.listChildren(), "listed");
      assert.deepEqual(device.knownChildren(), [
        { cid: SENSOR, online: true, isNearby: false },
        { cid: LOST, online: false, isNearby: false },
      ]);
      assert.equal(device.childOnline(STRANGER), false);
      // The gateway answers for it from memory.
      await device.query({ cid: LOST });
      assert.equal(device.childOnline(LOST), false);
      assert.ok(
        client.logs.of("debug").some((text) => text.startsWith("Lamp: first query of ffff failed: ")),
      );
    });

    it("are known by their values, too", async () => {
      const virtual = await startGateway({ faults: { noChildList: true } });
      const client = await connectTo(virtual);
      virtual.set({ "1": 216 }, { cid: SENSOR });
      await client.reported("the sensor", ({ cid }) => cid === SENSOR);
      assert.deepEqual(client.device.knownChildren(), [{ cid: SENSOR, online: undefined, isNearby: false }]);
    });

    it("are sent nothing where the gateway has just said that they are offline", async () => {
      const virtual = await startGateway();
      const { device } = await connectTo(virtual);
      await device.listChildren();
      const witness = new Witness(virtual);
      await assert.rejects(device.set({ "1": true }, { cid: LOST }), {
        code: "CHILD_OFFLINE",
        message: /gateway Lamp says so, and nothing was sent/,
      });
      assert.deepEqual(witness.sets, []);
      assert.deepEqual(await device.set({ "1": 1 }, { cid: SENSOR, confirm: "report" }), {
        confirmed: { "1": 1 },
      });
    });

    it("are sent a command where what the gateway said of them is old", async () => {
      const virtual = await startGateway();
      const { device } = await connect(virtual, {
        timings: { replyTimeoutMs: 400, childrenIntervalMs: 0 },
      });
      await device.listChildren();
      const witness = new Witness(virtual);
      await assert.rejects(device.set({ "1": true }, { cid: LOST }), {
        code: "CHILD_OFFLINE",
        message: /the command was sent and had no effect/,
      });
      assert.equal(witness.count(Command.LAN_EXT_STREAM), 1, "the list is asked for");
    });

    it("are no matter of a command to the device itself", async () => {
      const virtual = await startGateway();
      const { device } = await connectTo(virtual);
      const witness = new Witness(virtual);
      await device.set({ "1": "new" }, { confirm: "report" });
      assert.equal(witness.count(Command.LAN_EXT_STREAM), 0);
    });

    it("leave no timer behind where the connection ends", async () => {
      const virtual = await startGateway();
      const before = await resources();
      const client = clientOf(virtual);
      client.device.addChild(SENSOR);
      client.device.connect();
      await client.reported("the sensor", ({ cid }) => cid === SENSOR);
      client.device.disconnect();
      await assertNothingLeft(before);
    });

    it("count as online when they speak, and their listeners are told what has changed only", async () => {
      const virtual = await startGateway();
      const client = await connectTo(virtual);
      const { device } = client;
      await device.listChildren();
      const told: (boolean | undefined)[] = [];
      device.on("children", (online) => told.push(online.get(LOST)));
      virtual.set({ "1": true }, { cid: LOST });
      await client.until("its return", () => device.childOnline(LOST) === true);
      virtual.set({ "1": false }, { cid: LOST });
      await client.reported("more of it", ({ cid, dps }) => cid === LOST && dps["1"] === false);
      assert.deepEqual(told, [true]);
    });

    it("count as online when the gateway has fetched their values, not when it answers from memory", async () => {
      const virtual = await startGateway();
      const { device } = await connectTo(virtual);
      await device.listChildren();
      virtual.faults = { noChildList: true };
      virtual.setChildOnline(LOST, true);
      await device.query({ cid: LOST });
      assert.equal(device.childOnline(LOST), false);
      virtual.faults = { noChildList: true, fetchesChildren: "alone" };
      await device.query({ cid: LOST });
      assert.equal(device.childOnline(LOST), true);
    });

    it("are gone when lists leave them out for long, and listeners are told", async () => {
      const virtual = await startGateway();
      const client = await connect(virtual, {
        timings: { replyTimeoutMs: 400, childrenIntervalMs: 50, absentAfterMs: 500 },
      });
      const { device } = client;
      virtual.faults = { ignoreQuery: true };
      const told: (boolean | undefined)[] = [];
      device.on("children", (online) => {
        told.push(online.get(STRANGER));
        client.wake();
      });
      device.addChild(STRANGER);
      await client.until("its absence", () => told.includes(false));
      assert.equal(device.childOnline(STRANGER), false);
    });

    it("are read when they are followed, and again after each connect, as long as they are", async () => {
      const virtual = await startGateway();
      const client = await connectTo(virtual);
      const { device } = client;
      const unfollow = device.addChild(SENSOR);
      const isSensor = ({ cid, reason }: { cid?: string | undefined; reason: string }): boolean =>
        cid === SENSOR && reason === "initial";
      await client.reported("the sensor", isSensor);
      client.forget();
      device.reconnect();
      await client.reported("the sensor again", isSensor);
      unfollow();
      client.forget();
      device.reconnect();
      await client.reported("the gateway", ({ cid }) => cid === undefined);
      await device.query();
      assert.equal(client.reports.some(isSensor), false);
    });

    it("are not asked for while there is no connection", async () => {
      const virtual = await startGateway();
      const client = await connectTo(virtual);
      client.device.addChild(SENSOR);
      await client.reported("the sensor", ({ cid }) => cid === SENSOR);
      client.device.disconnect();
      assert.equal(await client.device.listChildren(), "ended");
    });
  });

  describe("refusing to be read", () => {
    it("is shown until values come, and warned of once for each set of settings", async () => {
      const virtual = await startDevice("3.4", { faults: { refuseQuery: true } });
      const client = clientOf(virtual, { timings: { replyTimeoutMs: 400 } });
      const { device } = client;
      device.connect();
      await client.until("word of it", () => isRefused(client));
      const [warning] = client.logs.of("warn");
      assert.equal(refusalOf(device.state), warning);
      assert.match(String(warning), /^Lamp is connected, but cannot be read.* mark it as device22/);
      virtual.set({ "2": 4 });
      await client.until("values", () => !isRefused(client));
      device.reconnect();
      await client.reached("connecting");
      await client.until("word of it again", () => isRefused(client));
      assert.equal(client.logs.of("warn").length, 1);
      device.configure({ ...device.settings, name: "Desk lamp" });
      await client.reached("connecting");
      await client.until("word of it again", () => isRefused(client));
      assert.equal(client.logs.of("warn").length, 2);
      assert.match(String(client.logs.of("warn")[1]), /^Desk lamp/);
    });

    it("is shown as long as the device says nothing, although it was asked for sub-devices", async () => {
      const virtual = await startDevice("3.4", {
        dps: {},
        faults: { refuseQuery: true },
        overrides: { emptyReport: "answered" },
      });
      const client = clientOf(virtual, { timings: { replyTimeoutMs: 400 } });
      const { device } = client;
      assert.deepEqual(device.knownChildren(), []);
      device.connect();
      await client.until("word of it", () => isRefused(client));
      virtual.faults = {};
      assert.deepEqual(await device.query(), {});
      assert.equal(isRefused(client), true);
    });

    it("ends no measuring", async () => {
      const virtual = await startDevice("3.4", { faults: { refuseQuery: true } });
      const client = clientOf(virtual, {
        settings: { refreshSeconds: 1 },
        timings: { replyTimeoutMs: 400 },
      });
      client.device.connect();
      await client.until("word of it", () => isRefused(client));
      const witness = new Witness(virtual, client);
      await client.until("a request to measure", () => witness.count(Command.UPDATEDPS) > 0);
    });

    it("is no fault of a gateway: its sub-devices are what it has", async () => {
      const refusing = { dps: {}, overrides: { emptyReport: "json obj data unvalid" } } as const;
      const client = clientOf(await startGateway(refusing), { timings: { replyTimeoutMs: 400 } });
      client.device.on("children", () => client.wake());
      client.device.connect();
      await client.until("its sub-devices", () => client.device.childOnline(SENSOR) === true);
      await client.device.query({ cid: SENSOR });
      assert.ok(client.states.every((state) => refusalOf(state) === undefined));
      assert.deepEqual(client.logs.of("warn"), []);
    });

    it("is no fault of a gateway without a list whose sub-devices are followed", async () => {
      const virtual = await startGateway({
        dps: {},
        faults: { noChildList: true },
        overrides: { emptyReport: "json obj data unvalid" },
      });
      const client = clientOf(virtual, { timings: { replyTimeoutMs: 200 } });
      client.device.addChild(SENSOR);
      client.device.connect();
      await client.reported("the sensor", ({ cid }) => cid === SENSOR);
      await client.device.query({ cid: SENSOR });
      assert.ok(client.states.every((state) => refusalOf(state) === undefined));
    });

    it("is shown no more once sub-devices are listed", async () => {
      const virtual = await startGateway({ faults: { refuseQuery: true, noChildList: true } });
      const client = clientOf(virtual, { timings: { replyTimeoutMs: 200 } });
      client.device.connect();
      await client.until("word of it", () => isRefused(client));
      virtual.faults = { refuseQuery: true };
      assert.equal(await client.device.listChildren(), "listed");
      assert.equal(isRefused(client), false);
    });

    it("says nothing of device22 to somebody who has set that", async () => {
      const virtual = await startDevice("3.3", {
        faults: { device22: true, refuseSet: true, refusal: "json obj data unvalid" },
      });
      const client = clientOf(virtual, {
        settings: { device22Dps: ["1"] },
        timings: { replyTimeoutMs: 400 },
      });
      client.device.connect();
      await client.until("word of it", () => isRefused(client));
      assert.match(String(refusalOf(client.device.state)), /set the version to Auto/);
    });

    it("is no fault of a gateway whose sub-device is followed, though nothing was heard of that yet", async () => {
      const virtual = await startGateway({
        dps: {},
        faults: { noChildList: true, slowChildren: { [SENSOR]: 60_000 } },
        overrides: { emptyReport: "json obj data unvalid" },
      });
      const client = clientOf(virtual, { timings: { replyTimeoutMs: 200 } });
      const witness = new Witness(virtual, client);
      client.device.addChild(SENSOR);
      client.device.connect();
      const isOwn = (payload: string): boolean => !payload.includes(SENSOR);
      await client.until(
        "both queries",
        () => witness.payloads(Command.DP_QUERY_NEW).filter(isOwn).length > 1,
      );
      // It has to be clear by then that no list comes.
      for (let i = 0; i < 2; i++) await client.device.listChildren();
      assert.ok(client.states.every((state) => refusalOf(state) === undefined));
    });

    it("is shown no more once a sub-device answers, though it has no values", async () => {
      const virtual = await startGateway({
        subDevices: { [SENSOR]: { dps: {} } },
        faults: { refuseQuery: true, noChildList: true },
        overrides: { emptyReport: "answered" },
      });
      const client = clientOf(virtual, { timings: { replyTimeoutMs: 200 } });
      client.device.connect();
      await client.until("word of it", () => isRefused(client));
      virtual.faults = { noChildList: true };
      await client.device.query({ cid: SENSOR });
      assert.equal(isRefused(client), false);
    });

    it("is shown no more once the gateway hears a Bluetooth device, but longer where its list is empty", async () => {
      const virtual = await startDevice("3.4", { faults: { refuseQuery: true } });
      const client = clientOf(virtual, { timings: { replyTimeoutMs: 400 } });
      client.device.connect();
      await client.until("word of it", () => isRefused(client));
      client.device.children({ online: [], offline: [], nearby: [] });
      assert.equal(isRefused(client), true);
      client.device.children({ online: [], offline: [], nearby: [SENSOR] });
      assert.equal(isRefused(client), false);
    });

    it("is not believed of a connection that was left meanwhile, and no reason to ask a gateway what it has", async () => {
      const { device } = await connectTo(await startDevice("3.4"));
      let asked = 0;
      const listChildren = (): Promise<unknown> => Promise.resolve(asked++);
      const left = { requests: { listChildren } } as unknown as Session;
      device.refused("json obj data unvalid", left);
      await settled();
      assert.deepEqual([asked, refusalOf(device.state)], [1, undefined]);
      device.children({ online: [SENSOR], offline: [], nearby: [] });
      device.refused("json obj data unvalid", left);
      await settled();
      assert.equal(asked, 1);
    });

    it("is shown no more once a sub-device is followed", async () => {
      const virtual = await startDevice("3.4", { faults: { refuseQuery: true } });
      const client = clientOf(virtual, { timings: { replyTimeoutMs: 400 } });
      client.device.connect();
      await client.until("word of it", () => isRefused(client));
      client.device.addChild(SENSOR);
      assert.equal(isRefused(client), false);
    });
  });

  it("keeps its present settings, and takes others", async () => {
    const { device } = clientOf(await startDevice("3.4"));
    assert.equal(device.settings.name, "Lamp");
    device.configure({ ...device.settings, name: "Desk lamp" });
    assert.deepEqual([device.settings.name, device.settings.localKey], ["Desk lamp", LOCAL_KEY]);
    assert.equal(device.state.kind, "idle");
  });

  it("connects where it is heard, and counts what it says and is sent", async () => {
    const virtual = await startDevice("3.4");
    const client = clientOf(virtual, { settings: { ip: "" } });
    client.device.connect();
    await client.reached("searching");
    assert.equal(client.device.statistics().bytesIn, 0);
    client.device.heard({ ip: virtual.host });
    await client.reached("ready");
    assert.ok(client.device.statistics().bytesIn > 0);
  });

  it("is closed when its socket is gone", async () => {
    const virtual = await startDevice("3.4");
    const { device } = await connect(virtual, { timings: SHORT_TIMINGS });
    const gone = once(virtual, "disconnect");
    await device.close();
    await gone;
    assert.deepEqual(device.state, { kind: "closed" });
    await assert.rejects(device.query(), { code: "CLOSED" });
  });
});
