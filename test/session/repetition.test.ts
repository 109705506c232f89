import assert from "node:assert/strict";
import { Command } from "../../src/protocol/command";
import type { Message } from "../../src/protocol/message";
import { Repetition } from "../../src/session/repetition";
import { useClock } from "../support/clock";

const LIKELY_MS = 30;

/** A message. The number is that of its version header; 0 = without a number, undefined = without a header. */
function message(
  payload: string,
  {
    number,
    sequence = 0,
    command = Command.STATUS,
  }: { number?: number; sequence?: number; command?: number } = {},
): Message {
  const header = number === undefined ? undefined : { version: "3.3", source: 1, number };
  return { command, sequence, payload: Buffer.from(payload), header } as unknown as Message;
}

describe("Repetition", () => {
  const clock = useClock();

  it("is certain where the same report comes again with the same number, however late", async () => {
    const repetition = new Repetition(LIKELY_MS);
    assert.equal(repetition.note(message("on", { number: 5, sequence: 1 })), undefined);
    assert.equal(repetition.note(message("on", { number: 5, sequence: 1 })), "certain");
    await clock.pass(10 * LIKELY_MS);
    assert.equal(repetition.note(message("on", { number: 5, sequence: 1 })), "certain");
  });

  it("is none where number, sequence or content differ", () => {
    const repetition = new Repetition(LIKELY_MS);
    repetition.note(message("on", { number: 5, sequence: 1 }));
    for (const other of [
      message("on", { number: 6, sequence: 1 }),
      message("on", { number: 6, sequence: 2 }),
      message("off", { number: 6, sequence: 2 }),
      message("off", { number: 0, sequence: 2 }),
    ])
      assert.equal(repetition.note(other), undefined);
  });

  it("is certain also where something else came between, if reports have numbers", () => {
    const repetition = new Repetition(LIKELY_MS);
    repetition.note(message("on", { number: 5 }));
    assert.equal(repetition.note(message("on", { number: 5, command: Command.HEART_BEAT })), undefined);
    assert.equal(repetition.note(message("on", { number: 5 })), "certain");
  });

  it("is likely where a report without a number comes again at once", async () => {
    for (const number of [undefined, 0]) {
      const repetition = new Repetition(LIKELY_MS);
      const press = message("press", number === undefined ? {} : { number });
      assert.equal(repetition.note(press), undefined);
      await clock.pass(LIKELY_MS - 1);
      assert.equal(repetition.note(press), "likely");
      await clock.pass(LIKELY_MS);
      assert.equal(repetition.note(press), undefined, "a second press");
    }
  });

  it("is none where something came between two reports without a number", () => {
    const repetition = new Repetition(LIKELY_MS);
    assert.equal(repetition.note(message("", { command: Command.HEART_BEAT })), undefined);
    repetition.note(message("press"));
    repetition.note(message("", { command: Command.HEART_BEAT }));
    assert.equal(repetition.note(message("press")), undefined);
  });
});
