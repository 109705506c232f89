import assert from "node:assert/strict";
import type { ConnectionEnd } from "../../src/session/connection/connection-end";
import { HOME, Life, LIFE_TIMINGS, NEVER_MS, NEW, STAGES, useCourse, YEAR_2023 } from "../support/life";

const { pauseMs, hopelessBackoffMs, steadyAfterMs } = LIFE_TIMINGS;
const [SHORT_MS, LONG_MS] = [20, 50];

const REFUSED: ConnectionEnd = { reason: "refused" };
const DEAD: ConnectionEnd = { reason: "dead" };
const CLOSED: ConnectionEnd = { reason: "closed", answered: false };
const WRONG_KEY: ConnectionEnd = { reason: "wrong-key" };
const ASKED: ConnectionEnd = { reason: "asked" };
const OFFLINE = "OFFLINE: Desk lamp is not connected, so nothing was sent.";

describe("Lifecycle", () => {
  const { clock, follow, assertStill, at } = useCourse();

  describe("on the way to a device", () => {
    it("is idle until a connection is wanted, and ready when the device has answered", async () => {
      const life = new Life();
      const { lifecycle } = life;
      await assertStill(life);
      assert.deepEqual(lifecycle.state, { kind: "idle" });
      assert.equal(life.obstacle, OFFLINE);
      const states = follow(life);
      lifecycle.connect();
      const { last } = life;
      const { host, port, version, trust, name, deviceId } = last.options;
      assert.deepEqual(
        { host, port, version, trust },
        { host: HOME, port: 6668, version: "3.4", trust: "pinned" },
      );
      assert.deepEqual([name, deviceId], ["Desk lamp", "lamp"]);
      last.opens();
      assert.deepEqual([lifecycle.readySession, life.told], [undefined, []]);
      last.answers(true);
      assert.equal(lifecycle.readySession, last.asSession);
      assert.deepEqual(life.told, [["ready", last.asSession]]);
      assert.deepEqual(states(), [`connecting ${HOME}`, `checking ${HOME} 3.4`, `ready ${HOME} 3.4 proven`]);
      assert.equal(clock.pending, 0);
    });

    it("connects once, however often that is wanted", async () => {
      for (const stage of STAGES) {
        const life = await at(stage);
        const [states, hosts] = [[...life.states], [...life.hosts]];
        life.lifecycle.connect();
        assert.deepEqual([life.states, life.hosts], [states, hosts], stage);
      }
    });

    it("goes by the name of the device, or else by its id", () => {
      assert.equal(new Life().lifecycle.name, "Desk lamp");
      for (const name of ["", undefined])
        assert.equal(new Life({ settings: { name } }).lifecycle.name, "lamp");
    });

    it("logs what becomes of the device", () => {
      const life = new Life();
      life.connected();
      assert.deepEqual(life.logs.of("debug"), [
        "Desk lamp: idle → connecting",
        "Desk lamp: connecting → checking",
        "Desk lamp: checking → ready",
      ]);
    });

    it("connects nowhere before an earlier connection to the device is gone", async () => {
      let goes = (): void => {};
      const life = new Life({ after: new Promise((resolve) => (goes = resolve)) });
      life.lifecycle.connect();
      await clock.pass(NEVER_MS);
      assert.deepEqual([life.kinds, life.hosts], [["connecting"], []]);
      goes();
      await clock.pass(pauseMs);
      assert.deepEqual(life.hosts, [HOME]);
    });

    for (const [what, settings] of [
      ["no key", { localKey: "short" }],
      ["no port", { port: 0 }],
    ] as const) {
      it(`waits for a person where the settings have ${what}, whatever is heard`, async () => {
        const life = new Life({ settings });
        const states = follow(life);
        life.lifecycle.connect();
        life.lifecycle.heard({ ip: NEW });
        assert.deepEqual(states(), [`connecting ${HOME}`, "waiting NOT_CONFIGURED Infinity"]);
        assert.match(life.obstacle, /^NOT_CONFIGURED: The (local key|port) of Desk lamp/);
        await assertStill(life);
        life.lifecycle.configure({ ...life.lifecycle.settings, localKey: "kV3tWq8ZrX1nLp5e", port: 7_000 });
        assert.deepEqual([life.last.host, life.last.options.port], [HOME, 7_000]);
      });
    }

    it("says that nothing proves the key, as long as that is so, and then whether commands are sent", () => {
      const pinned = new Life({ settings: { version: "3.3" } });
      const states = follow(pinned);
      pinned.connected(false);
      pinned.last.answers(true);
      pinned.last.answers(false);
      assert.deepEqual(states().slice(2), [`ready ${HOME} 3.3`, `ready ${HOME} 3.3 proven`]);
      assert.equal(pinned.told.length, 1, "it became ready once");
      const auto = new Life({ settings: { version: "auto" } });
      const others = follow(auto);
      auto.connected(false);
      assert.deepEqual(others().slice(2), [`ready ${HOME} 3.4, deaf`]);
    });
  });

  describe("after a failure", () => {
    it("tries again by itself, later each time, and tells when", async () => {
      const life = new Life();
      const states = follow(life);
      life.lifecycle.connect();
      life.last.end(REFUSED);
      await clock.pass(SHORT_MS - 1);
      assert.equal(life.sessions.length, 1);
      await clock.pass(1);
      assert.equal(life.sessions.length, 2);
      life.last.end(REFUSED);
      await clock.pass(LONG_MS - 1);
      assert.equal(life.sessions.length, 2);
      await clock.pass(1);
      life.last.end(REFUSED);
      assert.deepEqual(states(), [
        `connecting ${HOME}`,
        `waiting UNREACHABLE ${SHORT_MS}`,
        `waiting UNREACHABLE ${SHORT_MS + LONG_MS}`,
        `waiting UNREACHABLE ${SHORT_MS + 2 * LONG_MS}`,
      ]);
      assert.match(
        life.obstacle,
        /^OFFLINE: Desk lamp is not connected, so nothing was sent\. .*nothing listens there/,
      );
    });

    it("shows no attempt before that one succeeds: what was known to be wrong still is", async () => {
      const life = await at("waiting");
      const states = follow(life);
      await clock.pass(SHORT_MS);
      life.last.opens();
      assert.deepEqual(states(), []);
      life.last.answers(true);
      assert.deepEqual(states(), [`ready ${HOME} 3.4 proven`]);
      assert.equal(clock.pending, 0);
    });

    it("goes on without a word while it finds out what is wrong", async () => {
      const life = new Life();
      const states = follow(life);
      life.lifecycle.connect();
      life.last.opens();
      life.last.end(CLOSED);
      assert.equal(states().at(-1), `checking ${HOME} 3.4`);
      await clock.pass(pauseMs);
      assert.equal(life.sessions.length, 2);
      assert.deepEqual(states().slice(2), [`connecting ${HOME}`]);
      assert.equal(life.obstacle, OFFLINE);
      // A busy device closes before the first frame; one that dislikes the frame, after it.
      assert.deepEqual(
        [life.sessions[0]?.options.settleMs, life.last.options.settleMs],
        [0, LIFE_TIMINGS.settleMs],
      );
    });

    it("holds the suspicion it has shown while it finds out more", async () => {
      const life = new Life({ settings: { version: "3.5" } });
      life.lifecycle.connect();
      life.last.end({ reason: "silent" });
      const { obstacle } = life;
      assert.match(obstacle, /^KEY_OR_VERSION: Desk lamp accepts the connection but answers nothing/);
      await clock.pass(pauseMs);
      life.last.end(CLOSED);
      assert.equal(life.obstacle, obstacle);
    });

    it("gives the device time to free the place of a connection that stood", async () => {
      const life = new Life({ settings: { version: "auto" } });
      life.lifecycle.connect();
      life.last.opens();
      life.lifecycle.reconnect();
      assert.equal(life.sessions.length, 1);
      await clock.pass(pauseMs - 1);
      assert.equal(life.sessions.length, 1);
      await clock.pass(1);
      assert.equal(life.sessions.length, 2);
      // This one never stood.
      life.lifecycle.reconnect();
      assert.equal(life.sessions.length, 3);
    });

    it("hangs up on a device that speaks another version than the configured one, and says so", async () => {
      const life = new Life();
      life.lifecycle.connect();
      life.last.end({ reason: "foreign", speaks: "older" });
      await clock.pass(pauseMs);
      assert.equal(life.last.options.version, "3.3");
      life.last.opens();
      life.last.answers(true);
      assert.equal(life.states.at(-1)?.kind, "waiting");
      assert.deepEqual([life.last.ended, life.told], [ASKED, []]);
      assert.match(life.obstacle, /^KEY_OR_VERSION: Desk lamp speaks protocol 3\.3, but 3\.4 is set/);
    });
  });

  describe("after a loss", () => {
    it("connects again, later each time, and not so late after a connection that lasted", async () => {
      const life = new Life();
      life.connected();
      const states = follow(life);
      const waits: string[] = [];
      for (const [livedMs, waitMs] of [
        [0, SHORT_MS],
        [steadyAfterMs - 1, LONG_MS],
        [steadyAfterMs, SHORT_MS],
      ] as const) {
        await clock.pass(livedMs);
        const lost = follow(life);
        life.last.end(DEAD);
        waits.push(...lost());
        assert.equal(life.lifecycle.readySession, undefined);
        await clock.pass(waitMs - 1);
        assert.equal(life.open.length, 0);
        await clock.pass(1);
        life.last.opens();
        life.last.answers(true);
      }
      assert.deepEqual(
        waits,
        [SHORT_MS, LONG_MS, SHORT_MS].map((ms) => `waiting TIMEOUT ${ms}`),
      );
      assert.deepEqual(
        states().filter((state) => !state.startsWith("waiting")),
        Array.from({ length: 3 }, () => `ready ${HOME} 3.4 proven`),
      );
      assert.equal(life.told.length, 4);
    });

    it("counts from the first answer how long the connection lasted, not from the proof that came later", async () => {
      const life = new Life({ settings: { version: "3.3" } });
      life.connected(false).end(DEAD);
      await clock.pass(SHORT_MS);
      life.last.opens();
      life.last.answers(false);
      await clock.pass(steadyAfterMs - 1);
      life.last.answers(true);
      await clock.pass(1);
      const states = follow(life);
      life.last.end(DEAD);
      assert.deepEqual(states(), [`waiting TIMEOUT ${SHORT_MS}`]);
    });

    it("connects again in another version that the device named, and calls that no error", async () => {
      const life = new Life({ settings: { version: "auto" } });
      life.lifecycle.connect();
      life.last.end(REFUSED);
      await clock.pass(SHORT_MS);
      life.last.opens();
      life.last.answers(false);
      const states = follow(life);
      life.last.end({ reason: "undecryptable", marker: "3.3" });
      assert.deepEqual(states(), [`connecting ${HOME}`]);
      assert.equal(life.obstacle, OFFLINE, "the cause of an earlier failure is none any more");
      await clock.pass(pauseMs);
      assert.equal(states().length, 1);
      assert.equal(life.last.options.version, "3.3");
    });

    it("stays where the device proved its key, although it was announced elsewhere long before", async () => {
      const life = new Life();
      life.connected();
      life.lifecycle.heard({ ip: NEW });
      await clock.pass(2 * LIFE_TIMINGS.probeTimeoutMs + 1);
      life.last.end(DEAD);
      await clock.pass(SHORT_MS);
      assert.deepEqual(life.hosts, [HOME, HOME]);
    });

    it("tells requests that were under way why: with the end of the connection, or of everything", () => {
      const dead = new Life();
      const session = dead.connected();
      session.end(DEAD);
      assert.match(
        String(session.loss),
        /The connection to Desk lamp ended before it answered.* it lost power or its network/,
      );
      const closed = new Life();
      const last = closed.connected();
      void closed.lifecycle.close();
      assert.equal(last.loss?.code, "CLOSED");
    });
  });

  describe("with a sleepy device", () => {
    it("calls its absence no error, and tells when it was last heard of", async () => {
      const life = new Life({ settings: { sleepy: true } });
      const states = follow(life);
      const session = life.connected();
      session.statistics = { ...session.statistics, lastSeen: YEAR_2023 };
      session.end(DEAD);
      await clock.pass(SHORT_MS);
      life.last.end(REFUSED);
      assert.deepEqual(states().slice(3), [`asleep ${YEAR_2023}`]);
      await clock.pass(LONG_MS);
      assert.equal(life.open.length, 1, "it is tried all the same");
    });

    it("calls an error what only a person can mend", () => {
      const life = new Life({ settings: { sleepy: true } });
      const states = follow(life);
      life.lifecycle.connect();
      life.last.end(WRONG_KEY);
      assert.deepEqual(states().slice(1), [`waiting WRONG_KEY ${hopelessBackoffMs}`]);
    });
  });

  describe("what is said over a connection", () => {
    it("is told only while the device is ready, and only of the present connection", async () => {
      const life = new Life();
      const say = (session = life.last): void => {
        session.reports({ "1": true });
        session.lists({ online: ["a"], offline: [], nearby: [] });
        session.refuses("data format error");
      };
      life.lifecycle.connect();
      const { last } = life;
      last.opens();
      say();
      assert.deepEqual(life.told, []);
      last.answers(true);
      life.told.length = 0;
      say();
      assert.deepEqual(life.told, [
        ["report", { "1": true }, "push"],
        ["children", { online: ["a"], offline: [], nearby: [] }],
        ["refused", "data format error", last.asSession],
      ]);
      life.lifecycle.reconnect();
      await clock.pass(pauseMs);
      life.last.opens();
      life.last.answers(true);
      life.told.length = 0;
      say(last);
      assert.deepEqual(life.told, []);
    });

    it("is told of sub-devices from the present connection only", async () => {
      const life = await at("checking");
      const { last } = life;
      assert.deepEqual([last.asksForChild("online"), last.asksForChild("offline")], [true, false]);
      last.answersForChild("online", false);
      life.lifecycle.reconnect();
      await clock.pass(pauseMs);
      last.answersForChild("online", true);
      assert.deepEqual(life.told, [["childAnswered", "online", false]]);
    });

    it("counts no longer once the connection was left", async () => {
      const life = await at("connecting");
      const { last } = life;
      life.lifecycle.reconnect();
      const states = follow(life);
      last.opens();
      last.answers(true);
      last.listens();
      assert.deepEqual(states(), []);
    });

    it("says whether the device is being asked to prove its key", () => {
      const life = new Life();
      assert.equal(life.lifecycle.proving, undefined);
      const asking = Promise.resolve();
      life.connected().asking = asking;
      assert.equal(life.lifecycle.proving, asking);
    });

    it("shows that the device refuses to be read, as long as it does", async () => {
      const life = new Life();
      life.connected();
      const error = life.lifecycle.obstacle;
      const { length } = life.states;
      for (const refusal of [error, error, undefined, undefined]) life.lifecycle.noteRefusal(refusal);
      const refusals = life.states.slice(length).map((state) => state.kind === "ready" && state.refusal);
      assert.deepEqual(refusals, [error, undefined]);
    });
  });
});
