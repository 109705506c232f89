import assert from "node:assert/strict";
import type { Attempt } from "../../src/device/attempts/attempts";
import { Lookout, type LookSession } from "../../src/device/lookout";
import type { ConnectionEnd } from "../../src/session/connection/connection-end";
import { useClock } from "../support/clock";

const HOME = "192.0.2.7";
const NEW = "192.0.2.8";
const PAUSE_MS = 10;
const INTERVAL_MS = 100;
const REFUSED: ConnectionEnd = { reason: "refused" };

/** A connection that is played by the test. */
class Look implements LookSession {
  readonly ends: ConnectionEnd[] = [];
  /** The socket is gone. */
  goes: () => void = () => {};
  readonly closed = new Promise<void>((resolve) => (this.goes = resolve));
  readonly attempt: Attempt;

  constructor(attempt: Attempt) {
    this.attempt = attempt;
  }

  end(end: ConnectionEnd): void {
    this.ends.push(end);
  }
}

/** A device that may be at some addresses, and the lookout for it. */
class Scene {
  /** Where it could be, in this order. */
  addresses = [HOME];
  /** Whether another attempt at the same address can find out more. */
  isUnclear = false;
  onFailure = (): void => {};
  readonly looks: Look[] = [];
  readonly failures: [ip: string, reason: string][] = [];
  readonly lookout = new Lookout({
    timings: { pauseMs: PAUSE_MS, lookIntervalMs: INTERVAL_MS },
    next: (done) => {
      const ip = this.addresses.find((address) => !done.has(address));
      return ip === undefined ? undefined : attemptAt(ip);
    },
    open: (attempt) => {
      const look = new Look(attempt);
      this.looks.push(look);
      return look;
    },
    failed: ({ ip }, { reason }) => {
      this.failures.push([ip, reason]);
      this.onFailure();
      return this.isUnclear;
    },
  });

  /** Where it has looked so far. */
  get looked(): string[] {
    return this.looks.map(({ attempt }) => attempt.ip);
  }

  get last(): Look {
    const look = this.looks.at(-1);
    assert.ok(look, "it has not looked yet");
    return look;
  }
}

function attemptAt(ip: string): Attempt {
  return {
    ip,
    version: "3.4",
    trust: "heard",
    listensFirst: false,
    acceptsMuteness: false,
    isGuess: false,
  };
}

describe("Lookout", () => {
  const clock = useClock();

  it("looks shortly after it was started, and not while its owner is busy with that", async () => {
    const scene = new Scene();
    scene.lookout.start();
    assert.deepEqual(scene.looked, []);
    scene.lookout.look();
    await clock.pass(PAUSE_MS - 1);
    assert.deepEqual(scene.looked, []);
    await clock.pass(1);
    assert.deepEqual(scene.looked, [HOME]);
    scene.lookout.stop();
  });

  it("does nothing before it is started, and no more for being started twice", async () => {
    const scene = new Scene();
    scene.lookout.look();
    assert.deepEqual([scene.looked, clock.pending], [[], 0]);
    scene.lookout.start();
    const { pending } = clock;
    scene.lookout.start();
    assert.equal(clock.pending, pending);
    scene.lookout.stop();
    assert.equal(clock.pending, 0);
    await clock.pass(INTERVAL_MS);
    assert.deepEqual(scene.looked, []);
  });

  it("looks at one address at a time, however long that takes", async () => {
    const scene = new Scene();
    scene.lookout.start();
    await clock.pass(3 * INTERVAL_MS);
    scene.lookout.look();
    assert.deepEqual(scene.looked, [HOME]);
    scene.lookout.stop();
  });

  it("goes on to the next address after a pause where it failed", async () => {
    const scene = new Scene();
    scene.addresses = [HOME, NEW];
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    scene.lookout.ended(REFUSED);
    assert.deepEqual(scene.failures, [[HOME, "refused"]]);
    await clock.pass(PAUSE_MS - 1);
    assert.deepEqual(scene.looked, [HOME]);
    await clock.pass(1);
    assert.deepEqual(scene.looked, [HOME, NEW]);
    scene.lookout.stop();
  });

  it("looks again at an address where another attempt can find out more", async () => {
    const scene = new Scene();
    scene.isUnclear = true;
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    scene.lookout.ended({ reason: "closed", answered: false });
    await clock.pass(PAUSE_MS);
    assert.deepEqual(scene.looked, [HOME, HOME]);
    scene.lookout.stop();
  });

  it("looks at trusted addresses again after each interval", async () => {
    const scene = new Scene();
    scene.lookout.start();
    for (let i = 1; i <= 3; i++) {
      await clock.pass(i === 1 ? PAUSE_MS : INTERVAL_MS);
      assert.equal(scene.looks.length, i);
      scene.lookout.ended(REFUSED);
    }
    scene.lookout.stop();
  });

  it("looks at once at an address that turns up", async () => {
    const scene = new Scene();
    scene.addresses = [];
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    scene.addresses = [NEW];
    scene.lookout.look();
    assert.deepEqual(scene.looked, [NEW]);
    scene.lookout.stop();
  });

  it("knows its own session, as long as that is open", async () => {
    const scene = new Scene();
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    const { last } = scene;
    assert.equal(scene.lookout.attemptOf(last), last.attempt);
    assert.equal(scene.lookout.attemptOf(new Look(attemptAt(NEW))), undefined);
    scene.lookout.ended(REFUSED);
    assert.equal(scene.lookout.attemptOf(last), undefined);
    scene.lookout.stop();
  });

  it("ends its session where it is stopped, and makes nothing of the end", async () => {
    const scene = new Scene();
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    const { last } = scene;
    scene.lookout.stop();
    assert.deepEqual(last.ends, [{ reason: "asked" }]);
    assert.equal(scene.lookout.attemptOf(last), undefined);
    scene.lookout.ended({ reason: "asked" });
    assert.deepEqual([scene.failures, clock.pending], [[], 0]);
    scene.lookout.stop();
    assert.equal(last.ends.length, 1);
  });

  it("begins with all addresses where it is started again", async () => {
    const scene = new Scene();
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    scene.lookout.ended(REFUSED);
    scene.lookout.stop();
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    assert.deepEqual(scene.looked, [HOME, HOME]);
    scene.lookout.stop();
  });

  it("does not go on where its owner stops it because of a failure", async () => {
    const scene = new Scene();
    scene.onFailure = () => scene.lookout.stop();
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    scene.lookout.ended(REFUSED);
    assert.equal(clock.pending, 0);
  });

  it("hands over its session where that is to stay, and stops", async () => {
    const scene = new Scene();
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    const { last } = scene;
    scene.lookout.release();
    assert.deepEqual([last.ends, clock.pending], [[], 0]);
    assert.equal(scene.lookout.attemptOf(last), undefined);
  });

  it("tells when the socket of the last look is gone", async () => {
    const scene = new Scene();
    const gone: string[] = [];
    await scene.lookout.socketGone;
    scene.lookout.start();
    await clock.pass(PAUSE_MS);
    const { last } = scene;
    scene.lookout.stop();
    void scene.lookout.socketGone.then(() => gone.push(HOME));
    await clock.pass(1);
    assert.deepEqual(gone, []);
    last.goes();
    await clock.pass(1);
    assert.deepEqual(gone, [HOME]);
  });
});
