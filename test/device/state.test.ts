import assert from "node:assert/strict";
import { type DeviceInput, isProven, nextState } from "../../src/device/state";
import type { DeviceState } from "../../src/device/types";
import { TuyaError } from "../../src/errors";

const error = new TuyaError("UNREACHABLE", "It is off.");
const ip = "192.0.2.7";

const states = {
  idle: { kind: "idle" },
  searching: { kind: "searching" },
  connecting: { kind: "connecting", ip },
  checking: { kind: "checking", ip, version: "3.4" },
  unproven: { kind: "ready", ip, version: "3.4", keyProven: false, takesCommands: false },
  ready: { kind: "ready", ip, version: "3.4", keyProven: true, takesCommands: true },
  unprovenRefusing: {
    kind: "ready",
    ip,
    version: "3.4",
    keyProven: false,
    takesCommands: false,
    refusal: error,
  },
  refusing: { kind: "ready", ip, version: "3.4", keyProven: true, takesCommands: true, refusal: error },
  waiting: { kind: "waiting", error, retryAt: 1 },
  asleep: { kind: "asleep", lastSeen: 1 },
  closed: { kind: "closed" },
} as const satisfies Record<string, DeviceState>;

const inputs = {
  search: { type: "start", ip: undefined },
  start: { type: "start", ip },
  attempt: { type: "attempt", ip },
  opened: { type: "opened", ip, version: "3.4" },
  unproven: { type: "answered", ip, version: "3.4", keyProven: false, takesCommands: false },
  answered: { type: "answered", ip, version: "3.4", keyProven: true, takesCommands: true },
  refused: { type: "refused", error },
  readable: { type: "refused", error: undefined },
  failed: { type: "failed", error, retryAt: 1 },
  "fell-asleep": { type: "fell-asleep", lastSeen: 1 },
  disconnect: { type: "disconnect" },
  close: { type: "close" },
} as const satisfies Record<string, DeviceInput>;

type StateName = keyof typeof states;
type InputName = keyof typeof inputs;

/** What each input leads to; "=" stands for the very state it met. */
const TABLE: Record<InputName, Record<StateName, StateName | "=">> = {
  search: row("searching", { searching: "=", closed: "=" }),
  start: row("connecting", { closed: "=" }),
  attempt: row("connecting", { idle: "=", connecting: "=", waiting: "=", asleep: "=", closed: "=" }),
  opened: row("=", { connecting: "checking" }),
  unproven: row("unproven", {
    idle: "=",
    unproven: "=",
    ready: "=",
    unprovenRefusing: "=",
    refusing: "=",
    closed: "=",
  }),
  answered: row("ready", {
    idle: "=",
    ready: "=",
    unprovenRefusing: "refusing",
    refusing: "=",
    closed: "=",
  }),
  refused: row("=", { unproven: "unprovenRefusing", ready: "refusing" }),
  readable: row("=", { unprovenRefusing: "unproven", refusing: "ready" }),
  failed: row("waiting", { idle: "=", closed: "=" }),
  "fell-asleep": row("asleep", { idle: "=", asleep: "=", closed: "=" }),
  disconnect: row("idle", { idle: "=", closed: "=" }),
  close: row("closed", { closed: "=" }),
};

function row(
  usual: StateName | "=",
  others: Partial<Record<StateName, StateName | "=">>,
): Record<StateName, StateName | "="> {
  const all = Object.fromEntries((Object.keys(states) as StateName[]).map((name) => [name, usual]));
  return { ...(all as Record<StateName, StateName | "=">), ...others };
}

describe("nextState", () => {
  for (const [inputName, expectations] of Object.entries(TABLE)) {
    for (const [stateName, expected] of Object.entries(expectations)) {
      it(`${stateName} + ${inputName} → ${expected === "=" ? "the same state" : expected}`, () => {
        const state = states[stateName as StateName];
        const next = nextState(state, inputs[inputName as InputName]);
        if (expected === "=") assert.equal(next, state);
        else assert.deepEqual(next, states[expected]);
      });
    }
  }

  it("has proved the key where it is ready and has, whatever it refuses", () => {
    const proven = Object.entries(states).filter(([, state]) => isProven(state));
    assert.deepEqual(
      proven.map(([name]) => name),
      ["ready", "refusing"],
    );
  });

  it("never leaves closed", () => {
    for (const input of Object.values(inputs)) assert.equal(nextState(states.closed, input), states.closed);
  });

  it("connects to another address anew", () => {
    const moved = { ...inputs.attempt, ip: "192.0.2.8" };
    assert.deepEqual(nextState(states.connecting, moved), { kind: "connecting", ip: "192.0.2.8" });
  });

  it("tells of another sign of life of a sleeping device", () => {
    const later: DeviceInput = { type: "fell-asleep", lastSeen: 2 };
    assert.deepEqual(nextState(states.asleep, later), { kind: "asleep", lastSeen: 2 });
  });

  it("lets a device fall asleep that was never seen", () => {
    const unseen: DeviceInput = { type: "fell-asleep", lastSeen: undefined };
    const asleep = nextState(states.ready, unseen);
    assert.deepEqual(asleep, { kind: "asleep", lastSeen: undefined });
    assert.equal(nextState(asleep, unseen), asleep);
  });

  it("tells of every failed attempt, so that the time of the next one is right", () => {
    const again: DeviceInput = { ...inputs.failed, retryAt: 2 };
    assert.deepEqual(nextState(states.waiting, again), { kind: "waiting", error, retryAt: 2 });
  });
});
