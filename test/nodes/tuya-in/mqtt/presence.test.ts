import assert from "node:assert/strict";
import type { LinkState } from "../../../../nodes/link/link-state";
import { Presence } from "../../../../nodes/tuya-in/mqtt/presence";
import { TuyaError } from "../../../../src/errors";
import { useClock } from "../../../support/clock";
import { READY, waiting } from "../../../support/fake-device";

const ASLEEP: LinkState = { kind: "asleep", lastSeen: undefined };
const UNPROVEN: LinkState = {
  kind: "ready",
  ip: "192.0.2.7",
  version: "3.1",
  keyProven: false,
  takesCommands: false,
};
const CONNECTING: LinkState = { kind: "connecting", ip: "192.0.2.7" };

describe("Presence", () => {
  const clock = useClock();
  let told: string[] = [];
  let presence: Presence;
  beforeEach(() => {
    told = [];
    presence = new Presence(5_000, () => told.push(`${presence.availability} ${presence.connection}`));
  });
  const enter = (state: LinkState, hasValues = false) => presence.observe(state, hasValues);

  it("says at once that a device is there, and only after a while that it is not", async () => {
    enter(READY);
    enter(waiting("UNREACHABLE"));
    await clock.pass(4_999);
    assert.deepEqual(told, ["online connected"]);
    await clock.pass(1);
    assert.deepEqual(told, ["online connected", "offline UNREACHABLE"]);
    enter(waiting("WRONG_KEY"));
    enter(waiting("WRONG_KEY"));
    assert.deepEqual(told.slice(2), ["offline WRONG_KEY"]);
    enter(READY);
    assert.deepEqual(told.slice(3), ["online connected"]);
  });

  it("says nothing of a connection that is back soon, whatever it went through", async () => {
    enter(READY);
    enter(waiting("OFFLINE"));
    await clock.pass(3_000);
    enter(CONNECTING);
    await clock.pass(1_999);
    enter(READY);
    await clock.pass(60_000);
    assert.deepEqual(told, ["online connected"]);
  });

  it("gives a device that starts the same time", async () => {
    enter({ kind: "searching" });
    await clock.pass(4_999);
    assert.equal(presence.availability, undefined);
    await clock.pass(1);
    assert.deepEqual(told, ["offline NOT_FOUND"]);
  });

  it("says the cause there is in the end", async () => {
    enter(CONNECTING);
    enter(waiting("BUSY"));
    await clock.pass(5_000);
    assert.deepEqual(told, ["offline BUSY"]);
    const causes: readonly (readonly [LinkState, string])[] = [
      [{ kind: "idle" }, "OFFLINE"],
      [{ kind: "childOffline", error: new TuyaError("CHILD_OFFLINE", "x") }, "CHILD_OFFLINE"],
      [{ kind: "gatewayOffline", error: new TuyaError("UNREACHABLE", "x") }, "UNREACHABLE"],
      [UNPROVEN, "KEY_OR_VERSION"],
    ];
    for (const [state, code] of causes) {
      enter(state);
      assert.equal(told.at(-1), `offline ${code}`);
    }
  });

  it("never calls a device offline that sleeps by its nature", async () => {
    enter(READY);
    enter(ASLEEP);
    await clock.pass(60_000);
    assert.deepEqual(told, ["online connected", "online asleep"]);
  });

  it("does not know of a sleeping device whether it is there, until it has reported something", () => {
    enter(ASLEEP);
    assert.deepEqual(told, ["undefined asleep"]);
    enter(ASLEEP, true);
    assert.deepEqual(told, ["undefined asleep", "online asleep"]);
  });

  it("leaves no timer behind", () => {
    enter(READY);
    enter(waiting("OFFLINE"));
    presence.close();
    assert.equal(clock.pending, 0);
  });
});
