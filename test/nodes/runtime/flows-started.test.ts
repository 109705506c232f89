import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { onFlowsStarted } from "../../../nodes/runtime/flows-started";

describe("onFlowsStarted", () => {
  it("calls everybody back after every deploy, through one listener", () => {
    const events = new EventEmitter();
    const calls: number[] = [];
    const ends = Array.from({ length: 50 }, (_, n) => onFlowsStarted(events, () => void calls.push(n)));
    assert.equal(events.listenerCount("flows:started"), 1);
    events.emit("flows:started");
    assert.equal(calls.length, 50);
    ends[7]?.();
    ends[7]?.();
    events.emit("flows:started");
    assert.equal(calls.length, 99);
    for (const end of ends) end();
    assert.equal(events.listenerCount("flows:started"), 0);
  });

  it("works again after the last one left", () => {
    const events = new EventEmitter();
    onFlowsStarted(events, () => assert.fail())();
    let calls = 0;
    const end = onFlowsStarted(events, () => calls++);
    events.emit("flows:started");
    end();
    assert.equal(calls, 1);
    assert.equal(events.listenerCount("flows:started"), 0);
  });

  it("is not confused by nodes that come and go while it calls", () => {
    const events = new EventEmitter();
    const calls: string[] = [];
    const end = onFlowsStarted(events, () => {
      calls.push("a");
      end();
      onFlowsStarted(events, () => calls.push("late"));
    });
    onFlowsStarted(events, () => calls.push("b"));
    events.emit("flows:started");
    assert.deepEqual(calls, ["a", "b"]);
    events.emit("flows:started");
    assert.deepEqual(calls, ["a", "b", "b", "late"]);
  });

  it("keeps runtimes apart", () => {
    const one = new EventEmitter();
    const other = new EventEmitter();
    onFlowsStarted(one, () => assert.fail());
    other.emit("flows:started");
  });
});
