import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { Device } from "../../src/device/device";
import { DEFAULT_TIMINGS, type Timings } from "../../src/session/timings";
import type { DeviceReport, DeviceSettings, DeviceState } from "../../src/device/types";
import type { Discovery } from "../../src/discovery/discovery";
import { Following } from "../../src/discovery/following";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../src/protocol/version";
import type { VirtualDeviceOptions } from "../../src/virtual/options";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { Inbox } from "../support/inbox";
import { ticksOf } from "../support/ticks";
import { announcement, openUdp, portsOf, sendUdp, startDiscovery } from "../support/udp";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";

const HOME = "127.0.0.2";
const NEW = "127.0.0.3";
const LIAR = "127.0.0.66";
const ANSWERS_IN_CLEAR: readonly ProtocolVersion[] = ["3.1", "3.2"];
const OTHER_KEY = "0123456789abcdef";

const TIMINGS: Partial<Timings> = {
  connectTimeoutMs: 300,
  negotiationTimeoutMs: 250,
  replyTimeoutMs: 250,
  settleMs: 20,
  pauseMs: 20,
  probeTimeoutMs: 200,
  backoffMs: [50, 100, 200],
  hopelessBackoffMs: 300,
};

/** A device that follows its announcements, and what it goes through. */
class Follower {
  readonly device: Device;
  readonly states = new Inbox<DeviceState>();
  readonly reports = new Inbox<DeviceReport>();
  readonly following: Following;
  static readonly all = new Set<Follower>();

  constructor(discovery: Discovery, settings: Partial<DeviceSettings>, timings: Partial<Timings> = {}) {
    this.device = new Device(
      { deviceId: DEVICE_ID, localKey: LOCAL_KEY, ip: "", version: "auto", ...settings },
      { timings: { ...TIMINGS, ...timings } },
    );
    this.device.on("state", (state) => this.states.push(state));
    this.device.on("report", (report) => this.reports.push(report));
    this.following = new Following(discovery, this.device);
    Follower.all.add(this);
    this.device.connect();
  }

  async ready(ms?: number): Promise<DeviceState & { kind: "ready" }> {
    return (await this.states.find(({ kind }) => kind === "ready", ms)) as DeviceState & { kind: "ready" };
  }

  waiting(): Promise<DeviceState> {
    return this.states.find(({ kind }) => kind === "waiting");
  }
}

afterEach(async () => {
  const followers = [...Follower.all];
  Follower.all.clear();
  await Promise.all(
    followers.map(({ device, following }) => {
      following.end();
      return device.close();
    }),
  );
});

/** The device at another address, under the same port as before. */
function startAt(host: string, port = 0, more: Partial<VirtualDeviceOptions> = {}): Promise<VirtualDevice> {
  return startDevice(more.version ?? "3.4", { host, port, ...more });
}

function announce(device: VirtualDevice, discovery: Discovery): Promise<void> {
  return device.announce({ port: portsOf(discovery)[0] });
}

/** Somebody who announces the device at his own address, over and over. Returns what stops him. */
async function lie(discovery: Discovery, everyMs: number, from = LIAR): Promise<() => void> {
  const socket = await openUdp(from);
  const [port] = portsOf(discovery);
  const datagram = announcement(DEVICE_ID, { ip: from, version: "3.4" });
  const timer = setInterval(() => void sendUdp(socket, datagram, port), everyMs);
  await sendUdp(socket, datagram, port);
  return () => clearInterval(timer);
}

/** A port number free on all of loopback. */
async function freePort(): Promise<number> {
  const server: Server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a device that follows its announcements", () => {
  for (const version of PROTOCOL_VERSIONS) {
    it(`is found by its id, in the version it announces (${version})`, async () => {
      const discovery = await startDiscovery();
      const virtual = await startAt(HOME, 0, { version });
      let connections = 0;
      virtual.on("connect", () => connections++);
      const follower = new Follower(discovery, { port: virtual.port });
      assert.equal(follower.device.state.kind, "searching");
      await announce(virtual, discovery);
      if (ANSWERS_IN_CLEAR.includes(version)) {
        // There is nothing to ask that would prove the key; a report does.
        await follower.waiting();
        virtual.set({ "2": 1 });
      }
      const { ip, version: spoken } = await follower.ready();
      assert.deepEqual([ip, spoken, connections], [HOME, version, 1]);
      const { dps } = await follower.reports.find(({ reason }) => reason === "initial");
      assert.deepEqual(Object.keys(dps), ["1", "2", "3"]);
    });
  }

  it("is found although it was heard before anybody asked", async () => {
    const discovery = await startDiscovery();
    const virtual = await startAt(HOME);
    const heard = new Promise((resolve) => discovery.on("heard", resolve));
    await announce(virtual, discovery);
    await heard;
    const follower = new Follower(discovery, { port: virtual.port });
    assert.equal((await follower.ready()).ip, HOME);
  });

  it("is found by a discovery request where it does not announce itself", async () => {
    const listening = await startDiscovery();
    const virtual = await startAt(HOME, 0, { version: "3.5", behaviour: "3.5o" });
    const port = await virtual.answerDiscovery({ port: 0, replyPort: portsOf(listening)[0] });
    await startDiscovery({ probe: [`${HOME}:${port}`] });
    const follower = new Follower(listening, { port: virtual.port });
    assert.equal((await follower.ready()).version, "3.5");
  });

  it("is found where it says it is when its packets come from elsewhere", async () => {
    const discovery = await startDiscovery();
    const virtual = await startAt(HOME);
    const follower = new Follower(discovery, { port: virtual.port });
    const relay = await openUdp("127.0.0.99");
    await sendUdp(relay, announcement(DEVICE_ID, { ip: HOME, version: "3.4" }), portsOf(discovery)[0]);
    assert.equal((await follower.ready()).ip, HOME);
  });

  it("is reached at an announced address when the configured one fails, and the settings stay", async () => {
    const discovery = await startDiscovery();
    const virtual = await startAt(NEW);
    const follower = new Follower(discovery, { ip: HOME, port: virtual.port });
    await follower.waiting();
    await announce(virtual, discovery);
    assert.equal((await follower.ready()).ip, NEW);
    assert.equal(follower.device.settings.ip, HOME);
  });

  it("is reached at its old address when it returns there", async () => {
    const discovery = await startDiscovery();
    const moved = await startAt(NEW);
    const follower = new Follower(discovery, { ip: HOME, port: moved.port });
    await announce(moved, discovery);
    assert.equal((await follower.ready()).ip, NEW);
    await moved.close();
    await follower.waiting();
    const returned = await startAt(HOME, moved.port);
    // Without being announced: a device whose places are taken announces nothing.
    assert.equal((await follower.ready()).ip, HOME);
    assert.equal(returned.clients, 1);
  });

  it("is reached at once when it is heard during a long wait", async () => {
    const discovery = await startDiscovery();
    const port = await freePort();
    const follower = new Follower(discovery, { ip: HOME, port }, { backoffMs: [60_000] });
    await follower.waiting();
    const virtual = await startAt(HOME, port);
    const ms = await ticksOf(async () => {
      await announce(virtual, discovery);
      await follower.ready();
    });
    assert.ok(ms < 1_000, `${ms} ms`);
  });

  it("is reached the moment it is heard when it is sleepy", async () => {
    const discovery = await startDiscovery();
    const port = await freePort();
    const settings = { ip: HOME, port, sleepy: true };
    const follower = new Follower(discovery, settings, { backoffMs: [60_000] });
    for (let i = 0; i < 3; i++) {
      await follower.states.find(({ kind }) => kind === "asleep");
      const virtual = await startAt(HOME, port);
      await announce(virtual, discovery);
      await follower.ready();
      await virtual.close();
    }
  });

  it("was last seen when it was heard, not when that was told", async () => {
    const device = new Device(
      { deviceId: DEVICE_ID, localKey: LOCAL_KEY, ip: "", version: "auto", sleepy: true },
      { timings: TIMINGS },
    );
    device.heard({ ip: HOME, time: 1_000 });
    device.connect();
    const asleep = new Promise<DeviceState>((resolve) => {
      device.on("state", (state) => state.kind === "asleep" && resolve(state));
    });
    assert.deepEqual(await asleep, { kind: "asleep", lastSeen: 1_000 });
    await device.close();
  });

  describe("and moves to another address", () => {
    it("is switched over although nobody closed the old connection", async () => {
      const discovery = await startDiscovery();
      const old = await startAt(HOME);
      const follower = new Follower(discovery, { ip: HOME, port: old.port });
      await follower.ready();
      await follower.reports.next();
      const moved = await startAt(NEW, old.port, { dps: { "1": true } });
      old.faults = { silent: true };
      const ms = await ticksOf(async () => {
        await announce(moved, discovery);
        assert.equal((await follower.ready()).ip, NEW);
        const { dps, changed } = await follower.reports.next();
        assert.deepEqual([dps, changed], [{ "1": true }, ["1"]]);
      });
      // The time to notice, a pause, and connecting.
      assert.ok(ms < 1_000, `${ms} ms`);
      assert.equal(follower.device.settings.ip, HOME);
      moved.set({ "1": false });
      assert.deepEqual((await follower.reports.next()).dps, { "1": false });
    });

    it("needs less than ten seconds for that by default", () => {
      const { probeTimeoutMs, connectTimeoutMs, negotiationTimeoutMs, replyTimeoutMs, pauseMs } =
        DEFAULT_TIMINGS;
      // Connected: the old connection has so long to give a sign of life; then a pause, and the new address is tried.
      assert.ok(probeTimeoutMs + pauseMs <= 5_000);
      // Not connected: the attempt under way may last until its first deadline; then a pause, and the new address.
      const longestAttempt = Math.max(connectTimeoutMs, negotiationTimeoutMs, replyTimeoutMs);
      assert.ok(longestAttempt + pauseMs <= 7_000);
    });

    for (const version of ["3.1", "3.2"] as const) {
      it(`is known there by what it reports where answers cannot prove the key (${version})`, async () => {
        const discovery = await startDiscovery();
        const old = await startAt(HOME, 0, { version });
        const follower = new Follower(discovery, { ip: HOME, port: old.port });
        await follower.ready();
        await old.close();
        const stranger = await startAt(LIAR, old.port, { version, id: "another device" });
        await sendUdp(
          await openUdp(LIAR),
          announcement(DEVICE_ID, { ip: LIAR, version }),
          portsOf(discovery)[0],
        );
        await once(stranger, "connect");
        const moved = await startAt(NEW, old.port, { version });
        const visited = once(moved, "connect");
        await announce(moved, discovery);
        await visited;
        moved.set({ "2": 1 });
        const { ip, keyProven } = await follower.ready();
        assert.deepEqual([ip, keyProven], [NEW, true]);
      });
    }

    it("takes its version along, whatever it is said to speak there", async () => {
      const discovery = await startDiscovery();
      const old = await startAt(HOME, 0, { version: "3.3" });
      const follower = new Follower(discovery, { ip: HOME, port: old.port });
      await follower.ready();
      await old.close();
      const moved = await startAt(NEW, old.port, { version: "3.3" });
      let connections = 0;
      moved.on("connect", () => connections++);
      const socket = await openUdp(NEW);
      await sendUdp(socket, announcement(DEVICE_ID, { ip: NEW, version: "3.5" }), portsOf(discovery)[0]);
      assert.deepEqual([(await follower.ready()).version, connections], ["3.3", 1]);
    });
  });

  describe("and is announced by a liar", () => {
    it("stays where it is", async () => {
      const discovery = await startDiscovery();
      const virtual = await startAt(HOME);
      const follower = new Follower(discovery, { ip: HOME, port: virtual.port });
      await follower.ready();
      const liar = await startAt(LIAR, virtual.port, { localKey: OTHER_KEY });
      let visits = 0;
      liar.on("connect", () => visits++);
      let heartbeats = 0;
      virtual.on("request", ({ command }) => (command === 9 ? heartbeats++ : 0));
      const stop = await lie(discovery, 10);
      await pause(500);
      stop();
      assert.equal(follower.device.state.kind, "ready");
      assert.deepEqual(follower.states.rest(), []);
      assert.ok(heartbeats <= 2, `${heartbeats} heartbeats`);
      assert.equal(visits, 0);
      virtual.set({ "2": 7 });
      await follower.reports.find(({ dps }) => dps["2"] === 7);
    });

    it("is asked no more often for a sign of life, however many addresses are announced", async () => {
      const discovery = await startDiscovery();
      const virtual = await startAt(HOME);
      const follower = new Follower(discovery, { ip: HOME, port: virtual.port }, { probeTimeoutMs: 200 });
      await follower.ready();
      let heartbeats = 0;
      virtual.on("request", ({ command }) => (command === 9 ? heartbeats++ : 0));
      const [port] = portsOf(discovery);
      const began = performance.now();
      for (let i = 1; i <= 60; i++) {
        const socket = await openUdp(`127.0.66.${i}`);
        await sendUdp(socket, announcement(DEVICE_ID, { ip: `127.0.66.${i}` }), port);
        await pause(10);
      }
      assert.equal(follower.device.state.kind, "ready");
      const allowed = 3 + (performance.now() - began) / 200;
      assert.ok(heartbeats <= allowed, `${heartbeats} heartbeats`);
    });

    for (const [name, options] of Object.entries({
      "holds another key": { localKey: OTHER_KEY },
      "accepts connections and keeps silent": { faults: { silent: true } },
      "closes connections at once": { faults: { busy: true } },
      "speaks an older version under another key": { localKey: OTHER_KEY, version: "3.3" as const },
    })) {
      it(`who ${name}: is reached where it is as soon as it is back`, async () => {
        const discovery = await startDiscovery();
        const port = await freePort();
        const liar = await startAt(LIAR, port, options);
        let visits = 0;
        liar.on("connect", () => visits++);
        liar.on("reject", () => visits++);
        const follower = new Follower(discovery, { ip: HOME, port });
        const stop = await lie(discovery, 10);
        await pause(600);
        assert.notEqual(follower.device.state.kind, "ready");
        // Each announcement is not a visit: 60 announcements, and fewer attempts than one in 30 ms.
        assert.ok(visits <= 20, `${visits} visits`);
        const virtual = await startAt(HOME, port);
        assert.equal((await follower.ready()).ip, HOME);
        stop();
        assert.equal(virtual.clients, 1);
        assert.equal(liar.clients, 0);
      });
    }

    it("is found by its id although the liar speaks a hundred times as often", async () => {
      const discovery = await startDiscovery();
      const port = await freePort();
      await startAt(LIAR, port, { faults: { silent: true } });
      const follower = new Follower(discovery, { port });
      const stop = await lie(discovery, 5);
      await pause(200);
      const virtual = await startAt(HOME, port);
      await announce(virtual, discovery);
      assert.equal((await follower.ready()).ip, HOME);
      stop();
    });

    it("is not taken for somebody who knows its id and no key (3.1)", async () => {
      const discovery = await startDiscovery();
      const virtual = await startAt(HOME);
      const follower = new Follower(discovery, { ip: HOME, port: virtual.port });
      await follower.ready();
      const liar = await startAt(LIAR, virtual.port, { version: "3.1", dps: { "1": "a lie" } });
      let queries = 0;
      liar.on("request", () => queries++);
      await virtual.close();
      await follower.waiting();
      const stop = await lie(discovery, 10);
      await pause(800);
      stop();
      assert.equal(follower.device.state.kind, "waiting");
      assert.equal(
        follower.reports.all.some(({ dps }) => dps["1"] === "a lie"),
        false,
      );
      await startAt(HOME, virtual.port);
      assert.equal((await follower.ready()).ip, HOME);
    });

    it("blames nobody's key on what happened at the liar's address", async () => {
      const discovery = await startDiscovery();
      const port = await freePort();
      await startAt(LIAR, port, { localKey: OTHER_KEY });
      const follower = new Follower(discovery, { ip: HOME, port });
      const stop = await lie(discovery, 10);
      await pause(500);
      stop();
      const codes = follower.states.all.map((state) =>
        state.kind === "waiting" ? state.error.code : undefined,
      );
      assert.deepEqual([...new Set(codes)].filter(Boolean), ["UNREACHABLE"]);
    });
  });

  it("moves although another device got its address", async () => {
    const discovery = await startDiscovery();
    const other = await startAt(HOME, 0, { localKey: OTHER_KEY, id: "another device" });
    const moved = await startAt(NEW, other.port);
    const follower = new Follower(discovery, { ip: HOME, port: other.port });
    await follower.states.find((state) => state.kind === "waiting" && state.error.code === "WRONG_KEY");
    await announce(moved, discovery);
    assert.equal((await follower.ready()).ip, NEW);
  });

  it("finds its way again after its settings changed", async () => {
    const discovery = await startDiscovery();
    const virtual = await startAt(HOME);
    const follower = new Follower(discovery, { port: virtual.port });
    await announce(virtual, discovery);
    await follower.ready();
    follower.device.configure({ ...follower.device.settings, name: "renamed" });
    // Where it proved its key is remembered.
    await follower.states.find(({ kind }) => kind === "connecting");
    assert.equal((await follower.ready()).ip, HOME);
  });
});
