import assert from "node:assert/strict";
import { Backoff } from "../../../src/device/attempts/backoff";

function backoff(random = 0.5): Backoff {
  return new Backoff({ backoffMs: [1_000, 5_000, 60_000], hopelessBackoffMs: 90_000 }, () => random);
}

describe("Backoff", () => {
  it("waits longer each time and then as long as the last time", () => {
    const waits = backoff();
    assert.deepEqual(
      [1, 2, 3, 4, 5].map(() => waits.next(false)),
      [1_000, 5_000, 60_000, 60_000, 60_000],
    );
  });

  it("begins with the shortest wait after a reset", () => {
    const waits = backoff();
    waits.next(false);
    waits.next(false);
    waits.reset();
    assert.equal(waits.next(false), 1_000);
  });

  it("waits long where only a human can mend the cause, without counting it as a step", () => {
    const waits = backoff();
    assert.equal(waits.next(true), 90_000);
    assert.equal(waits.next(true), 90_000);
    assert.equal(waits.next(false), 1_000);
  });

  it("scatters waits by 20 % at most, to both sides", () => {
    assert.equal(backoff(0).next(false), 800);
    assert.equal(backoff(0.999_999).next(false), 1_200);
    assert.equal(backoff(0).next(true), 72_000);
  });
});
