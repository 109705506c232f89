import assert from "node:assert/strict";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Resources, resources } from "./resources";

/*
 * Mocha runs the test files in several processes, each of which takes one file after the other. What mocha itself would
 * notice at the end of a process is noticed here at the end of each file.
 */
const TESTS = path.resolve(__dirname, "..") + path.sep;
/** Holds what takes seconds to start, for all files of a process. */
const KEPT = [__filename, path.join(__dirname, "shared-editor.js")];

/** How long sockets may take to close after the last test of a file. */
const GOODBYE_MS = 5_000;
const LOOK_EVERY_MS = 10;

/** What was there before the first test. */
let own: Resources = {};
/** What has come with the one thing that stays. */
let kept: Resources = {};

/** Starts the one thing that outlives the file it was started for; in place of an earlier one, which is gone by then. */
export async function toStay<T>(start: () => Promise<T>): Promise<T> {
  kept = {};
  const before = await resources();
  const started = await start();
  kept = Object.fromEntries(
    Object.entries(await resources()).map(([kind, count]) => [
      kind,
      Math.max(0, count - (before[kind] ?? 0)),
    ]),
  );
  return started;
}

/** Hooks of a support module that stand outside of every `describe` belong to the file that loads it: let each do so. */
function forgetModules(): void {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(TESTS) && !KEPT.includes(file)) delete require.cache[file];
  }
}

function tooMany(now: Resources): readonly string[] {
  return Object.entries(now).flatMap(([kind, count]) => {
    const more = count - (own[kind] ?? 0) - (kept[kind] ?? 0);
    return more > 0 && kind !== "Immediate" ? [`${more} ${kind}`] : [];
  });
}

/** Sockets, servers, timers and processes of a file are gone in a moment, or the file has failed. */
async function assertNothingRuns(file: string): Promise<void> {
  const errors: unknown[] = [];
  const note = (error: unknown): void => void errors.push(error);
  // Mocha would fail this hook at once, and break where it ends a second time.
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException").on("uncaughtException", note);
  try {
    const deadline = performance.now() + GOODBYE_MS;
    let left = tooMany(await resources());
    while (left.length > 0 && performance.now() < deadline) {
      await sleep(LOOK_EVERY_MS);
      left = tooMany(await resources());
    }
    if (errors.length > 0)
      throw new AggregateError(errors, `${file} threw after its last test: ${errors.join(", ")}`);
    assert.deepEqual(left, [], `${file} has left something running`);
  } finally {
    process.off("uncaughtException", note);
    for (const other of others) process.on("uncaughtException", other);
  }
}

function rethrow(reason: unknown): void {
  throw reason;
}

export const mochaHooks = {
  async beforeAll(): Promise<void> {
    // Mocha lets it pass in all processes but its first one.
    process.off("unhandledRejection", rethrow);
    process.on("unhandledRejection", rethrow);
    own = await resources();
  },

  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(GOODBYE_MS * 2);
    forgetModules();
    await assertNothingRuns(path.relative(TESTS, this.test?.parent?.suites[0]?.file ?? ""));
  },
};

let hasEnded = false;

/** Where one of mocha's processes dies at the wrong moment, the first one would end as if all was well. */
export function mochaGlobalSetup(): void {
  process.on("exit", () => {
    if (hasEnded) return;
    console.error("The tests did not run to their end.");
    process.exitCode ||= 1;
  });
}

export function mochaGlobalTeardown(): void {
  hasEnded = true;
}
