import assert from "node:assert/strict";
import { PROTOCOL_VERSIONS } from "../../../src/protocol/version";
import type { ConnectionEnd } from "../../../src/session/connection/connection-end";
import { HOME, Life, NEW, OTHER, type PlayedSession, useCourse } from "../../support/life";
import { Random } from "../../support/random";

const LIVES = 150;
const STEPS = 40;

const ENDS: readonly ConnectionEnd[] = [
  { reason: "refused" },
  { reason: "busy" },
  { reason: "closed", answered: false },
  { reason: "silent" },
  { reason: "mute" },
  { reason: "foreign", speaks: "older" },
  { reason: "foreign", speaks: "newer" },
  { reason: "undecryptable", marker: "3.3" },
  { reason: "undecryptable", marker: "3.5" },
  { reason: "wrong-key" },
  { reason: "unusable-session-key" },
  { reason: "dead" },
];

/** A device, and somebody who gives orders, at random. Returns what happened last. */
async function stepOf(life: Life, random: Random, pass: (ms: number) => Promise<void>): Promise<string> {
  const session = random.chance(0.6) ? random.pick([undefined, ...life.open]) : undefined;
  if (session) return play(session, random);
  if (random.chance(0.6)) return order(life, random);
  const ms = random.pick([1, 10, 20, 50, 300, 600]);
  await pass(ms);
  return `${ms} ms pass`;
}

/** What a device may do on this connection. What a session tells of it only once is told once. */
function play(session: PlayedSession, random: Random): string {
  const { host, options } = session;
  const act = random.pick(["answers", "listens", "ends"]);
  if (act === "ends") session.end(random.pick(ENDS));
  else if (!session.wasOpened) session.opens();
  else if (act === "answers" && !session.isProven)
    session.answers(options.trust === "heard" || random.chance(0.5));
  else if (!session.isProven && !session.isListening && options.trust === "heard") session.listens();
  return `${host} ${act}`;
}

function order({ lifecycle }: Life, random: Random): string {
  const act = random.pick(["connect", "reconnect", "heard", "heard", "configure", "disconnect"] as const);
  const ip = random.pick([HOME, NEW, OTHER]);
  if (act === "heard") lifecycle.heard({ ip, version: random.pick(PROTOCOL_VERSIONS) });
  else if (act === "configure") lifecycle.configure({ ...lifecycle.settings, ip: random.pick(["", ip]) });
  else lifecycle[act]();
  return `${act} ${ip}`;
}

describe("whatever happens to a device", () => {
  const { clock } = useCourse();

  /** Connections and timers that a device may have, whatever its state is. */
  function assertSound(life: Life): void {
    const { state, readySession, settings } = life.lifecycle;
    const { length } = life.open;
    const { pending } = clock;
    // Beside the present connection there may be one of the lookout, which has two timers at most.
    assert.ok(length <= 2 && pending <= 3, `${length} connections, ${pending} timers`);
    switch (state.kind) {
      case "idle":
      case "closed":
        assert.deepEqual([length, pending], [0, 0]);
        break;
      case "ready":
        assert.ok(life.open.some((session) => session.asSession === readySession));
        break;
      case "waiting":
        assert.ok(length + pending > 0 || state.retryAt === Infinity, "nothing is planned");
        break;
      case "asleep":
        assert.ok(length + pending > 0 || settings.ip === "", "nothing is planned");
        break;
      case "searching":
        assert.ok(pending > 0, "it would search for ever");
        break;
      case "connecting":
      case "checking":
        assert.ok(length + pending > 0, "nothing is planned");
        assert.ok(length < 2 || life.open.some(({ isListening }) => isListening), "a connection was left");
    }
  }

  it("has no connection too many, goes on by itself, and leaves nothing when it is closed", async () => {
    const random = new Random(7);
    for (let i = 0; i < LIVES; i++) {
      const version = random.pick(["auto", ...PROTOCOL_VERSIONS] as const);
      const settings = { version, ip: random.pick(["", HOME]), sleepy: random.chance(0.3) };
      const life = new Life({ settings, ...(random.chance(0.3) && { known: { ip: NEW, version: "3.4" } }) });
      const course: string[] = [];
      life.onState = ({ kind }) => {
        course.push(kind);
        if (random.chance(0.1)) course.push(`a listener: ${order(life, random)}`);
      };
      for (let step = 0; step < STEPS; step++) {
        course.push(await stepOf(life, random, (ms) => clock.pass(ms)));
        try {
          assertSound(life);
        } catch (error) {
          throw new Error(`Life ${i}: ${course.slice(-12).join(", ")}`, { cause: error });
        }
      }
      life.onState = () => {};
      void life.lifecycle.close();
      assertSound(life);
    }
  });
});
