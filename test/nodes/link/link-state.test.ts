import assert from "node:assert/strict";
import { childState, linkError, type LinkState, NO_DEVICE, troubleOf } from "../../../nodes/link/link-state";
import { NothingSentError } from "../../../src/session/failure";
import { READY, waiting } from "../../support/fake-device";

describe("childState", () => {
  it("is that of the gateway while the gateway is on its way", () => {
    const states: LinkState[] = [
      { kind: "idle" },
      { kind: "searching" },
      { kind: "connecting", ip: "192.0.2.7" },
      { kind: "asleep", lastSeen: 5 },
      READY,
    ];
    for (const state of states) assert.equal(childState(state, "Gateway", undefined), state);
  });

  it("says that the gateway is offline, and why", () => {
    const state = childState(waiting("UNREACHABLE", "No way."), "Gateway", undefined);
    assert.equal(state.kind, "gatewayOffline");
    assert.equal(troubleOf(state)?.code, "OFFLINE");
    assert.equal(troubleOf(state)?.message, "Gateway is not connected. No way.");
    assert.equal(troubleOf(childState(waiting("WRONG_KEY"), "Gateway", "Sensor"))?.code, "WRONG_KEY");
    assert.equal(troubleOf(childState({ kind: "closed" }, "Gateway", undefined))?.code, "CLOSED");
    assert.equal(troubleOf(childState(NO_DEVICE, "Gateway", undefined))?.code, "NOT_CONFIGURED");
  });

  it("says that the child is offline where the gateway answers and says so", () => {
    const state = childState(READY, "Gateway", "Sensor");
    assert.equal(state.kind, "childOffline");
    assert.equal(troubleOf(state)?.code, "CHILD_OFFLINE");
    assert.match(troubleOf(state)?.message ?? "", /gateway of Sensor/);
  });

  it("says that the gateway does not have it, where that is the reason", () => {
    const trouble = troubleOf(childState(READY, "Gateway", "Sensor", "a1"));
    assert.equal(trouble?.code, "CHILD_OFFLINE");
    assert.match(trouble?.message ?? "", /knows no node id a1\. Check it/);
  });
});

describe("linkError", () => {
  it("says of a sub-device what was not sent, which its state does not: nobody sent anything", () => {
    const error = linkError(childState(waiting("UNREACHABLE", "No way."), "Gateway", undefined), "Sensor");
    assert.ok(error instanceof NothingSentError);
    assert.equal(error.message, "Gateway is not connected, so nothing was sent. No way.");
    const hopeless = childState(waiting("WRONG_KEY"), "Gateway", undefined);
    assert.equal(linkError(hopeless, "Sensor"), troubleOf(hopeless));
  });

  it("is what a request ends with that cannot be sent", () => {
    const table: [LinkState, string][] = [
      [NO_DEVICE, "NOT_CONFIGURED"],
      [{ kind: "idle" }, "OFFLINE"],
      [{ kind: "connecting", ip: "192.0.2.7" }, "OFFLINE"],
      [{ kind: "asleep", lastSeen: undefined }, "OFFLINE"],
      [waiting("UNREACHABLE"), "OFFLINE"],
      [waiting("WRONG_KEY"), "WRONG_KEY"],
      [waiting("KEY_OR_VERSION"), "KEY_OR_VERSION"],
      [{ kind: "closed" }, "CLOSED"],
      [childState(READY, "Gateway", "Sensor"), "CHILD_OFFLINE"],
    ];
    for (const [state, code] of table) assert.equal(linkError(state, "Lamp").code, code, state.kind);
    assert.match(
      linkError(waiting("BUSY", "All places are taken."), "Lamp").message,
      /^Lamp .*All places are taken\.$/,
    );
  });
});
