import assert from "node:assert/strict";
import type { Node } from "node-red";
import { ContextStore, type Kept } from "../../../nodes/runtime/context-store";
import { SILENT } from "../../../src/logger";

describe("ContextStore", () => {
  let stored: unknown;
  let failure: Error | undefined;
  let warnings: string[] = [];
  let kept: Kept<object> = new Map();
  beforeEach(() => {
    stored = failure = undefined;
    warnings = [];
    kept = new Map();
  });

  function store(): ContextStore<object> {
    const context = {
      get: (_key: string, done: (error: unknown, value: unknown) => void) => done(failure, stored),
      set: (_key: string, value: unknown, done: (error: unknown) => void) => {
        stored = value;
        done(failure);
      },
    };
    const node = { id: "meter", context: () => context } as unknown as Node;
    const logger = { ...SILENT, warn: (sentence: string) => void warnings.push(sentence) };
    return new ContextStore({ node, kept, logger, key: "totals", what: "The sums of increments" });
  }

  function loaded(): unknown[] {
    const answers: unknown[] = [];
    store().load((totals) => answers.push(totals));
    return answers;
  }

  it("finds after a restart what it saved", () => {
    assert.deepEqual(loaded(), [undefined]);
    store().save({ "17": 5 });
    kept.clear();
    assert.deepEqual(loaded(), [{ "17": 5 }]);
  });

  it("finds after a deploy what it saved, although Node-RED clears the context", () => {
    store().save({ "17": 5 });
    stored = undefined;
    assert.deepEqual(loaded(), [{ "17": 5 }]);
  });

  it("says so where the context fails, and goes on without", () => {
    failure = new Error("disk full");
    assert.deepEqual(loaded(), []);
    store().save({ "17": 5 });
    assert.deepEqual(warnings, [
      "The sums of increments could not be read: disk full",
      "The sums of increments could not be saved: disk full",
    ]);
    assert.deepEqual(loaded(), [{ "17": 5 }]);
  });
});
