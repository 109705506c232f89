import assert from "node:assert/strict";
import { LinkHistory } from "../../../nodes/link/link-history";
import { childState, type LinkState } from "../../../nodes/link/link-state";
import { READY, waiting } from "../../support/fake-device";

const CONNECTING: LinkState = { kind: "connecting", ip: "192.0.2.7" };

function after(...states: readonly LinkState[]): LinkHistory {
  const history = new LinkHistory();
  for (const state of states) history.observe(state);
  return history;
}

const sentences = ({ log }: LinkHistory): readonly string[] => log.events.map(({ sentence }) => sentence);

describe("the history of a device", () => {
  it("counts connections, and what they were lost to", () => {
    const lost = waiting("TIMEOUT");
    const history = after(CONNECTING, READY, lost, READY, lost, READY, waiting("OFFLINE"));
    assert.equal(history.connects, 3);
    assert.deepEqual(
      [...history.drops],
      [
        ["TIMEOUT", 2],
        ["OFFLINE", 1],
      ],
    );
  });

  it("counts none that was ended on purpose, or by a battery device that sleeps again", () => {
    const history = after(READY, { kind: "idle" }, READY, { kind: "closed" }, READY, CONNECTING, READY, {
      kind: "asleep",
      lastSeen: undefined,
    });
    assert.equal(history.connects, 4);
    assert.deepEqual([...history.drops], []);
  });

  it("does not blame a gateway that is stopped by a deploy", () => {
    const history = after(READY, childState({ kind: "closed" }, "Gateway", undefined), READY);
    assert.deepEqual([...history.drops], []);
    assert.deepEqual(sentences(history), [
      "Connected at 192.0.2.7, protocol 3.4.",
      "Its gateway was stopped: by a deploy, or with Node-RED.",
      "Connected at 192.0.2.7, protocol 3.4.",
    ]);
  });

  it("does not take better proof of the key for another connection", () => {
    const history = after({ ...READY, keyProven: false } as LinkState, READY);
    assert.equal(history.connects, 1);
    assert.deepEqual(sentences(history), [
      "Connected at 192.0.2.7, protocol 3.4; nothing proves the key yet.",
      "What it sends proves the key.",
    ]);
  });

  it("keeps the error through the next attempts, until one succeeds or nobody wants any", () => {
    const history = after(waiting("WRONG_KEY", "It rejects the key."), CONNECTING);
    assert.equal(history.error?.message, "It rejects the key.");
    history.observe(READY);
    assert.equal(history.error, undefined);
    history.observe(waiting("BUSY"));
    history.observe({ kind: "idle" });
    assert.equal(history.error, undefined);
  });

  it("keeps the time at which trouble began while attempts fail for the same reason", async () => {
    const history = after(waiting("UNREACHABLE"));
    const began = history.since;
    await new Promise((resolve) => setTimeout(resolve, 5));
    history.observe(waiting("UNREACHABLE", "Still not there."));
    assert.equal(history.since, began);
    history.observe(waiting("BUSY"));
    assert.ok(history.since > began);
  });

  it("remembers where it was connected last", () => {
    const history = after(READY, waiting("TIMEOUT"));
    assert.deepEqual([history.ip, history.version], ["192.0.2.7", "3.4"]);
  });

  it("tells outcomes, not attempts", () => {
    const history = after(
      { kind: "searching" },
      CONNECTING,
      { kind: "checking", ip: "192.0.2.7", version: "3.4" },
      READY,
      waiting("TIMEOUT", "It stopped answering."),
    );
    assert.deepEqual(sentences(history), [
      "Its address is not known: waiting until it announces itself.",
      "Connected at 192.0.2.7, protocol 3.4.",
      "It stopped answering.",
    ]);
  });
});

describe("the log of a device's events", () => {
  it("keeps the last 50, oldest first", () => {
    const { log } = new LinkHistory();
    for (let index = 0; index < 120; index++) log.add(`event ${index}`, index);
    assert.equal(log.events.length, 50);
    assert.deepEqual(log.events[0], { time: 70, until: 70, count: 1, sentence: "event 70" });
    assert.equal(log.events.at(-1)?.sentence, "event 119");
  });

  it("counts what happens several times in a row, from the first time to the last", () => {
    const { log } = new LinkHistory();
    for (const time of [10, 20, 30]) log.add("unreachable", time);
    log.add("connected", 40);
    log.add("unreachable", 50);
    assert.deepEqual(log.events, [
      { time: 10, until: 30, count: 3, sentence: "unreachable" },
      { time: 40, until: 40, count: 1, sentence: "connected" },
      { time: 50, until: 50, count: 1, sentence: "unreachable" },
    ]);
  });

  it("is bounded in size, too, however long the sentences and however many", () => {
    const { log } = new LinkHistory();
    for (let index = 0; index < 1_000; index++) log.add(`${index} ${"x".repeat(100_000)}`);
    const characters = log.events.reduce((sum, { sentence }) => sum + sentence.length, 0);
    assert.ok(characters <= 8_000, `${characters} characters`);
    assert.ok(log.events.length >= 10);
    assert.match(log.events.at(-1)?.sentence ?? "", /^999 x+…$/);
  });
});
