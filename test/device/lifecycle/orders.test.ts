import assert from "node:assert/strict";
import type { DeviceSettings, DeviceState } from "../../../src/device/types";
import type { ConnectionEnd } from "../../../src/session/connection/connection-end";
import { HOME, Life, LIFE_TIMINGS, NEVER_MS, NEW, OTHER, STAGES, useCourse } from "../../support/life";

const { pauseMs } = LIFE_TIMINGS;
const SHORT_MS = 20;

const REFUSED: ConnectionEnd = { reason: "refused" };
const ASKED: ConnectionEnd = { reason: "asked" };
const OFFLINE = "OFFLINE: Desk lamp is not connected, so nothing was sent.";

interface Scene {
  /** The state that is heard of. */
  readonly kind: DeviceState["kind"];
  readonly why: string;
  readonly reach: () => Promise<Life>;
  readonly cause: (life: Life) => void;
}

describe("a device that is told what to do", () => {
  const { clock, follow, assertStill, at } = useCourse();

  describe("where a person intervenes", () => {
    for (const stage of STAGES) {
      it(`is disconnected (${stage}): ends everything, and connects again only when it is told to`, async () => {
        const life = await at(stage);
        const { open } = life;
        const states = follow(life);
        life.lifecycle.disconnect();
        assert.deepEqual(states(), ["idle"]);
        for (const { ended } of open) assert.deepEqual(ended, ASKED);
        assert.equal(life.obstacle, OFFLINE, "nothing is wrong");
        await assertStill(life);
        life.lifecycle.heard({ ip: NEW });
        life.lifecycle.disconnect();
        await assertStill(life);
        assert.deepEqual(states(), ["idle"]);
        life.lifecycle.connect();
        assert.equal(life.open.length, 1);
        assert.equal(life.states.at(-1)?.kind, "connecting");
      });

      it(`is reconnected (${stage}): begins as if nothing had failed`, async () => {
        const life = await at(stage);
        const { open } = life;
        const states = follow(life);
        life.lifecycle.reconnect();
        for (const { ended } of open) assert.deepEqual(ended, ASKED);
        const place = stage === "connected elsewhere" ? NEW : HOME;
        assert.deepEqual(states(), stage === "searching" ? [] : [`connecting ${place}`]);
        await clock.pass(pauseMs);
        if (stage === "searching") life.lifecycle.heard({ ip: HOME });
        life.last.end(REFUSED);
        if (stage === "connected elsewhere") {
          await clock.pass(pauseMs);
          life.last.end(REFUSED);
        }
        assert.deepEqual([life.open.length, clock.pending], [0, 1]);
        await clock.pass(SHORT_MS);
        assert.equal(life.open.length, 1, "the shortest wait");
      });

      it(`gets other settings (${stage}): connects with them`, async () => {
        const life = await at(stage);
        const { open } = life;
        const settings: DeviceSettings = {
          deviceId: "plug",
          localKey: "kV3tWq8ZrX1nLp5e",
          ip: OTHER,
          version: "3.3",
        };
        life.lifecycle.configure(settings);
        assert.equal(life.lifecycle.settings, settings);
        for (const { ended } of open) assert.deepEqual(ended, ASKED);
        await clock.pass(pauseMs);
        assert.equal(life.open.length, 1);
        const { host, version, deviceId, localKey } = life.last.options;
        assert.deepEqual(
          [host, version, deviceId, String(localKey)],
          [OTHER, "3.3", "plug", "kV3tWq8ZrX1nLp5e"],
        );
        assert.equal(life.states.at(-1)?.kind, "connecting");
      });

      it(`is closed (${stage}): ends everything for good`, async () => {
        const life = await at(stage);
        const { open, lifecycle } = life;
        const states = follow(life);
        let isClosed = false;
        void lifecycle.close().then(() => (isClosed = true));
        assert.deepEqual(states(), ["closed"]);
        for (const { ended, loss } of open) assert.deepEqual([ended, loss?.code], [ASKED, "CLOSED"]);
        for (const { goes } of life.sessions) {
          await clock.pass(1);
          assert.equal(isClosed, false, "a socket is not gone");
          goes();
        }
        await clock.pass(1);
        assert.equal(isClosed, true);
        assert.equal(lifecycle.obstacle.code, "CLOSED");
        for (const act of [
          () => lifecycle.connect(),
          () => lifecycle.reconnect(),
          () => lifecycle.disconnect(),
          () => lifecycle.configure({ ...lifecycle.settings, ip: OTHER }),
          () => lifecycle.heard({ ip: OTHER }),
          () => void lifecycle.close(),
        ]) {
          act();
          await assertStill(life);
        }
        assert.deepEqual(states(), ["closed"]);
      });
    }

    it("gets other settings before it is wanted: connects to nothing", async () => {
      const life = new Life();
      life.lifecycle.configure({ ...life.lifecycle.settings, ip: OTHER });
      await assertStill(life);
      life.lifecycle.connect();
      assert.deepEqual(life.hosts, [OTHER]);
    });

    it("knows whether the key was proved, until another one may be set", async () => {
      const life = new Life();
      life.lifecycle.connect();
      assert.equal(life.last.options.keyWasProven, false);
      life.last.opens();
      life.last.answers(false);
      life.lifecycle.reconnect();
      await clock.pass(pauseMs);
      assert.equal(life.last.options.keyWasProven, false);
      life.last.opens();
      life.last.answers(true);
      life.lifecycle.reconnect();
      await clock.pass(pauseMs);
      assert.equal(life.last.options.keyWasProven, true);
      life.lifecycle.configure({ ...life.lifecycle.settings });
      assert.equal(life.last.options.keyWasProven, false);
    });
  });

  describe("where a listener acts on what it hears", () => {
    const scenes: Scene[] = [
      {
        kind: "connecting",
        why: "it is told to connect",
        reach: async () => new Life(),
        cause: ({ lifecycle }) => lifecycle.connect(),
      },
      {
        kind: "connecting",
        why: "another attempt begins",
        reach: () => at("checking"),
        cause: ({ last }) => last.end({ reason: "closed", answered: false }),
      },
      {
        kind: "checking",
        why: "TCP stands",
        reach: () => at("connecting"),
        cause: ({ last }) => last.opens(),
      },
      {
        kind: "ready",
        why: "the device answers",
        reach: () => at("checking"),
        cause: ({ last }) => last.answers(true),
      },
      {
        kind: "waiting",
        why: "the device fails",
        reach: () => at("connecting"),
        cause: ({ last }) => last.end(REFUSED),
      },
      {
        kind: "waiting",
        why: "the device is lost",
        reach: () => at("ready"),
        cause: ({ last }) => last.end({ reason: "dead" }),
      },
      {
        kind: "connecting",
        why: "the device names another version",
        reach: async () => {
          const life = new Life({ settings: { version: "auto" } });
          life.connected(false);
          return life;
        },
        cause: ({ last }) => last.end({ reason: "undecryptable", marker: "3.3" }),
      },
      {
        kind: "waiting",
        why: "the key cannot be one",
        reach: async () => new Life({ settings: { localKey: "" } }),
        cause: ({ lifecycle }) => lifecycle.connect(),
      },
      {
        kind: "searching",
        why: "the address is not known",
        reach: async () => new Life({ settings: { ip: "" } }),
        cause: ({ lifecycle }) => lifecycle.connect(),
      },
      {
        kind: "connecting",
        why: "it moves",
        reach: () => at("connected elsewhere"),
        cause: ({ last }) => last.answers(true),
      },
    ];

    for (const { kind, why, reach, cause } of scenes) {
      for (const act of ["disconnect", "close", "reconnect"] as const) {
        it(`obeys one that says ${act} when it hears of "${kind}" because ${why}`, async () => {
          const life = await reach();
          const { length } = life.told;
          let hasActed = false;
          life.onState = (state) => {
            if (state.kind !== kind || hasActed) return;
            hasActed = true;
            void life.lifecycle[act]();
          };
          cause(life);
          await clock.pass(pauseMs);
          assert.equal(hasActed, true);
          assert.deepEqual(life.told.slice(length), [], "it has heard of more");
          if (act !== "reconnect") {
            assert.equal(life.lifecycle.state.kind, act === "close" ? "closed" : "idle");
            await assertStill(life);
          } else if (why === "the key cannot be one") {
            assert.equal(life.lifecycle.state.kind, "waiting");
            await assertStill(life);
          } else if (kind === "searching") {
            assert.deepEqual([life.open.length, clock.pending], [0, 1], "it waits for an announcement");
          } else {
            assert.deepEqual([life.open.length, clock.pending], [1, 0]);
          }
        });
      }
    }

    for (const [kind, sleepy] of [
      ["waiting", false],
      ["asleep", true],
    ] as const) {
      it(`makes one connection where one that hears of "${kind}" knows where the device is`, async () => {
        const life = new Life({ settings: { sleepy } });
        life.onState = (state) => {
          if (state.kind === kind) life.lifecycle.heard({ ip: NEW });
        };
        life.lifecycle.connect();
        life.last.end(REFUSED);
        assert.deepEqual([life.hosts, clock.pending], [[HOME, NEW], 0]);
        await clock.pass(NEVER_MS);
        assert.deepEqual(life.hosts, [HOME, NEW]);
      });
    }
  });
});
