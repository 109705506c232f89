import assert from "node:assert/strict";
import { interruption, pause, untilInterrupted } from "../../src/cli/interrupt";

describe("untilInterrupted", () => {
  it("is aborted by Ctrl-C, and when the process is asked to end, until it is released", () => {
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      const before = process.listenerCount(name);
      const { signal, release } = untilInterrupted();
      assert.equal(signal.aborted, false);
      process.emit(name);
      assert.equal(signal.aborted, true);
      release();
      assert.equal(process.listenerCount(name), before);
    }
  });
});

describe("interruption and pause", () => {
  it("end when the signal is aborted", async () => {
    const controller = new AbortController();
    const ends = Promise.all([interruption(controller.signal), pause(60_000, controller.signal)]);
    controller.abort();
    await ends;
  });

  it("end at once if it was aborted before somebody waited", async () => {
    const signal = AbortSignal.abort();
    await Promise.all([interruption(signal), pause(60_000, signal)]);
  });
});
