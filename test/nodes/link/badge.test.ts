import assert from "node:assert/strict";
import { badgeOf, badgeOfFailure, badgeOfMany } from "../../../nodes/link/badge";
import type { LinkState } from "../../../nodes/link/link-state";
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

describe("badgeOfMany", () => {
  const table: [connected: number, total: number, expected: string][] = [
    [0, 0, "grey ring noDevice"],
    [0, 3, "yellow ring connected"],
    [2, 3, "yellow dot connected"],
    [3, 3, "green dot connected"],
  ];
  for (const [connected, total, expected] of table) {
    it(`shows ${expected} if ${connected} of ${total} are connected`, () => {
      const { fill, shape, key } = badgeOfMany(connected, total);
      assert.equal(`${fill} ${shape} ${key}`, expected);
    });
  }
});
