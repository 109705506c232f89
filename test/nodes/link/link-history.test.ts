import assert from "node:assert/strict";
import { LinkHistory } from "../../../nodes/link/link-history";
import type { LinkState } from "../../../nodes/link/link-state";
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
