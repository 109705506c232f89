import assert from "node:assert/strict";
import { HeardDevices, type HeardDevicesOptions } from "../../src/discovery/heard-devices";
import type { Announcement } from "../../src/protocol/announcement";

const LOST_MS = 180_000;
const CHANGE_MS = 10_000;

function create(more: Partial<HeardDevicesOptions> = {}): HeardDevices {
  return new HeardDevices({
    capacity: 10,
    perSender: 5,
    lostAfterMs: LOST_MS,
    changeEveryMs: CHANGE_MS,
    isWatched: () => false,
    ...more,
  });
}

function announced(id: string, more: Partial<Announcement> = {}): Announcement {
  return { id, ip: "10.0.0.7", version: "3.3", productKey: "pk", encrypted: true, active: 2, ...more };
}

/** What becomes of an announcement. */
function change(devices: HeardDevices, id: string, now: number, sender = "192.0.2.7", more = {}): string {
  return devices.note(announced(id, more), sender, now).change;
}

describe("HeardDevices", () => {
  it("describes a device as it announced itself", () => {
    const before = Date.now();
    const { device } = create().note(announced("a"), "192.0.2.8", 0);
    const { firstSeen, lastSeen, ...rest } = device;
    assert.deepEqual(rest, {
      id: "a",
      ip: "10.0.0.7",
      sender: "192.0.2.8",
      version: "3.3",
      productKey: "pk",
      encrypted: true,
      paired: true,
    });
    assert.ok(firstSeen >= before && firstSeen <= Date.now());
    assert.equal(lastSeen, firstSeen);
  });

  it("takes a device that says it is not paired for what it says", () => {
    const devices = create();
    assert.equal(devices.note(announced("a", { active: 0 }), "192.0.2.7", 0).device.paired, false);
    assert.equal(devices.note(announced("b", { active: undefined }), "192.0.2.7", 0).device.paired, true);
  });

  it("finds a device once, and keeps when that was", () => {
    const devices = create();
    const first = devices.note(announced("a"), "192.0.2.7", 0);
    const second = devices.note(announced("a"), "192.0.2.7", 5_000);
    assert.equal(first.change, "found");
    assert.equal(second.change, "same");
    assert.equal(second.device.firstSeen, first.device.firstSeen);
    assert.deepEqual(devices.get("a"), second.device);
    assert.equal(devices.size, 1);
  });

  for (const [name, more] of Object.entries({
    address: { ip: "10.0.0.99" },
    version: { version: "3.4" },
    product: { productKey: "other" },
    encryption: { encrypted: false },
    pairing: { active: 0 },
  })) {
    it(`tells that the ${name} changed, at once`, () => {
      const devices = create();
      change(devices, "a", 0);
      assert.equal(change(devices, "a", 1, "192.0.2.7", more), "changed");
      assert.equal(change(devices, "a", 2, "192.0.2.7", more), "same");
    });
  }

  it("tells a device that contradicts itself no more often than wanted, and its last word in the end", () => {
    const devices = create();
    change(devices, "a", 0);
    const told: number[] = [];
    for (let now = 100; now <= 60_000; now += 100) {
      const ip = `10.0.0.${now % 200 === 0 ? 7 : 66}`;
      if (change(devices, "a", now, "192.0.2.7", { ip }) === "changed") told.push(now);
    }
    assert.equal(told[0], 100);
    assert.equal(told.length, 6);
    assert.equal(devices.get("a")?.ip, "10.0.0.7");
    // Told last: 10.0.0.66 or .7; what differs from that is told when its time has come.
    const last = change(devices, "a", 80_000, "192.0.2.7", { ip: "10.0.0.50" });
    assert.equal(last, "changed");
  });

  it("loses devices not heard for long, oldest first, and finds them anew", () => {
    const devices = create();
    change(devices, "a", 0);
    change(devices, "b", 1_000);
    change(devices, "a", 2_000);
    assert.deepEqual(devices.removeLost(LOST_MS + 999), []);
    assert.deepEqual(
      devices.removeLost(LOST_MS + 2_000).map(({ id }) => id),
      ["b", "a"],
    );
    assert.deepEqual(devices.all(), []);
    assert.equal(change(devices, "a", LOST_MS + 3_000), "found");
  });

  it("loses nobody because the clock of day jumps", () => {
    const devices = create();
    const realNow = Date.now;
    try {
      Date.now = () => 1_000;
      change(devices, "a", 0);
      Date.now = () => 1_900_000_000_000;
      assert.deepEqual(devices.removeLost(1_000), []);
    } finally {
      Date.now = realNow;
    }
  });

  describe("in a flood of invented ids", () => {
    it("keeps who was here first, and takes so many of one sender", () => {
      const devices = create();
      change(devices, "real", 0);
      const changes = new Set<string>();
      let found = 0;
      for (let i = 0; i < 10_000; i++) {
        const result = change(devices, `invented ${i}`, i / 10, "192.0.2.66");
        if (result === "found") found++;
        changes.add(result);
      }
      assert.equal(found, 5);
      assert.deepEqual([...changes], ["found", "crowded"]);
      assert.equal(devices.size, 6);
      assert.ok(devices.get("real"));
      assert.equal(change(devices, "another real one", 1_000, "192.0.2.8"), "found");
    });

    it("keeps no more than it has room for, however many senders there are, and soon stops changing its mind", () => {
      const devices = create();
      let found = 0;
      for (let i = 0; i < 10_000; i++) {
        if (change(devices, `invented ${i}`, 0, `192.0.2.${i % 250}`) === "found") found++;
        assert.ok(devices.size <= 10);
      }
      assert.ok(found <= 20, String(found));
    });

    it("has a sender with most ids give way to others, as long as that is fair", () => {
      const devices = create();
      for (let i = 0; i < 5; i++) change(devices, `a ${i}`, 0, "192.0.2.66");
      for (let i = 0; i < 5; i++) change(devices, `b ${i}`, 0, "192.0.2.67");
      const { change: first, displaced } = devices.note(announced("real"), "192.0.2.8", 1);
      assert.deepEqual([first, displaced?.id, devices.size], ["found", "a 4", 10]);
      assert.equal(devices.get("a 4"), undefined);
      assert.equal(change(devices, "a 4", 2, "192.0.2.66"), "crowded");
      for (let i = 0; i < 100; i++) change(devices, `c ${i}`, 3, "192.0.2.68");
      const bySender = new Map<string, number>();
      for (const { sender } of devices.all()) bySender.set(sender, (bySender.get(sender) ?? 0) + 1);
      assert.deepEqual(
        [...bySender.values()].sort((a, b) => a - b),
        [1, 3, 3, 3],
      );
      assert.ok(devices.get("real"));
    });

    it("has nobody give way whom somebody waits for", () => {
      const devices = create({ isWatched: (id) => id.startsWith("mine") });
      for (let i = 0; i < 10; i++) change(devices, `mine ${i}`, 0, "192.0.2.66");
      assert.equal(change(devices, "other", 0, "192.0.2.8"), "crowded");
      assert.equal(devices.size, 10);
    });

    it("always takes those somebody waits for", () => {
      const devices = create({ isWatched: (id) => id.startsWith("mine") });
      for (let i = 0; i < 100; i++) change(devices, `invented ${i}`, 0, `192.0.2.${i}`);
      assert.equal(change(devices, "mine 1", 1), "found");
      assert.equal(change(devices, "mine 2", 1), "found");
      assert.equal(change(devices, "other", 1), "crowded");
      assert.equal(devices.size, 12);
    });

    it("finds and loses invented ids no more often than it has room, however long it lasts", () => {
      const devices = create();
      let events = 0;
      const hours = 2 * 3_600_000;
      for (let now = 0; now < hours; now += 100) {
        if (change(devices, `invented ${now}`, now, "192.0.2.66") === "found") events++;
        events += devices.removeLost(now).length;
      }
      assert.ok(events <= 2 * 5 * (hours / LOST_MS + 1), String(events));
    });

    it("gives a sender its share back when its devices are lost", () => {
      const devices = create();
      for (let i = 0; i < 5; i++) change(devices, `a ${i}`, 0, "192.0.2.8");
      assert.equal(change(devices, "b", 1, "192.0.2.8"), "crowded");
      // A device that is relayed now still counts against the sender it was found with.
      change(devices, "a 0", 2, "192.0.2.9");
      devices.removeLost(LOST_MS + 3);
      for (let i = 0; i < 5; i++) assert.equal(change(devices, `c ${i}`, LOST_MS + 4, "192.0.2.8"), "found");
    });
  });

  it("takes names of object members for ids like any other", () => {
    const devices = create();
    for (const id of ["__proto__", "constructor", "toString"]) {
      assert.equal(change(devices, id, 0), "found");
      assert.equal(change(devices, id, 0), "same");
    }
    assert.equal(devices.get("hasOwnProperty"), undefined);
  });
});
