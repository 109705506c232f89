import assert from "node:assert/strict";
import { ChildWatch, type WatchedSession } from "../../src/device/child-watch";
import { Children } from "../../src/device/children";
import type { ReportReason } from "../../src/session/report-reason";
import type { ChildrenAnswer } from "../../src/session/requests/children-question";
import { DEFAULT_TIMINGS } from "../../src/session/timings";
import { useClock } from "../support/clock";

const GAP_MS = 10;
const INTERVAL_MS = 1_000;
const ABSENT_MS = 3_000;
const timings = {
  ...DEFAULT_TIMINGS,
  childGapMs: GAP_MS,
  childrenIntervalMs: INTERVAL_MS,
  absentAfterMs: ABSENT_MS,
};

/** A gateway that is played by the test. */
class Gateway implements WatchedSession {
  readonly queries: string[] = [];
  lists = 0;
  answer: ChildrenAnswer = "listed";
  /** The query under way. */
  #done: (() => void) | undefined;

  query(cid: string, reason: ReportReason): Promise<void> {
    this.queries.push(cid);
    assert.equal(this.#done, undefined, "one at a time");
    assert.equal(reason, "initial");
    return new Promise((resolve) => (this.#done = resolve));
  }

  listChildren(): Promise<ChildrenAnswer> {
    this.lists++;
    return Promise.resolve(this.answer);
  }

  /** The query under way is answered. */
  reply(): void {
    this.#done?.();
    this.#done = undefined;
  }
}

describe("ChildWatch", () => {
  const clock = useClock();

  function watch() {
    const children = new Children();
    const changes: (boolean | undefined)[] = [];
    const failures: string[] = [];
    const watched = new ChildWatch({
      children,
      timings,
      changed: () => changes.push(children.online.get("a")),
      failed: (cid) => failures.push(cid),
    });
    return { children, changes, failures, watched };
  }

  it("reads the sub-devices one after the other, with a pause, whatever their number", async () => {
    const { watched } = watch();
    const gateway = new Gateway();
    const cids = Array.from({ length: 30 }, (_none, index) => `c${index}`);
    for (const cid of cids) watched.follow(cid);
    watched.start(gateway);
    assert.equal(gateway.lists, 1);
    for (const [index, cid] of cids.entries()) {
      assert.deepEqual(gateway.queries, cids.slice(0, index + 1), cid);
      gateway.reply();
      await clock.pass(GAP_MS - 1);
      assert.equal(gateway.queries.length, index + 1);
      assert.ok(clock.pending <= 2, `${clock.pending} timers`);
      await clock.pass(1);
    }
    assert.equal(gateway.queries.length, 30);
    watched.stop();
    assert.equal(clock.pending, 0);
  });

  it("does nothing for a device without sub-devices", () => {
    const { watched } = watch();
    const gateway = new Gateway();
    watched.start(gateway);
    assert.deepEqual([gateway.lists, gateway.queries, clock.pending], [0, [], 0]);
  });

  it("does nothing without a connection", async () => {
    const { watched } = watch();
    watched.follow("a");
    assert.equal(clock.pending, 0);
    assert.equal(await watched.list(), "ended");
    assert.equal(watched.isFresh(), false);
  });

  it("asks for the list where one is followed of which nothing is known", async () => {
    const { children, watched } = watch();
    const gateway = new Gateway();
    watched.start(gateway);
    children.note({ online: ["on"], offline: ["off"], nearby: [] }, clock.now);
    for (const cid of ["on", "off"]) watched.follow(cid);
    assert.equal(gateway.lists, 0);
    watched.follow("new");
    assert.equal(gateway.lists, 1);
    watched.stop();
  });

  it("goes on asking as long as any sub-device is followed", async () => {
    const { watched } = watch();
    const gateway = new Gateway();
    const [unfollowA, unfollowB] = [watched.follow("a"), watched.follow("b")];
    watched.start(gateway);
    unfollowA();
    await clock.pass(INTERVAL_MS);
    assert.equal(gateway.lists, 2);
    unfollowB();
    await clock.pass(INTERVAL_MS);
    assert.equal(gateway.lists, 2);
    watched.stop();
  });

  it("does not read one that nobody follows any more", async () => {
    const { watched } = watch();
    const gateway = new Gateway();
    const [, unfollow] = [watched.follow("a"), watched.follow("b"), watched.follow("c")];
    watched.start(gateway);
    unfollow();
    gateway.reply();
    await clock.pass(2 * GAP_MS);
    assert.deepEqual(gateway.queries, ["a", "c"]);
    watched.stop();
  });

  it("waits for a slow answer, however often it asks for the list meanwhile", async () => {
    const { watched } = watch();
    const gateway = new Gateway();
    watched.follow("a");
    watched.follow("b");
    watched.start(gateway);
    await clock.pass(3 * INTERVAL_MS);
    assert.deepEqual(gateway.queries, ["a"]);
    gateway.reply();
    await clock.pass(GAP_MS);
    assert.deepEqual(gateway.queries, ["a", "b"]);
    watched.stop();
  });

  it("reads one that is followed later, and one that is followed twice once", async () => {
    const { watched } = watch();
    const gateway = new Gateway();
    watched.start(gateway);
    const removers = ["a", "a", "b"].map((cid) => watched.follow(cid));
    await clock.pass(1);
    assert.deepEqual(gateway.queries, ["a"]);
    gateway.reply();
    await clock.pass(GAP_MS);
    gateway.reply();
    await clock.pass(GAP_MS);
    // The second one who follows "a" came while it was being read, and is owed the values as well.
    gateway.reply();
    await clock.pass(GAP_MS);
    assert.deepEqual(gateway.queries.slice().sort(), ["a", "a", "b"]);
    for (const remove of removers) remove();
    assert.equal(clock.pending, 0);
  });

  it("goes on with the next one where one cannot be read", async () => {
    const { watched, failures } = watch();
    const queries: string[] = [];
    watched.follow("a");
    watched.follow("b");
    watched.start({
      query: (cid) => {
        queries.push(cid);
        return Promise.reject(new Error("no answer"));
      },
      listChildren: () => Promise.resolve("silent"),
    });
    await clock.pass(GAP_MS);
    assert.deepEqual(
      [queries, failures],
      [
        ["a", "b"],
        ["a", "b"],
      ],
    );
    watched.stop();
  });

  it("forgets the sub-devices of a connection that is over", async () => {
    const { watched } = watch();
    const [first, second] = [new Gateway(), new Gateway()];
    watched.follow("a");
    watched.follow("b");
    watched.start(first);
    watched.stop();
    watched.start(second);
    first.reply();
    await clock.pass(GAP_MS);
    assert.deepEqual([first.queries, second.queries], [["a"], ["a"]]);
    second.reply();
    await clock.pass(GAP_MS);
    assert.deepEqual(second.queries, ["a", "b"]);
    watched.stop();
  });

  it("asks for the list again and again, unless the gateway has none", async () => {
    for (const [answer, times] of [
      ["listed", 4],
      ["silent", 4],
      ["refused", 1],
      ["unsupported", 1],
    ] as const) {
      const { watched } = watch();
      const gateway = new Gateway();
      gateway.answer = answer;
      watched.follow("a");
      watched.start(gateway);
      await clock.pass(3 * INTERVAL_MS);
      assert.equal(gateway.lists, times, answer);
      watched.stop();
    }
  });

  it("takes one for gone that the lists leave out, and only where there are lists", async () => {
    for (const [answer, expected] of [
      ["listed", [false]],
      ["silent", []],
    ] as const) {
      const { watched, changes } = watch();
      const gateway = new Gateway();
      gateway.answer = answer;
      watched.follow("a");
      watched.start(gateway);
      await clock.pass(ABSENT_MS - 1);
      assert.deepEqual(changes, []);
      await clock.pass(INTERVAL_MS);
      assert.deepEqual(changes, expected, answer);
      watched.stop();
    }
  });

  it("reads one again that the gateway did not know", async () => {
    const { watched, children } = watch();
    const gateway = new Gateway();
    watched.follow("a");
    watched.follow("b");
    watched.start(gateway);
    children.noteAnswered("a", false);
    gateway.reply();
    await clock.pass(GAP_MS);
    gateway.reply();
    await clock.pass(INTERVAL_MS);
    gateway.reply();
    await clock.pass(GAP_MS);
    assert.deepEqual(gateway.queries, ["a", "b", "a"], "and no other one");
    watched.stop();
  });

  it("knows whether what was said of a sub-device can be gone by, and asks where it cannot", async () => {
    const { watched } = watch();
    const gateway = new Gateway();
    assert.equal(watched.isFresh(), false);
    watched.start(gateway);
    assert.equal(watched.isFresh(), false);
    await clock.pass(1);
    assert.equal(watched.isFresh(), true);
    assert.equal(gateway.lists, 1);
    await clock.pass(2 * INTERVAL_MS);
    assert.equal(watched.isFresh(), false);
    assert.equal(gateway.lists, 2);
    gateway.answer = "refused";
    await watched.list();
    await clock.pass(2 * INTERVAL_MS);
    assert.equal(watched.isFresh(), false);
    assert.equal(gateway.lists, 3);
    watched.stop();
  });

  it("goes by no list that was asked for on an earlier connection, nor by an answer that is none", async () => {
    const { watched } = watch();
    let answer: (answer: ChildrenAnswer) => void = () => {};
    const first: WatchedSession = {
      query: () => Promise.resolve(),
      listChildren: () => new Promise((resolve) => (answer = resolve)),
    };
    const second = new Gateway();
    second.answer = "silent";
    watched.follow("a");
    watched.start(first);
    watched.start(second);
    await clock.pass(1);
    assert.equal(watched.isFresh(), false);
    answer("listed");
    await clock.pass(1);
    assert.equal(watched.isFresh(), false);
    watched.stop();
  });
});
