import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { type FlowsListener, offFlowsStarted, onFlowsStarted } from "../../../nodes/runtime/flows-started";

function listener(flowsStarted: () => void): FlowsListener {
  return { flowsStarted };
}

describe("onFlowsStarted", () => {
  it("calls everybody back after every deploy, through one listener", () => {
    const events = new EventEmitter();
    const calls: number[] = [];
    const listeners = Array.from({ length: 50 }, (_, n) => listener(() => void calls.push(n)));
    for (const each of listeners) onFlowsStarted(events, each);
    assert.equal(events.listenerCount("flows:started"), 1);
    events.emit("flows:started");
    assert.equal(calls.length, 50);
    offFlowsStarted(events, listeners[7]!);
    offFlowsStarted(events, listeners[7]!);
    events.emit("flows:started");
    assert.equal(calls.length, 99);
    for (const each of listeners) offFlowsStarted(events, each);
    assert.equal(events.listenerCount("flows:started"), 0);
  });

  it("works again after the last one left", () => {
    const events = new EventEmitter();
    const first = listener(() => assert.fail());
    onFlowsStarted(events, first);
    offFlowsStarted(events, first);
    let calls = 0;
    const second = listener(() => calls++);
    onFlowsStarted(events, second);
    events.emit("flows:started");
    offFlowsStarted(events, second);
    assert.equal(calls, 1);
    assert.equal(events.listenerCount("flows:started"), 0);
  });

  it("is not confused by nodes that come and go while it calls", () => {
    const events = new EventEmitter();
    const calls: string[] = [];
    const first = listener(() => {
      calls.push("a");
      offFlowsStarted(events, first);
      onFlowsStarted(
        events,
        listener(() => calls.push("late")),
      );
    });
    onFlowsStarted(events, first);
    onFlowsStarted(
      events,
      listener(() => calls.push("b")),
    );
    events.emit("flows:started");
    assert.deepEqual(calls, ["a", "b"]);
    events.emit("flows:started");
    assert.deepEqual(calls, ["a", "b", "b", "late"]);
  });

  it("keeps runtimes apart", () => {
    const one = new EventEmitter();
    const other = new EventEmitter();
    const only = listener(() => assert.fail());
    onFlowsStarted(one, only);
    other.emit("flows:started");
    offFlowsStarted(other, only);
    assert.equal(one.listenerCount("flows:started"), 1);
  });
});
