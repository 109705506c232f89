import assert from "node:assert/strict";
import { Heartbeat } from "../../src/session/heartbeat";
import { useClock } from "../support/clock";

const INTERVAL_MS = 90;
const DEAD_AFTER_MS = 200;

describe("Heartbeat", () => {
  const clock = useClock();
  let heartbeat: Heartbeat;
  /** Times of the heartbeats sent. */
  let sent: number[];
  let deaths: number[];
  let onSend: () => void;

  beforeEach(() => {
    [sent, deaths] = [[], []];
    onSend = (): void => {};
    const timings = { heartbeatIntervalMs: INTERVAL_MS, deadAfterMs: DEAD_AFTER_MS };
    heartbeat = new Heartbeat(timings, {
      beat: () => {
        sent.push(clock.now);
        heartbeat.sent();
        onSend();
      },
      dead: () => void deaths.push(clock.now),
    });
  });

  it("beats at its interval as long as nothing else is sent, and the device answers", async () => {
    onSend = () => heartbeat.received();
    const start = clock.now;
    heartbeat.start();
    await clock.pass(10 * INTERVAL_MS);
    assert.equal(sent.length, 10);
    for (const [index, at] of sent.entries()) {
      assert.ok(Math.abs(at - start - INTERVAL_MS * (index + 1)) <= 10, `beat ${index} at ${at - start}`);
    }
    assert.deepEqual(deaths, []);
  });

  it("knows for how long the device has been silent, once it has said anything", async () => {
    assert.equal(heartbeat.silentMs, undefined);
    heartbeat.start();
    await clock.pass(10);
    assert.equal(heartbeat.silentMs, undefined);
    heartbeat.received();
    await clock.pass(20);
    assert.equal(heartbeat.silentMs, 20);
    heartbeat.stop();
  });

  it("wakes the process up once for each beat, however much is received meanwhile", async () => {
    const setTimer = globalThis.setTimeout;
    let timers = 0;
    globalThis.setTimeout = ((act: () => void, ms: number) => {
      timers++;
      return setTimer(act, ms);
    }) as typeof setTimeout;
    try {
      onSend = () => heartbeat.received();
      heartbeat.start();
      for (let i = 0; i < 10 * INTERVAL_MS; i++) {
        await clock.pass(1);
        heartbeat.received();
      }
    } finally {
      globalThis.setTimeout = setTimer;
    }
    assert.ok(sent.length >= 9 && timers <= sent.length + 1, `${timers} timers for ${sent.length} beats`);
    heartbeat.stop();
  });

  it("leaves no timer behind where its owner stops it because of a beat", async () => {
    onSend = () => heartbeat.stop();
    heartbeat.start();
    await clock.pass(2 * INTERVAL_MS);
    assert.deepEqual([sent.length, clock.pending], [1, 0]);
  });

  it("beats together with others that began at about the same time", async () => {
    const [timings, others] = [
      { heartbeatIntervalMs: INTERVAL_MS, deadAfterMs: DEAD_AFTER_MS },
      [] as number[],
    ];
    const other: Heartbeat = new Heartbeat(timings, {
      beat: () => {
        others.push(clock.now);
        other.sent();
        other.received();
      },
      dead: () => assert.fail("it is answered"),
    });
    onSend = () => heartbeat.received();
    // A multiple of a tenth of the interval, so that both are nearest to the same one.
    await clock.pass(INTERVAL_MS - (clock.now % INTERVAL_MS));
    heartbeat.start();
    await clock.pass(3);
    other.start();
    await clock.pass(4.5 * INTERVAL_MS);
    other.stop();
    assert.equal(others.length, 4);
    for (const [index, at] of others.entries())
      assert.ok(Math.abs(at - sent[index]!) <= 1, `${at} and ${sent[index]}`);
  });

  it("counts from what was sent and not from what was pushed", async () => {
    heartbeat.start();
    for (let i = 0; i < 10; i++) {
      await clock.pass(10);
      heartbeat.received();
    }
    assert.equal(sent.length, 1);
  });

  it("is put off by what is sent and answered", async () => {
    heartbeat.start();
    for (let i = 0; i < 20; i++) {
      await clock.pass(50);
      heartbeat.sent();
      heartbeat.received();
    }
    assert.deepEqual(sent, []);
    await clock.pass(1.1 * INTERVAL_MS);
    assert.equal(sent.length, 1);
  });

  it("asks for a sign of life although things are sent all the time that nobody answers", async () => {
    heartbeat.start();
    for (let i = 0; i < 30 && deaths.length === 0; i++) {
      await clock.pass(10);
      heartbeat.sent();
    }
    assert.equal(deaths.length, 1);
    assert.ok(sent.length >= 1);
  });

  it("calls a device dead that answers nothing, in time and once, and is silent after that", async () => {
    const start = clock.now;
    heartbeat.start();
    await clock.pass(3 * DEAD_AFTER_MS);
    assert.equal(deaths.length, 1);
    assert.ok(Math.abs(deaths[0]! - start - DEAD_AFTER_MS) <= 5, `after ${deaths[0]! - start} ms`);
    assert.equal(sent.length, 2);
  });

  it("takes any sign of life for an answer", async () => {
    heartbeat.start();
    for (let i = 0; i < 20; i++) {
      await clock.pass(INTERVAL_MS);
      heartbeat.received();
    }
    assert.deepEqual(deaths, []);
  });

  it("grants a device time to answer although the process was busy for longer than that", async () => {
    heartbeat.start();
    // Nothing ran for ten times as long as a dead device is borne with: timers fire late, and all at once.
    await clock.jump(10 * DEAD_AFTER_MS);
    assert.equal(sent.length, 1);
    heartbeat.received();
    await clock.pass(DEAD_AFTER_MS / 2);
    assert.deepEqual(deaths, []);
  });

  it("reads what arrived while the process was busy before it calls a device dead", async () => {
    heartbeat.start();
    heartbeat.probe(20);
    // Sockets are read after timers and before immediates; a timer of its own stands for the reading.
    setTimeout(() => heartbeat.received(), 20);
    await clock.jump(100);
    await clock.pass(50);
    assert.deepEqual(deaths, []);
  });

  describe("probe", () => {
    it("asks at once and calls a silent device dead by its own deadline", async () => {
      heartbeat.start();
      heartbeat.probe(30);
      assert.equal(sent.length, 1);
      await clock.pass(30);
      assert.deepEqual(deaths, []);
      // Once what has arrived is read.
      await clock.pass(1);
      assert.equal(deaths.length, 1);
      assert.equal(sent.length, 1);
    });

    it("has no consequence where the device answers", async () => {
      heartbeat.start();
      heartbeat.probe(30);
      heartbeat.received();
      await clock.pass(80);
      assert.deepEqual(deaths, []);
    });

    it("cannot be put off by asking again and again", async () => {
      heartbeat.start();
      for (let i = 0; i < 10; i++) {
        heartbeat.probe(30);
        await clock.pass(10);
      }
      assert.equal(deaths.length, 1);
    });

    it("does nothing before the start and after the stop", async () => {
      heartbeat.probe(5);
      heartbeat.start();
      heartbeat.stop();
      heartbeat.probe(5);
      await clock.pass(2 * DEAD_AFTER_MS);
      assert.deepEqual([sent, deaths], [[], []]);
    });

    it("leaves nothing behind where sending ends the connection", async () => {
      onSend = () => heartbeat.stop();
      heartbeat.start();
      heartbeat.probe(5);
      await clock.pass(2 * DEAD_AFTER_MS);
      assert.equal(sent.length, 1);
      assert.deepEqual(deaths, []);
    });
  });
});
