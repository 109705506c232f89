import assert from "node:assert/strict";
import { mock } from "node:test";
import type { LinkState } from "../../../nodes/link/link-state";
import { OutBadge } from "../../../nodes/link/out-badge";
import { badgeOf, badgeOfFailure, StatusBadge } from "../../../nodes/link/status-badge";
import { ERROR_CODES, TuyaError } from "../../../src/errors";
import { READY, waiting } from "../../support/fake-device";

const error = new TuyaError("NOT_CONFIGURED", "x");

describe("badgeOf", () => {
  const table: [LinkState, string][] = [
    [{ kind: "noDevice", error }, "grey ring noDevice"],
    [{ kind: "notConfigured", error }, "red ring notConfigured"],
    [{ kind: "childOffline", error }, "red ring childOffline"],
    [{ kind: "gatewayOffline", error }, "red ring gatewayOffline"],
    [{ kind: "idle" }, "grey ring idle"],
    [{ kind: "searching" }, "yellow ring searching"],
    [{ kind: "connecting", ip: "192.0.2.7" }, "yellow dot connecting"],
    [{ kind: "checking", ip: "192.0.2.7", version: "3.4" }, "yellow dot checking"],
    [READY, "green dot connected"],
    [{ ...READY, keyProven: false } as LinkState, "yellow dot unproven"],
    [{ ...READY, refusal: error } as LinkState, "yellow dot unreadable"],
    [{ ...READY, keyProven: false, refusal: error } as LinkState, "yellow dot unreadable"],
    [{ kind: "asleep", lastSeen: undefined }, "blue ring asleep"],
    [waiting("WRONG_KEY"), "red dot wrongKey"],
    [waiting("KEY_OR_VERSION"), "red dot keyOrVersion"],
    [waiting("UNREACHABLE"), "red ring unreachable"],
    [waiting("NOT_FOUND"), "red ring notFound"],
    [waiting("BUSY"), "red ring busy"],
    [waiting("TIMEOUT"), "red ring timeout"],
    [waiting("NOT_CONFIGURED"), "red ring notConfigured"],
    [waiting("OFFLINE"), "yellow ring retrying"],
    [{ kind: "closed" }, "grey ring closed"],
  ];
  for (const [state, expected] of table) {
    it(`shows ${expected} for ${state.kind}`, () => {
      const { fill, shape, key } = badgeOf(state);
      assert.equal(`${fill} ${shape} ${key}`, expected);
    });
  }

  it("is green for nothing but a connection whose key is proven", () => {
    const green = table.filter(([state]) => badgeOf(state).fill === "green");
    assert.deepEqual(
      green.map(([state]) => state),
      [READY],
    );
    for (const code of ERROR_CODES) assert.notEqual(badgeOf(waiting(code)).fill, "green", code);
  });
});

describe("badgeOfFailure", () => {
  it("shows what the connection's badge does not say", () => {
    assert.equal(badgeOfFailure("BAD_INPUT")?.key, "badInput");
    assert.equal(badgeOfFailure("REJECTED")?.key, "refused");
    assert.equal(badgeOfFailure("TIMEOUT")?.key, "timeout");
    for (const code of ["OFFLINE", "WRONG_KEY", "NOT_CONFIGURED", "CLOSED"] as const) {
      assert.equal(badgeOfFailure(code), undefined, code);
    }
  });
});

class Target {
  readonly type = "tuya-out";
  readonly shown: string[] = [];

  status({ fill, shape, text }: { fill: string; shape: string; text: string }): void {
    this.shown.push(`${fill} ${shape} ${text}`);
  }
}

describe("StatusBadge", () => {
  it("shows keys of the node's own catalogue, and only changes", () => {
    const target = new Target();
    const badge = new StatusBadge(target);
    badge.show(badgeOf(READY));
    badge.show(badgeOf(READY));
    badge.show(badgeOf(waiting("BUSY")));
    badge.show(badgeOf(waiting("BUSY", "again")));
    assert.deepEqual(target.shown, ["green dot tuya-out.status.connected", "red ring tuya-out.status.busy"]);
  });
});

describe("OutBadge", () => {
  const CONNECTED = "green dot tuya-out.status.connected";
  const BAD_INPUT = "yellow dot tuya-out.status.badInput";
  let target: Target;
  let badge: OutBadge;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    target = new Target();
    badge = new OutBadge(target, (count) => `queued ${count}`);
    badge.linkChanged(READY);
  });
  afterEach(() => mock.timers.reset());

  it("shows a failure for a few seconds", () => {
    badge.failed("BAD_INPUT");
    mock.timers.tick(4_999);
    assert.deepEqual(target.shown, [CONNECTED, BAD_INPUT]);
    mock.timers.tick(1);
    assert.deepEqual(target.shown, [CONNECTED, BAD_INPUT, CONNECTED]);
  });

  it("shows a failure until the next success", () => {
    badge.failed("REJECTED");
    badge.succeeded();
    assert.deepEqual(target.shown, [CONNECTED, "yellow dot tuya-out.status.refused", CONNECTED]);
    mock.timers.tick(60_000);
    assert.equal(target.shown.length, 3);
  });

  it("counts the seconds of the last failure", () => {
    badge.failed("BAD_INPUT");
    mock.timers.tick(4_000);
    badge.failed("BAD_INPUT");
    mock.timers.tick(4_000);
    assert.equal(target.shown.at(-1), BAD_INPUT);
    mock.timers.tick(1_000);
    assert.equal(target.shown.at(-1), CONNECTED);
  });

  it("shows how many messages wait, before anything else", () => {
    badge.linkChanged(waiting("UNREACHABLE"));
    badge.queued(1);
    badge.queued(2);
    badge.failed("BAD_INPUT");
    assert.equal(target.shown.at(-1), "blue dot queued 2");
    badge.linkChanged(READY);
    badge.queued(0);
    assert.equal(target.shown.at(-1), BAD_INPUT);
  });

  it("says nothing of failures the connection's badge explains", () => {
    badge.failed("OFFLINE");
    assert.deepEqual(target.shown, [CONNECTED]);
  });

  it("leaves no timer behind", () => {
    badge.failed("BAD_INPUT");
    badge.close();
    mock.timers.tick(60_000);
    assert.deepEqual(target.shown, [CONNECTED, BAD_INPUT]);
  });
});
