import assert from "node:assert/strict";
import { once } from "node:events";
import type { Attempt } from "../../src/device/attempts/attempts";
import { Device } from "../../src/device/device";
import { PresentSession, StatisticsSum } from "../../src/device/present-session";
import { SILENT } from "../../src/logger";
import { Command } from "../../src/protocol/command";
import type { Session, SessionOwner } from "../../src/session/session";
import { clientOf, settingsFor, SHORT_TIMINGS, Witness } from "../support/client";
import { useClock } from "../support/clock";
import { LOCAL_KEY, startDevice } from "../support/virtual";

const NOTHING = { bytesIn: 0, bytesOut: 0, roundTripMs: undefined, lastSeen: undefined, notAuthentic: 0 };

describe("the statistics of a device", () => {
  it("are nothing before anything was sent", () => {
    assert.deepEqual(new StatisticsSum().with(undefined, undefined), NOTHING);
  });

  it("add up what ended connections carried, and the present one", () => {
    const sum = new StatisticsSum();
    sum.add({ bytesIn: 10, bytesOut: 20, roundTripMs: 5, lastSeen: 1_000, notAuthentic: 2 });
    sum.add({ bytesIn: 1, bytesOut: 2, roundTripMs: undefined, lastSeen: undefined, notAuthentic: 0 });
    assert.deepEqual(sum.with(undefined, 900), {
      bytesIn: 11,
      bytesOut: 22,
      roundTripMs: 5,
      lastSeen: 1_000,
      notAuthentic: 2,
    });
    const present = { bytesIn: 100, bytesOut: 200, roundTripMs: 7, lastSeen: 3_000, notAuthentic: 1 };
    assert.deepEqual(sum.with(present, 2_000), {
      bytesIn: 111,
      bytesOut: 222,
      roundTripMs: 7,
      lastSeen: 3_000,
      notAuthentic: 3,
    });
    assert.equal(sum.with(undefined, 4_000).lastSeen, 4_000);
  });

  it("grow with what a device says, and are kept when its connection ends", async () => {
    const virtual = await startDevice("3.4", { dps: { "1": true } });
    const device = new Device({
      deviceId: virtual.id,
      localKey: LOCAL_KEY,
      ip: "127.0.0.1",
      port: virtual.port,
      version: "3.4",
    });
    try {
      assert.deepEqual(device.statistics(), NOTHING);
      const begun = Date.now();
      device.connect();
      await device.whenReady(5_000);
      await device.query();
      const first = device.statistics();
      assert.ok(first.bytesIn > 100 && first.bytesOut > 100, JSON.stringify(first));
      assert.ok((first.roundTripMs ?? -1) > 0 && (first.lastSeen ?? 0) >= begun - 1, JSON.stringify(first));
      const gone = once(virtual, "disconnect");
      device.disconnect();
      await gone;
      const { bytesIn, bytesOut, roundTripMs } = device.statistics();
      assert.deepEqual(
        { bytesIn, bytesOut, roundTripMs },
        {
          bytesIn: first.bytesIn,
          bytesOut: first.bytesOut,
          roundTripMs: first.roundTripMs,
        },
      );
      device.connect();
      await device.whenReady(5_000);
      assert.ok(device.statistics().bytesIn > first.bytesIn);
    } finally {
      await device.close();
    }
  });
});

const ATTEMPT: Attempt = {
  ip: "127.0.0.1",
  version: "3.2",
  trust: "pinned",
  listensFirst: false,
  acceptsMuteness: false,
  isGuess: false,
};

/** Present sessions, and when one of them is first answered. */
function present(): { present: PresentSession; answered: Promise<void> } {
  let answered = (): void => {};
  const nothing = (): void => {};
  const owner: Partial<SessionOwner> = {
    opened: nothing,
    answered: () => answered(),
    listening: nothing,
    report: nothing,
    children: nothing,
    refused: nothing,
    ended: nothing,
  };
  const frames = { active: false, frame: nothing };
  return {
    present: new PresentSession(
      { logger: SILENT, timings: SHORT_TIMINGS, frames },
      owner as unknown as SessionOwner,
    ),
    answered: new Promise((resolve) => (answered = resolve)),
  };
}

/** A session that is played by the test. */
function playedSession({ closed = Promise.resolve(), hungUpWhenAsked = false } = {}): Session {
  return { closed, hungUpWhenAsked, statistics: NOTHING } as unknown as Session;
}

describe("PresentSession", () => {
  describe("as time passes", () => {
    const clock = useClock();

    it("knows how old the session is, and for how long the device has been ready", async () => {
      const { present: sessions } = present();
      await clock.pass(5);
      sessions.take(playedSession(), ATTEMPT);
      await clock.pass(20);
      sessions.noteReady();
      await clock.pass(10);
      assert.deepEqual([sessions.ageMs, sessions.readyMs], [30, 10]);
    });

    it("tells when the sockets of all its sessions are gone", async () => {
      const { present: sessions } = present();
      let isGone = false;
      const goes: (() => void)[] = [];
      for (let i = 0; i < 3; i++) {
        sessions.leave();
        sessions.take(playedSession({ closed: new Promise((resolve) => goes.push(resolve)) }), ATTEMPT);
      }
      void sessions.socketGone.then(() => (isGone = true));
      for (const [index, go] of goes.entries()) {
        await clock.pass(1);
        assert.equal(isGone, false, `${index} of 3 are gone`);
        go();
      }
      await clock.pass(1);
      assert.equal(isGone, true);
    });
  });

  it("has no session before one is taken, and after it was left", async () => {
    const { present: sessions } = present();
    assert.deepEqual(
      [sessions.session, sessions.attempt, sessions.leave()],
      [undefined, undefined, undefined],
    );
    await sessions.socketGone;
    const session = playedSession();
    sessions.take(session, ATTEMPT);
    assert.deepEqual([sessions.session, sessions.attempt], [session, ATTEMPT]);
    assert.equal(sessions.attemptOf(session), ATTEMPT);
    assert.equal(sessions.attemptOf(playedSession()), undefined);
    assert.equal(sessions.leave(), session);
    assert.deepEqual([sessions.session, sessions.attempt], [undefined, undefined]);
  });

  it("counts an announcement as a sign of life", () => {
    const { present: sessions } = present();
    sessions.noteHeard(1_700_000_000_000);
    assert.equal(sessions.statistics().lastSeen, 1_700_000_000_000);
  });

  /** Whether a new session asks a 3.2 device for something that proves the key. */
  async function asks(note: (sessions: PresentSession) => void): Promise<boolean> {
    const device = await startDevice("3.2");
    const witness = new Witness(device);
    const { present: sessions, answered } = present();
    note(sessions);
    const session = sessions.open({ ...ATTEMPT, ip: device.host }, settingsFor(device));
    await answered;
    // Its answer comes after that to a question before it.
    await session.requests.query(undefined, "reply");
    session.end({ reason: "asked" });
    await session.closed;
    return witness.count(Command.CONTROL) > 0;
  }

  it("asks no device for proof that hung up when it was asked, until the settings change", async () => {
    const hangsUp = (sessions: PresentSession): void => {
      const session = playedSession({ hungUpWhenAsked: true });
      sessions.take(session, ATTEMPT);
      sessions.noteEnded(session);
      sessions.leave();
    };
    assert.equal(await asks(() => {}), true);
    assert.equal(await asks(hangsUp), false);
    const outcomes = [
      // The present session has not ended.
      (sessions: PresentSession): void => {
        sessions.take(playedSession(), ATTEMPT);
        sessions.noteEnded(playedSession({ hungUpWhenAsked: true }));
      },
      (sessions: PresentSession): void => {
        hangsUp(sessions);
        sessions.forget();
      },
    ];
    for (const outcome of outcomes) assert.equal(await asks(outcome), true);
  });

  it("suspects the key of a device that is silent to a command only where nothing proved that key", async () => {
    const virtual = await startDevice("3.1", { faults: { ignoreSet: true } });
    const { device } = clientOf(virtual, { timings: { replyTimeoutMs: 200 } });
    const suspicion = { code: "KEY_OR_VERSION", message: /^The local key of Lamp is most likely wrong/ };
    device.connect();
    await device.whenReady(5_000);
    await assert.rejects(device.set({ "1": true }), suspicion);
    virtual.faults = {};
    await device.set({ "1": true }, { confirm: "report" });
    virtual.faults = { ignoreSet: true };
    device.reconnect();
    await device.whenReady(5_000);
    await assert.rejects(device.set({ "1": false }), { code: "TIMEOUT", message: /^Lamp did not answer/ });
    device.configure({ ...device.settings, name: "" });
    await device.whenReady(5_000);
    const message = /^The local key of vdev0000000000000001 is most likely wrong/;
    await assert.rejects(device.set({ "1": false }), { ...suspicion, message });
  });
});
