import assert from "node:assert/strict";
import { once } from "node:events";
import { Announcements } from "../../../src/diagnosis/address/announcements";
import { judgeIdentity } from "../../../src/diagnosis/address/identity";
import { AbortedError, Deadline } from "../../../src/diagnosis/deadline";
import type { Discovery } from "../../../src/discovery/discovery";
import type { HeardDevice } from "../../../src/discovery/heard-devices";
import { useClock } from "../../support/clock";
import { SHORT } from "../../support/diagnosis";
import { openUdp, startDiscovery } from "../../support/udp";

function heard(id: string, ip: string, more: Partial<HeardDevice> = {}): HeardDevice {
  const now = Date.now();
  return {
    id,
    ip,
    sender: ip,
    version: "3.4",
    productKey: undefined,
    encrypted: true,
    paired: true,
    firstSeen: now,
    lastSeen: now,
    ...more,
  };
}

/** What a discovery would have heard. */
function hearingOf(...devices: HeardDevice[]): Announcements {
  const discovery = {
    devices: () => devices,
    device: (id: string) => devices.find((device) => device.id === id),
  } as unknown as Discovery;
  return new Announcements(discovery, SHORT, new Deadline(1_000, undefined));
}

const OLD = { lastSeen: Date.now() - SHORT.freshMs - 1_000 };

describe("Hearing", () => {
  it("knows who lives at an address", () => {
    const announcements = hearingOf(heard("a", "192.0.2.1"), heard("b", "192.0.2.2"));
    assert.equal(announcements.at("192.0.2.2", "a")?.id, "b");
    assert.equal(announcements.at("192.0.2.3", "a"), undefined);
  });

  it("knows the device itself among several, and none of the others", () => {
    const announcements = hearingOf(
      heard("a", "192.0.2.1"),
      heard("b", "192.0.2.1"),
      heard("c", "192.0.2.1"),
    );
    assert.equal(announcements.at("192.0.2.1", "a")?.id, "a");
    assert.equal(announcements.at("192.0.2.1", "x"), undefined);
  });

  it("goes by the address packets come from where nobody names it", () => {
    const announcements = hearingOf(heard("a", "192.0.2.1", { sender: "198.51.100.1" }));
    assert.equal(announcements.at("198.51.100.1", "a")?.id, "a");
  });

  it("takes a sender of many devices for a relay", () => {
    const sender = "198.51.100.1";
    const announcements = hearingOf(heard("a", "192.0.2.1", { sender }), heard("b", "192.0.2.2", { sender }));
    assert.equal(announcements.at(sender, "x"), undefined);
  });

  it("does not go by what was heard long ago", () => {
    const announcements = hearingOf(heard("a", "192.0.2.1", OLD));
    assert.equal(announcements.at("192.0.2.1", "a"), undefined);
    assert.equal(announcements.lately("a"), undefined);
    assert.equal(announcements.of("a")?.ip, "192.0.2.1");
  });

  it("counts the others", () => {
    assert.equal(hearingOf(heard("a", "192.0.2.1"), heard("b", "192.0.2.2")).others("a"), 1);
  });

  it("hears nothing where nobody listens", async () => {
    const announcements = new Announcements(undefined, SHORT, new Deadline(1_000, undefined));
    announcements.open();
    assert.equal(await announcements.listenFor("a"), undefined);
    await announcements.catchUp("192.0.2.1", "a");
    assert.deepEqual([announcements.others("a"), announcements.health], [0, undefined]);
    announcements.close();
  });

  it("has the network asked as long as it is open", async () => {
    const listener = await openUdp();
    const asking = await startDiscovery({ probe: [`127.0.0.1:${listener.address().port}`] });
    const announcements = new Announcements(asking, SHORT, new Deadline(5_000, undefined));
    const request = once(listener, "message");
    announcements.open();
    const [datagram] = (await request) as [Buffer];
    assert.equal(datagram.readUInt32BE(10), 0x25);
    announcements.close();
  });
});

describe("judgeIdentity", () => {
  const nameOf = (id: string): string => (id === "b" ? "Kitchen plug" : id);
  const judge = (
    announcements: Announcements,
    namedIds: readonly string[] = [],
    keyProven = true,
  ): ReturnType<typeof judgeIdentity> =>
    judgeIdentity({
      deviceId: "a",
      ip: "192.0.2.1",
      namedIds: new Set(namedIds),
      keyProven,
      announcements,
      nameOf,
    });

  it("believes what the device says of itself before anything else", () => {
    assert.deepEqual(judge(hearingOf(heard("b", "192.0.2.1")), ["a"]), { says: "It calls itself a." });
    assert.deepEqual(judge(hearingOf(heard("a", "192.0.2.1")), ["b"]), {
      cause: { cause: "stranger", stranger: "Kitchen plug", by: "itself" },
    });
  });

  it("then goes by announcements", () => {
    assert.deepEqual(judge(hearingOf(heard("a", "192.0.2.1"))), { says: "a announces itself from there." });
    assert.deepEqual(judge(hearingOf(heard("b", "192.0.2.1"))), {
      cause: { cause: "stranger", stranger: "Kitchen plug", by: "announcement" },
    });
  });

  it("believes a key that fits rather than that the device moved", () => {
    const moved = hearingOf(heard("a", "192.0.2.9"));
    assert.deepEqual(judge(moved, [], false), { cause: { cause: "moved", to: "192.0.2.9" } });
    assert.match(JSON.stringify(judge(moved, [], true)), /its key fits/);
  });

  it("has nothing against a device nothing is heard of", () => {
    assert.match(JSON.stringify(judge(hearingOf(), [], false)), /nothing speaks against it/);
  });
});

describe("Deadline", () => {
  const clock = useClock();

  it("waits no longer than all may take, less what is reserved", async () => {
    const deadline = new Deadline(60, undefined);
    const told: unknown[] = [];
    void deadline.wait(new Promise(() => {}), 10_000, 30).then((result) => told.push(result));
    await clock.pass(29);
    assert.deepEqual(told, []);
    await clock.pass(1);
    assert.deepEqual(told, [undefined]);
    assert.equal(deadline.left(), 30);
    assert.equal(deadline.left(60), 0);
  });

  it("hands on what it waited for", async () => {
    assert.equal(await new Deadline(1_000, undefined).wait(Promise.resolve(7), 1_000), 7);
    await assert.rejects(
      new Deadline(1_000, undefined).wait(Promise.reject(new Error("no")), 1_000),
      /^Error: no$/,
    );
  });

  it("gives up at once when it is aborted, before or while it waits", async () => {
    const abort = new AbortController();
    const deadline = new Deadline(10_000, abort.signal);
    const waiting = deadline.pause(10_000);
    abort.abort();
    await assert.rejects(waiting, AbortedError);
    await assert.rejects(deadline.pause(10_000), AbortedError);
    assert.throws(() => deadline.check(), AbortedError);
  });
});
