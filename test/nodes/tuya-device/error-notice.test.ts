import assert from "node:assert/strict";
import { mock } from "node:test";
import { childState, type LinkState } from "../../../nodes/link/link-state";
import { ErrorNotice } from "../../../nodes/tuya-device/error-notice";
import { TuyaError } from "../../../src/errors";
import { READY, waiting } from "../../support/fake-device";

const CONNECTING: LinkState = { kind: "connecting", ip: "192.0.2.7" };

describe("Trouble", () => {
  let told: string[];
  let trouble: ErrorNotice;

  beforeEach(() => {
    told = [];
    trouble = new ErrorNotice({
      raise: ({ code }) => told.push(code),
      recovered: (ms) => told.push(`recovered ${Math.round(ms / 1000)}`),
    });
    trouble.start();
  });

  function observe(...states: LinkState[]): void {
    for (const state of states) trouble.observe(state);
  }

  it("raises a cause once, however often it is retried", () => {
    observe(CONNECTING, waiting("UNREACHABLE"), waiting("UNREACHABLE"), CONNECTING, waiting("UNREACHABLE"));
    assert.deepEqual(told, ["UNREACHABLE"]);
  });

  it("raises another cause, and none of them twice", () => {
    observe(waiting("UNREACHABLE"), waiting("TIMEOUT"), waiting("UNREACHABLE"), waiting("TIMEOUT"));
    assert.deepEqual(told, ["UNREACHABLE", "TIMEOUT"]);
  });

  it("tells a recovery once, with its duration, and raises the cause anew after it", () => {
    const now = mock.method(performance, "now", () => 1_000);
    try {
      observe(READY, waiting("TIMEOUT"));
      now.mock.mockImplementation(() => 31_000);
      observe(waiting("TIMEOUT"), READY, { ...READY, keyProven: true } as LinkState, waiting("TIMEOUT"));
    } finally {
      now.mock.restore();
    }
    assert.deepEqual(told, ["TIMEOUT", "recovered 30", "TIMEOUT"]);
  });

  it("takes a connection that ended for no trouble yet", () => {
    observe(READY, waiting("OFFLINE"), READY);
    assert.deepEqual(told, ["recovered 0"]);
    observe(waiting("OFFLINE"), waiting("UNREACHABLE"));
    assert.deepEqual(told, ["recovered 0", "UNREACHABLE"]);
  });

  it("is over without a word when somebody disconnects", () => {
    observe(waiting("TIMEOUT"), { kind: "idle" }, READY);
    assert.deepEqual(told, ["TIMEOUT"]);
  });

  it("is not that of a sleepy device that sleeps", () => {
    observe(READY, { kind: "asleep", lastSeen: 5 }, READY);
    assert.deepEqual(told, []);
  });

  it("is that of the child where the gateway says that it is offline, and the gateway's otherwise", () => {
    observe(childState(READY, "Gateway", "Sensor"), childState(waiting("TIMEOUT"), "Gateway", undefined));
    assert.deepEqual(told, ["CHILD_OFFLINE"]);
  });

  it("waits until the flows run", () => {
    const early = new ErrorNotice({
      raise: ({ code }) => told.push(code),
      recovered: () => told.push("recovered"),
    });
    early.observe({ kind: "notConfigured", error: new TuyaError("NOT_CONFIGURED", "x") });
    assert.deepEqual(told, []);
    early.start();
    early.start();
    assert.deepEqual(told, ["NOT_CONFIGURED"]);
  });

  it("forgets what was mended before the flows run", () => {
    const early = new ErrorNotice({ raise: ({ code }) => told.push(code), recovered: () => undefined });
    early.observe(waiting("TIMEOUT"));
    early.observe(READY);
    early.start();
    assert.deepEqual(told, []);
  });
});
