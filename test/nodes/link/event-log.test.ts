import assert from "node:assert/strict";
import { EventLog } from "../../../nodes/link/event-log";

describe("the log of a device's events", () => {
  it("keeps the last 50, oldest first", () => {
    const log = new EventLog();
    for (let index = 0; index < 120; index++) log.add(`event ${index}`, index);
    assert.equal(log.events.length, 50);
    assert.deepEqual(log.events[0], { time: 70, until: 70, count: 1, sentence: "event 70" });
    assert.equal(log.events.at(-1)?.sentence, "event 119");
  });

  it("counts what happens several times in a row, from the first time to the last", () => {
    const log = new EventLog();
    for (const time of [10, 20, 30]) log.add("unreachable", time);
    log.add("connected", 40);
    log.add("unreachable", 50);
    assert.deepEqual(log.events, [
      { time: 10, until: 30, count: 3, sentence: "unreachable" },
      { time: 40, until: 40, count: 1, sentence: "connected" },
      { time: 50, until: 50, count: 1, sentence: "unreachable" },
    ]);
  });

  it("is bounded in size, too, however long the sentences and however many", () => {
    const log = new EventLog();
    for (let index = 0; index < 1_000; index++) log.add(`${index} ${"x".repeat(100_000)}`);
    const characters = log.events.reduce((sum, { sentence }) => sum + sentence.length, 0);
    assert.ok(characters <= 8_000, `${characters} characters`);
    assert.ok(log.events.length >= 10);
    assert.match(log.events.at(-1)?.sentence ?? "", /^999 x+…$/);
  });
});
