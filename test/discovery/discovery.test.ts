import assert from "node:assert/strict";
import { once } from "node:events";
import { Discovery, type Watcher } from "../../src/discovery/discovery";
import type { HeardDevice } from "../../src/discovery/heard-devices";
import { Inbox } from "../support/inbox";
import { Logs } from "../support/logs";
import { assertSince } from "../support/moments";
import { Random } from "../support/random";
import {
  announcement,
  announcementJson,
  nextEvent,
  openUdp,
  packings,
  portsOf,
  sendUdp,
  startDiscovery,
} from "../support/udp";
import { badVectors, frameOf, udpVectors, vectorNamed } from "../support/vectors";
import { startDevice } from "../support/virtual";

/** Everything a discovery tells, in order. */
function listenTo(discovery: Discovery): Inbox<string> {
  const inbox = new Inbox<string>();
  for (const event of ["found", "changed", "lost"] as const) {
    discovery.on(event, ({ id }) => inbox.push(`${event} ${id}`));
  }
  return inbox;
}

/** Resolves when a discovery has counted so many datagrams it could not use. */
async function ignored(discovery: Discovery, count: number): Promise<Record<string, number>> {
  for (let i = 0; i < 200; i++) {
    const counts = discovery.health().ignored;
    if (Object.values(counts).reduce((sum, n) => sum + n, 0) >= count) return { ...counts };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { ...discovery.health().ignored };
}

describe("Discovery", () => {
  for (const [name, pack] of Object.entries(packings)) {
    it(`hears ${name} on every port`, async () => {
      const discovery = await startDiscovery({ ports: [0, 0, 0] });
      const socket = await openUdp("127.0.0.7");
      const ports = portsOf(discovery);
      assert.equal(new Set(ports).size, 3);
      for (const port of ports) {
        const id = `device at ${port}`;
        const heard = nextEvent(discovery, "found");
        await sendUdp(socket, pack(announcementJson(id, { ip: "127.0.0.7", version: "3.4" })), port);
        assert.equal(await heard, id);
        const { version, ip, sender, productKey } = discovery.device(id) as HeardDevice;
        assert.deepEqual(
          { version, ip, sender, productKey },
          { version: "3.4", ip: "127.0.0.7", sender: "127.0.0.7", productKey: "vproduct" },
        );
      }
    });
  }

  it("hears what is recorded of real devices", async () => {
    const discovery = await startDiscovery();
    const [port] = portsOf(discovery);
    const heard = new Set<string>();
    discovery.on("heard", ({ id }) => heard.add(id));
    const announcements = udpVectors.filter(({ id }) => id !== "udp7000-25-req");
    assert.ok(announcements.length >= 6);
    const socket = await openUdp();
    for (const vector of announcements) {
      const next = nextEvent(discovery, "heard");
      await sendUdp(socket, frameOf(vector), port);
      await next;
    }
    assert.ok(heard.size >= 2);
    assert.deepEqual(discovery.health().ignored, {});
  });

  it("tells found, changed and lost, and every announcement", async () => {
    const discovery = await startDiscovery(
      {},
      { timings: { lostAfterMs: 60, calmProbeMs: 20, changeEveryMs: 0 } },
    );
    const [port] = portsOf(discovery);
    const events = listenTo(discovery);
    let heard = 0;
    discovery.on("heard", () => heard++);
    const socket = await openUdp();
    await sendUdp(socket, announcement("a"), port);
    await sendUdp(socket, announcement("a"), port);
    await sendUdp(socket, announcement("a", { ip: "127.0.0.9" }), port);
    assert.equal(await events.next(), "found a");
    assert.equal(await events.next(), "changed a");
    assert.equal(await events.next(), "lost a");
    assert.equal(heard, 3);
    assert.equal(discovery.device("a"), undefined);
    await sendUdp(socket, announcement("a"), port);
    assert.equal(await events.next(), "found a");
  });

  it("counts what it cannot use, and goes on", async () => {
    const discovery = await startDiscovery();
    const [port] = portsOf(discovery);
    const socket = await openUdp();
    const datagrams: readonly [string, Buffer][] = [
      ["not_tuya", Buffer.alloc(0)],
      ["not_tuya", Buffer.from("M-SEARCH * HTTP/1.1\r\n\r\n")],
      ["not_tuya", frameOf(vectorNamed("udp6667-13")).subarray(0, 40)],
      ["bad_body", packings["clear 55AA (3.1)"](Buffer.from("[1]"))],
      ["bad_body", packings["clear 55AA (3.1)"](Buffer.from(`{"gwId":${"[".repeat(500)}`))],
      ["request", frameOf(vectorNamed("udp7000-25-req"))],
      ["too_long", Buffer.alloc(1_501, 0x20)],
      ["too_long", announcement("long", { more: "x".repeat(5_000) })],
    ];
    for (const [, datagram] of datagrams) await sendUdp(socket, datagram, port);
    const counts = await ignored(discovery, datagrams.length);
    assert.deepEqual(counts, { not_tuya: 3, bad_body: 2, request: 1, too_long: 2 });
    const found = nextEvent(discovery, "found");
    await sendUdp(socket, announcement("a"), port);
    assert.equal(await found, "a");
    assert.deepEqual(
      discovery.devices().map(({ id }) => id),
      ["a"],
    );
  });

  it("survives broken and mutated datagrams", async () => {
    const discovery = await startDiscovery();
    const [port] = portsOf(discovery);
    const socket = await openUdp();
    const random = new Random(7);
    const whole = [...udpVectors, ...badVectors].map(frameOf).filter(({ length }) => length <= 1_500);
    const count = 400;
    for (let i = 0; i < count; i++) {
      const datagram = Buffer.from(random.pick(whole));
      for (let n = random.between(1, 4); n > 0; n--)
        datagram[random.below(datagram.length)] = random.below(256);
      await sendUdp(socket, datagram.subarray(0, random.between(0, datagram.length)), port);
    }
    const { ignored: counts, announcements } = discovery.health();
    const total = Object.values(counts).reduce((sum, n) => sum + n, announcements);
    assert.equal(total, count);
    assert.equal(counts.flood, undefined);
  });

  it("tells a watcher of its own device only, and no longer than wanted", async () => {
    const logs = new Logs();
    const discovery = await startDiscovery({}, { logger: logs });
    const [port] = portsOf(discovery);
    const socket = await openUdp();
    const first: string[] = [];
    const second: string[] = [];
    const firstWatcher: Watcher = { heard: ({ id }) => first.push(id) };
    const secondWatcher: Watcher = { heard: ({ id }) => second.push(id) };
    discovery.watch("a", firstWatcher);
    discovery.watch("a", secondWatcher);
    discovery.watch("a", {
      heard: () => {
        throw new Error("a watcher that fails");
      },
    });
    const tell = async (id: string): Promise<void> => {
      const heard = nextEvent(discovery, "heard");
      await sendUdp(socket, announcement(id), port);
      await heard;
    };
    await tell("a");
    await tell("b");
    discovery.unwatch("a", firstWatcher);
    discovery.unwatch("a", firstWatcher);
    await tell("a");
    discovery.unwatch("a", secondWatcher);
    await tell("a");
    assert.deepEqual([first, second], [["a"], ["a", "a"]]);
    assert.equal(logs.of("error").length, 3);
  });

  it("keeps a place for devices somebody watches, in a flood of ids from everywhere", async () => {
    const discovery = await startDiscovery();
    const [port] = portsOf(discovery);
    const events = listenTo(discovery);
    discovery.watch("mine", { heard: () => {} });
    // 4,500 ids of 10 senders: more than are kept, and as many as are looked at.
    for (let sender = 1; sender <= 10; sender++) {
      const socket = await openUdp(`127.0.3.${sender}`);
      for (let i = 0; i < 450; i++) {
        await sendUdp(socket, packings["clear 55AA (3.1)"](announcementJson(`${sender} ${i}`)), port);
      }
    }
    await ignored(discovery, 2_000);
    const crowded = discovery.health().devices;
    assert.equal(crowded, 2_000);
    await sendUdp(await openUdp("127.0.0.9"), announcement("mine"), port);
    await events.find((event) => event === "found mine");
    assert.equal(discovery.health().devices, 2_001);
    assert.ok(discovery.device("1 0"), "the first ones are still there");
  });

  it("looks at a flood of one sender for a part of each second only, and at others all the time", async () => {
    const discovery = await startDiscovery();
    const [port] = portsOf(discovery);
    const flooder = await openUdp("127.0.0.66");
    const noise = Buffer.alloc(64, 1);
    for (let i = 0; i < 1_500; i++) await sendUdp(flooder, noise, port);
    const found = nextEvent(discovery, "found");
    await sendUdp(await openUdp("127.0.0.9"), announcement("quiet"), port);
    assert.equal(await found, "quiet");
    const { flood = 0, not_tuya: looked = 0 } = discovery.health().ignored;
    assert.ok(flood > 0, "nothing was refused");
    assert.ok(looked <= 1_000, `${looked} datagrams were looked at`);
  });

  it("goes on with the other ports where one is taken", async () => {
    const owner = await openUdp();
    const logs = new Logs();
    const taken = owner.address().port;
    const discovery = await startDiscovery(
      { ports: [0, taken] },
      { logger: logs, timings: { portRetryMs: 20 } },
    );
    const [port, other] = discovery.health().ports;
    assert.deepEqual(other, { port: taken, state: { kind: "taken", reason: "EADDRINUSE" } });
    const found = nextEvent(discovery, "found");
    await sendUdp(await openUdp(), announcement("a"), port?.port ?? 0);
    assert.equal(await found, "a");

    const gone = once(owner, "close");
    owner.close();
    await gone;
    for (let i = 0; i < 100 && discovery.health().ports[1]?.state.kind !== "open"; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const foundThere = nextEvent(discovery, "found");
    await sendUdp(await openUdp(), announcement("b"), taken);
    assert.equal(await foundThere, "b");
    assert.equal(logs.of("warn").length, 1);
  });

  it("reports what it does", async () => {
    const began = Date.now();
    const discovery = new Discovery({ bind: "127.0.0.1", ports: [0], probe: [] });
    assert.deepEqual(discovery.health(), {
      ports: [{ port: 0, state: { kind: "closed" } }],
      announcements: 0,
      lastHeard: undefined,
      ignored: {},
      probes: 0,
      devices: 0,
      since: undefined,
    });
    await discovery.open();
    const found = nextEvent(discovery, "found");
    await sendUdp(await openUdp(), announcement("a"), portsOf(discovery)[0]);
    await found;
    const health = discovery.health();
    assert.equal(health.announcements, 1);
    assert.equal(health.devices, 1);
    assertSince(began, health.since);
    assertSince(began, health.lastHeard);
    await discovery.close();
    assert.equal(discovery.health().since, undefined);
    assert.ok(discovery.device("a"), "what was heard is kept");
  });

  it("opens and closes repeatedly, and while it opens", async () => {
    const discovery = new Discovery({ bind: "127.0.0.1", ports: [0], probe: [] });
    for (let i = 0; i < 3; i++) {
      const opened = discovery.open();
      assert.equal(discovery.open(), opened);
      if (i === 1) await opened;
      await discovery.close();
      await opened;
    }
    assert.deepEqual(discovery.health().ports[0]?.state, { kind: "closed" });
  });
});

describe("discovery requests", () => {
  /** A discovery whose requests arrive in an inbox; `host:port` of more targets may be given. */
  async function start(timings: object): Promise<{ discovery: Discovery; requests: Inbox<number> }> {
    const requests = new Inbox<number>();
    const target = await openUdp("127.0.0.8");
    target.on("message", () => requests.push(performance.now()));
    const discovery = await startDiscovery(
      { probe: [`127.0.0.8:${target.address().port}`] },
      { timings: { calmProbeMs: 100_000, eagerProbeMs: 30, ...timings } },
    );
    return { discovery, requests };
  }

  it("go where the settings say, and devices on several addresses answer them", async () => {
    const discovery = await startDiscovery();
    const [replyPort] = portsOf(discovery);
    const probe: string[] = [];
    for (const host of ["127.0.0.2", "127.0.0.3", "127.0.0.44"]) {
      const device = await startDevice("3.5", { behaviour: "3.5o", id: `vdev at ${host}`, host });
      probe.push(`${host}:${await device.answerDiscovery({ port: 0, replyPort })}`);
    }
    const asking = await startDiscovery({ probe });
    const found = new Inbox<string>();
    discovery.on("found", ({ id, ip, version }) => found.push(`${id} ${ip} ${version}`));
    const ids = [await found.next(), await found.next(), await found.next()].sort();
    assert.deepEqual(ids, [
      "vdev at 127.0.0.2 127.0.0.2 3.5",
      "vdev at 127.0.0.3 127.0.0.3 3.5",
      "vdev at 127.0.0.44 127.0.0.44 3.5",
    ]);
    assert.equal(asking.health().probes, 3);
  });

  it("carry on where a target is impossible", async () => {
    const logs = new Logs();
    const target = await openUdp("127.0.0.8");
    const message = once(target, "message");
    await startDiscovery(
      { probe: ["127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:x", `127.0.0.8:${target.address().port}`] },
      { logger: logs },
    );
    await message;
    assert.deepEqual(
      logs.of("warn").map((line) => /"(.*)"/.exec(line)?.[1]),
      ["127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:x"],
    );
  });

  it("are ignored when they come back", async () => {
    const discovery = await startDiscovery();
    const [port] = portsOf(discovery);
    await startDiscovery({ probe: [`127.0.0.1:${port}`] });
    assert.deepEqual(await ignored(discovery, 1), { request: 1 });
    assert.deepEqual(discovery.devices(), []);
  });

  it("are rare, and frequent while somebody seeks", async () => {
    const { discovery, requests } = await start({});
    await requests.next();
    const end = discovery.seek();
    await requests.next();
    await requests.next();
    const ended = performance.now();
    end();
    end();
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.ok(requests.all.filter((time) => time > ended).length <= 1);
    // Another seeker is served although an earlier one ended twice.
    requests.rest();
    discovery.seek();
    await requests.next();
  });

  it("follow each other no faster for many seekers", async () => {
    const { discovery, requests } = await start({ eagerProbeMs: 200 });
    await requests.next();
    for (let i = 0; i < 50; i++) discovery.seek()();
    for (let i = 0; i < 50; i++) discovery.seek();
    const began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const allowed = 1 + (performance.now() - began) / 200;
    const sent = requests.rest().length;
    assert.ok(sent >= 1 && sent <= allowed, `${sent} requests`);
  });

  it("become rare again when somebody seeks for too long", async () => {
    const { discovery, requests } = await start({ eagerForMs: 300, eagerProbeMs: 20 });
    discovery.seek();
    await requests.next();
    await requests.next();
    await new Promise((resolve) => setTimeout(resolve, 600));
    const count = requests.all.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(requests.all.length, count);
    discovery.seek();
    requests.rest();
    await requests.next();
  });

  it("are not sent before a port is open, nor after closing", async () => {
    const { discovery, requests } = await start({});
    await discovery.close();
    discovery.seek();
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(requests.all.length, 0);
  });
});
