import assert from "node:assert/strict";
import { Throttle } from "../../../nodes/tuya-in/throttle";
import { useClock } from "../../support/clock";

describe("Throttle", () => {
  const clock = useClock();
  let delivered: string[] = [];
  let startedAt = 0;
  beforeEach(() => {
    delivered = [];
    startedAt = clock.now;
  });

  function throttle(windowMs: number, deliver = (_held: string) => true): Throttle<string> {
    return new Throttle({
      windowMs,
      merge: (held, newer) => held + newer,
      deliver: (held) => {
        delivered.push(`${held}@${clock.now - startedAt}`);
        return deliver(held);
      },
    });
  }

  it("holds nothing before a window is open, and lets the last follow at its end", async () => {
    const t = throttle(1_000);
    assert.equal(t.hold("k", "a"), false);
    t.open("k");
    await clock.pass(400);
    assert.equal(t.hold("k", "b"), true);
    await clock.pass(599);
    assert.equal(t.hold("k", "c"), true);
    assert.deepEqual(delivered, []);
    await clock.pass(1);
    assert.deepEqual(delivered, ["bc@1000"]);
  });

  it("opens the next window with what it delivers, and none after an empty one", async () => {
    const t = throttle(1_000);
    t.open("k");
    t.hold("k", "a");
    await clock.pass(1_500);
    assert.equal(t.hold("k", "b"), true);
    await clock.pass(500);
    assert.deepEqual(delivered, ["a@1000", "b@2000"]);
    await clock.pass(1_000);
    assert.equal(clock.pending, 0);
    assert.equal(t.hold("k", "c"), false);
  });

  it("opens no window where what it held was not passed on", async () => {
    const t = throttle(1_000, () => false);
    t.open("k");
    t.hold("k", "a");
    await clock.pass(1_000);
    assert.deepEqual(delivered, ["a@1000"]);
    assert.equal(t.hold("k", "b"), false);
    assert.equal(clock.pending, 0);
  });

  it("keeps keys apart", async () => {
    const t = throttle(1_000);
    t.open("one");
    assert.equal(t.hold("two", "a"), false);
    await clock.pass(500);
    t.open("two");
    t.hold("one", "x");
    t.hold("two", "y");
    await clock.pass(1_000);
    assert.deepEqual(delivered, ["x@1000", "y@1500"]);
  });

  it("holds nothing and starts no timer where the window is 0", () => {
    const t = throttle(0);
    t.open("k");
    assert.equal(t.hold("k", "a"), false);
    assert.equal(clock.pending, 0);
  });

  it("delivers at once what it holds when flushed, and forgets it when closed", async () => {
    const t = throttle(1_000);
    t.open("k");
    t.hold("k", "a");
    t.open("empty");
    t.flush();
    assert.deepEqual(delivered, ["a@0"]);
    assert.equal(clock.pending, 0);
    t.open("k");
    t.hold("k", "b");
    t.close();
    assert.equal(clock.pending, 0);
    await clock.pass(2_000);
    assert.deepEqual(delivered, ["a@0"]);
  });

  it("survives a window longer than a timer can be", async () => {
    const t = throttle(1e12);
    t.open("k");
    t.hold("k", "a");
    await clock.pass(10);
    assert.deepEqual(delivered, []);
    t.close();
  });

  it("lets the oldest windows end early where more is held than there is room for, and loses nothing", async () => {
    const sent: string[] = [];
    const deliver = (held: string): boolean => sent.push(held) > 0;
    const merge = (_held: string, newer: string): string => newer;
    const t = new Throttle<string>({
      windowMs: 1_000,
      merge,
      deliver,
      bytesOf: (held) => 1_000 + held.length,
    });
    for (let i = 0; i < 5_000; i++) {
      t.open(`key ${i}`);
      assert.ok(t.hold(`key ${i}`, `value ${i}`));
    }
    const early = sent.length;
    assert.ok(early > 2_000 && early < 5_000, `${early} ended early`);
    assert.deepEqual(sent.slice(0, 3), ["value 0", "value 1", "value 2"]);
    await clock.pass(1_000);
    assert.equal(new Set(sent).size, 5_000);
    assert.equal(t.hold("key 0", "x"), false);
    t.close();
  });

  it("delivers at once what is larger than all there is room for", () => {
    const sent: string[] = [];
    const merge = (held: string, newer: string): string => held + newer;
    const t = new Throttle<string>({
      windowMs: 1_000,
      merge,
      deliver: (held) => sent.push(held) > 0,
      bytesOf: () => 1e9,
    });
    t.open("k");
    assert.equal(t.hold("k", "a"), true);
    assert.deepEqual(sent, ["a"]);
    assert.equal(t.hold("k", "b"), false);
    t.close();
  });
});
