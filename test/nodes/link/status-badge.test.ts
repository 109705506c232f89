import assert from "node:assert/strict";
import { mock } from "node:test";
import { badgeOf } from "../../../nodes/link/badge";
import { OutBadge } from "../../../nodes/link/out-badge";
import { StatusBadge } from "../../../nodes/link/status-badge";
import { READY, waiting } from "../../support/fake-device";

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
