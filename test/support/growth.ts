import assert from "node:assert/strict";

/** Large enough for a cost that grows with the square to stand out: it grows 64 times as the size grows 8 times. */
const TIMES = 8;
/** Half of that: the rest is for garbage collection. */
const LIMIT = TIMES ** 2 / 2;
const ROUNDS = 20;

/**
 * Fails where the cost of a task is not in proportion to its size. Cost is CPU time of this process, of which other
 * processes take none; the least of several rounds, of which there are more the more is in the way.
 */
export async function assertInProportion(task: (size: number) => unknown, size: number): Promise<void> {
  let [small, large] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    small = Math.min(small, await cpuTimeOf(() => task(size)));
    large = Math.min(large, await cpuTimeOf(() => task(size * TIMES)));
    if (large / small < LIMIT) return;
  }
  assert.fail(`${TIMES} times the size costs ${Math.round(large / small)} times as much`);
}

async function cpuTimeOf(task: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
