import assert from "node:assert/strict";
import { Allowance, Bucket, BYTES_PER_FRAME } from "../../../src/session/connection/allowance";

const OWN = { bytesPerSecond: 1_000, burst: 10_000 };
const SHARED = { bytesPerSecond: 1_000, burst: 5_000 };

/** Spends bytes, those of the frame's own cost among them. */
const spend = (allowance: Allowance, bytes: number, now = 0): number =>
  allowance.spend(bytes - BYTES_PER_FRAME, now);

describe("Bucket", () => {
  it("saves up at its rate, and no more than its burst", () => {
    const bucket = new Bucket(OWN, 0);
    bucket.take(10_000, 0);
    assert.equal(bucket.level(0), 0);
    assert.equal(bucket.level(500), 500);
    assert.equal(bucket.level(1e9), 10_000);
    bucket.give(5, 1e9);
    assert.equal(bucket.level(1e9), 10_000);
  });

  it("can be overdrawn, and says how long", () => {
    const bucket = new Bucket(OWN, 0);
    bucket.take(12_500, 0);
    assert.equal(bucket.debtMs(0), 2_500);
    assert.equal(bucket.debtMs(2_000), 500);
    assert.equal(bucket.debtMs(2_500), 0);
  });
});

describe("Allowance", () => {
  it("lets a burst pass, then takes from what is shared, then asks for patience", () => {
    const allowance = new Allowance(0, new Bucket(OWN, 0), new Bucket(SHARED, 0));
    assert.equal(spend(allowance, 10_000), 0);
    assert.equal(spend(allowance, 5_000), 0);
    assert.equal(spend(allowance, 1_000), 1_000);
    assert.equal(spend(allowance, 1_000, 1_000), 0, "both have filled up again");
  });

  it("does not let one device use up another's own share", () => {
    const shared = new Bucket(SHARED, 0);
    const greedy = new Allowance(0, new Bucket(OWN, 0), shared);
    while (spend(greedy, 1_000) === 0);
    const modest = new Allowance(0, new Bucket(OWN, 0), shared);
    for (let i = 0; i < 10; i++) assert.equal(spend(modest, 1_000), 0);
    for (let second = 1; second < 100; second++) {
      while (spend(greedy, 500, second * 1_000) === 0);
      assert.equal(spend(modest, 1_000, second * 1_000), 0);
    }
  });

  it("counts what was asked for as free", () => {
    const allowance = new Allowance(0, new Bucket(OWN, 0), new Bucket({ bytesPerSecond: 0, burst: 0 }, 0));
    for (let i = 0; i < 1_000; i++) {
      allowance.asked(0);
      assert.equal(spend(allowance, 5_000), 0);
    }
  });

  it("costs something for every frame, however small", () => {
    const allowance = new Allowance(0, new Bucket(OWN, 0), new Bucket({ bytesPerSecond: 0, burst: 0 }, 0));
    let frames = 0;
    while (allowance.spend(24, 0) === 0) frames++;
    assert.ok(frames < 20, `${frames} frames`);
  });

  it("costs more, the more a frame says", () => {
    const none = { bytesPerSecond: 0, burst: 0 };
    const framesOf = (values: number): number => {
      const allowance = new Allowance(
        0,
        new Bucket({ bytesPerSecond: 0, burst: 1e6 }, 0),
        new Bucket(none, 0),
      );
      let frames = 0;
      do {
        frames++;
        allowance.spendOn(values);
      } while (allowance.spend(100, 0) === 0);
      return frames;
    };
    assert.ok(framesOf(255) < framesOf(1) / 50, `${framesOf(255)} and ${framesOf(1)}`);
  });

  it("is enough for some fifty pushes a second, and for hundreds at once", () => {
    const none = new Bucket({ bytesPerSecond: 0, burst: 0 }, 0);
    const allowance = new Allowance(0, undefined, none);
    assert.equal(spend(allowance, 256 * 1024), 0);
    assert.equal(spend(allowance, 32 * 1024), 1_000);
    assert.equal(spend(allowance, 32 * 1024, 2_000), 0);
  });

  it("is backed by a megabyte a second that all devices of the process share", () => {
    const start = performance.now() + 60_000;
    const poor = { bytesPerSecond: 1_000, burst: 0 };
    const [one, other] = [0, 1].map(() => new Allowance(start, new Bucket(poor, start))) as [
      Allowance,
      Allowance,
    ];
    assert.equal(spend(one, 1024 * 1024, start), 0);
    assert.equal(spend(other, 1_000, start), 1_000);
    assert.equal(spend(one, 512 * 1024, start + 500), 0);
  });
});
