import assert from "node:assert/strict";
import { Pace } from "../../src/device/pace";
import { settle, useClock } from "../support/clock";

const PAUSE_MS = 50;

describe("Pace", () => {
  const clock = useClock();

  function pace(after?: Promise<void>): { pace: Pace; attempts: number[] } {
    const attempts: number[] = [];
    return {
      attempts,
      pace: new Pace(PAUSE_MS, { attempt: () => void attempts.push(clock.now) }, after),
    };
  }

  it("attempts at once where nothing speaks against it", () => {
    const { pace: first, attempts } = pace();
    first.attemptIn(0);
    assert.deepEqual(attempts, [clock.now]);
    assert.equal(clock.pending, 0);
  });

  it("waits until the device has freed the place of the last connection, and no longer than asked otherwise", async () => {
    const { pace: first, attempts } = pace();
    const start = clock.now;
    first.notePlaceTaken();
    first.attemptIn(10);
    await clock.pass(PAUSE_MS);
    assert.deepEqual(attempts, [start + PAUSE_MS]);
    first.attemptIn(10);
    await clock.pass(10);
    assert.deepEqual(attempts.slice(1), [start + PAUSE_MS + 10]);
  });

  it("makes one attempt, however often it is asked", async () => {
    const { pace: first, attempts } = pace();
    for (const ms of [100, 20, 30]) first.attemptIn(ms);
    await clock.pass(200);
    assert.equal(attempts.length, 1);
  });

  it("stops", async () => {
    const { pace: first, attempts } = pace();
    first.attemptIn(10);
    first.stop();
    await clock.pass(50);
    assert.deepEqual(attempts, []);
    assert.equal(clock.pending, 0);
  });

  for (const outcome of ["resolved", "rejected"] as const) {
    it(`waits for an earlier connection to be gone and the device to notice (${outcome})`, async () => {
      let end = (): void => {};
      const gone = new Promise<void>((resolve, reject) => {
        end = outcome === "resolved" ? resolve : (): void => reject(new Error("fault"));
      });
      const { pace: first, attempts } = pace(gone);
      first.attemptIn(0);
      await clock.pass(200);
      assert.deepEqual(attempts, []);
      end();
      await settle();
      await clock.pass(PAUSE_MS);
      assert.equal(attempts.length, 1);
    });
  }

  it("does not attempt after an earlier connection is gone where nobody has asked yet", async () => {
    let end = (): void => {};
    const { attempts } = pace(new Promise<void>((resolve) => (end = resolve)));
    end();
    await settle();
    await clock.pass(2 * PAUSE_MS);
    assert.deepEqual(attempts, []);
  });

  it("does not attempt after an earlier connection is gone where nobody wants it any more", async () => {
    let end = (): void => {};
    const { pace: first, attempts } = pace(new Promise<void>((resolve) => (end = resolve)));
    first.attemptIn(0);
    first.stop();
    end();
    await clock.pass(2 * PAUSE_MS);
    assert.deepEqual(attempts, []);
  });
});
