import assert from "node:assert/strict";
import type { ConnectionEnd } from "../../../src/session/connection/connection-end";
import { HOME, Life, LIFE_TIMINGS, NEVER_MS, NEW, OTHER, useCourse, YEAR_2023 } from "../../support/life";

const { pauseMs, listenMs, lookIntervalMs, searchTimeoutMs } = LIFE_TIMINGS;
const SHORT_MS = 20;

const REFUSED: ConnectionEnd = { reason: "refused" };
const DEAD: ConnectionEnd = { reason: "dead" };
const ASKED: ConnectionEnd = { reason: "asked" };
const OFFLINE = "OFFLINE: Desk lamp is not connected, so nothing was sent.";

describe("where a device is looked for", () => {
  const { clock, now, follow, assertStill, at } = useCourse();

  describe("where the device is announced", () => {
    it("counts that as a sign of life, at the time it was heard", () => {
      const life = new Life();
      life.lifecycle.heard({ ip: HOME, time: YEAR_2023 });
      assert.equal(life.lifecycle.statistics().lastSeen, YEAR_2023);
      life.lifecycle.heard({ ip: HOME });
      assert.equal(life.lifecycle.statistics().lastSeen, now());
    });

    for (const stage of ["waiting", "searching", "asleep"] as const) {
      it(`tries at once while it is ${stage}, there and in the version that was announced`, async () => {
        const life = await at(stage, { settings: { version: "auto" } });
        life.lifecycle.heard({ ip: NEW, version: "3.5" });
        const { host, version, trust } = life.last.options;
        assert.deepEqual([host, version, trust], [NEW, "3.5", "heard"]);
        assert.equal(clock.pending, 0, "no other attempt is planned");
        const { length } = life.sessions;
        life.lifecycle.heard({ ip: NEW, version: "3.5" });
        assert.equal(life.sessions.length, length, "no news");
      });
    }

    it("does not connect because of that if nobody wants it, but then knows where to connect", () => {
      const life = new Life({ settings: { ip: "" } });
      life.lifecycle.heard({ ip: NEW });
      assert.deepEqual([life.hosts, life.kinds], [[], []]);
      life.lifecycle.connect();
      assert.deepEqual([life.hosts, life.kinds], [[NEW], ["connecting"]]);
    });

    for (const stage of ["connecting", "checking"] as const) {
      it(`goes there next while it is ${stage}, and lets the attempt end first`, async () => {
        const life = await at(stage);
        life.lifecycle.heard({ ip: NEW });
        await clock.pass(pauseMs);
        life.lifecycle.heard({ ip: OTHER });
        assert.deepEqual([life.hosts, life.last.ended], [[HOME], undefined]);
        life.last.end(REFUSED);
        await clock.pass(pauseMs);
        assert.deepEqual(life.hosts, [HOME, NEW]);
      });
    }

    it("gives up an attempt for it whose packet may be lost, but no young one, and none that got through", async () => {
      for (const [isOpen, ageMs, isReplaced] of [
        [false, pauseMs, true],
        [false, pauseMs - 1, false],
        [true, pauseMs, false],
      ] as const) {
        const life = await at("trying");
        const { last } = life;
        if (isOpen) last.opens();
        await clock.pass(ageMs);
        life.lifecycle.heard({ ip: NEW });
        assert.deepEqual(life.hosts.slice(2), isReplaced ? [NEW] : []);
        assert.deepEqual(last.ended, isReplaced ? ASKED : undefined);
        assert.equal(life.open.length, 1);
      }
    });

    it("asks a connected device for a sign of life if it is heard elsewhere, not if it is heard where it is", () => {
      const life = new Life();
      const session = life.connected();
      life.lifecycle.heard({ ip: HOME });
      assert.equal(session.probes, 0);
      life.lifecycle.heard({ ip: NEW });
      assert.equal(session.probes, 1);
      assert.deepEqual([life.open, life.kinds.at(-1)], [[session], "ready"]);
    });

    it("asks a sleepy device for one whenever it is heard: it may have been away", () => {
      const life = new Life({ settings: { sleepy: true } });
      const session = life.connected();
      for (let i = 1; i <= 2; i++) {
        life.lifecycle.heard({ ip: HOME });
        assert.equal(session.probes, i);
      }
    });

    it("looks there at once, beside a connection that proves nothing", async () => {
      const life = new Life({ settings: { version: "3.3" } });
      const session = life.connected(false);
      await clock.pass(pauseMs);
      assert.deepEqual(life.hosts, [HOME]);
      life.lifecycle.heard({ ip: NEW });
      assert.deepEqual(life.hosts, [HOME, NEW]);
      assert.equal(session.ended, undefined);
    });
  });

  describe("where no address is known", () => {
    it("waits for an announcement, and says after a while that none came", async () => {
      const life = new Life({ settings: { ip: "" } });
      const states = follow(life);
      life.lifecycle.connect();
      await clock.pass(searchTimeoutMs - 1);
      assert.deepEqual(states(), ["searching"]);
      assert.equal(life.obstacle, OFFLINE);
      await clock.pass(1);
      assert.deepEqual(states().slice(1), ["waiting NOT_FOUND Infinity"]);
      assert.match(life.obstacle, /^OFFLINE: .* has not announced itself/);
      await assertStill(life);
      life.lifecycle.heard({ ip: NEW });
      life.last.opens();
      life.last.answers(true);
      assert.deepEqual(states().slice(2), [`ready ${NEW} 3.4 proven`]);
      assert.equal(clock.pending, 0, "at home where it is");
    });

    it("does not say so once the device was heard", async () => {
      const life = await at("searching");
      await clock.pass(searchTimeoutMs - 1);
      life.lifecycle.heard({ ip: NEW });
      await clock.pass(NEVER_MS);
      assert.deepEqual(life.kinds, ["searching", "connecting"]);
    });

    it("lets a sleepy device sleep without a word", async () => {
      const life = new Life({ settings: { ip: "", sleepy: true } });
      const states = follow(life);
      life.lifecycle.connect();
      await assertStill(life);
      assert.deepEqual(states(), ["searching", "asleep undefined"]);
    });
  });

  describe("where something answers, and nothing proves the key", () => {
    it("says so of an address it trusts, keeps the connection, and looks elsewhere meanwhile", async () => {
      const life = new Life({ known: { ip: NEW, version: "3.4" } });
      life.lifecycle.connect();
      const { last } = life;
      last.opens();
      const states = follow(life);
      last.listens();
      assert.deepEqual(states(), [`waiting KEY_OR_VERSION ${listenMs}`]);
      assert.match(life.obstacle, /^KEY_OR_VERSION: Nothing proves the local key of Desk lamp/);
      await clock.pass(pauseMs);
      assert.deepEqual(life.hosts, [NEW, HOME]);
      last.answers(true);
      assert.deepEqual(states().slice(1), [`ready ${NEW} 3.4 proven`]);
    });

    it("says nothing where the address was only announced, and looks at the others", async () => {
      const life = await at("waiting");
      life.lifecycle.heard({ ip: NEW });
      const { last, obstacle } = life;
      const states = follow(life);
      last.opens();
      last.listens();
      await clock.pass(pauseMs);
      assert.deepEqual([states(), life.hosts], [[], [HOME, NEW, HOME]]);
      assert.equal(life.obstacle, obstacle);
      // One that is not the present one says nothing about the device.
      life.last.listens();
      assert.deepEqual(states(), []);
    });

    it("has the connection give a sign of life where the device is heard elsewhere, and looks there", async () => {
      const life = new Life({ known: { ip: NEW, version: "3.4" } });
      life.lifecycle.connect();
      const { last } = life;
      last.opens();
      last.listens();
      await clock.pass(pauseMs);
      life.last.end(REFUSED);
      life.lifecycle.heard({ ip: OTHER });
      assert.deepEqual([last.probes, last.ended], [1, undefined]);
      await clock.pass(pauseMs);
      assert.deepEqual(life.hosts, [NEW, HOME, OTHER]);
    });
  });

  describe("while the device is not where it is expected", () => {
    it("moves to the configured address once the key is proved there", async () => {
      const life = await at("connected elsewhere");
      const [there, home] = life.sessions;
      assert.ok(there && home);
      assert.equal(home.options.trust, "heard");
      life.told.length = 0;
      const states = follow(life);
      home.opens();
      home.answers(false);
      assert.deepEqual([states(), there.ended], [[], undefined]);
      home.answers(true);
      assert.deepEqual(states(), [`connecting ${HOME}`, `ready ${HOME} 3.4 proven`]);
      assert.deepEqual([there.ended, life.open], [ASKED, [home]]);
      assert.equal(life.lifecycle.readySession, home.asSession);
      assert.deepEqual(life.told, [["ready", home.asSession]]);
      assert.equal(clock.pending, 0, "there is no better place to look for");
    });

    it("looks at it again and again, and does not care how that fails", async () => {
      const life = await at("connected elsewhere");
      const states = follow(life);
      life.last.end(REFUSED);
      await clock.pass(pauseMs);
      assert.deepEqual(life.hosts, [NEW, HOME]);
      await clock.pass(lookIntervalMs);
      assert.deepEqual(life.hosts, [NEW, HOME, HOME]);
      assert.deepEqual(states(), []);
    });

    it("begins where the key was proved last, after a loss of something that proved nothing", async () => {
      const life = new Life({ settings: { version: "3.3" }, known: { ip: NEW, version: "3.3" } });
      life.lifecycle.connect();
      life.last.end(REFUSED);
      await clock.pass(pauseMs);
      life.last.opens();
      life.last.answers(false);
      life.last.end(DEAD);
      await clock.pass(SHORT_MS);
      assert.deepEqual(life.hosts, [NEW, HOME, NEW]);
    });

    it("looks nowhere else when the device is lost", async () => {
      const life = await at("connected elsewhere");
      const [there, home] = life.sessions;
      there?.end(DEAD);
      assert.deepEqual(home?.ended, ASKED);
      assert.equal(clock.pending, 1, "an attempt is planned");
    });

    it("looks at others as long as nothing proves the key where it is", async () => {
      const life = new Life({ settings: { version: "3.3" } });
      const session = life.connected(false);
      life.lifecycle.heard({ ip: NEW });
      await clock.pass(pauseMs);
      assert.deepEqual(life.hosts, [HOME, NEW]);
      session.answers(true);
      assert.deepEqual(life.open, [session]);
      assert.equal(clock.pending, 0);
    });

    it("leaves one that speaks another version than the configured one, and goes back", async () => {
      const life = new Life({ settings: { version: "3.1" } });
      life.connected(false);
      life.lifecycle.heard({ ip: NEW });
      await clock.pass(pauseMs);
      life.last.end({ reason: "foreign", speaks: "newer" });
      await clock.pass(pauseMs);
      assert.deepEqual([life.last.host, life.last.options.version], [NEW, "3.5"]);
      life.told.length = 0;
      life.last.opens();
      life.last.answers(true);
      assert.deepEqual([life.open, life.told], [[], []]);
      await clock.pass(pauseMs);
      assert.deepEqual(life.last.host, HOME);
    });
  });
});
