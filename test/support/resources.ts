import assert from "node:assert/strict";

/** What keeps the process alive, by kind. */
export type Resources = Readonly<Record<string, number>>;

const KINDS = ["Timeout", "Immediate", "TCPSocketWrap", "TCPConnectWrap", "TCPServerWrap"];

/** The present ones, once mocha has set the timer it gives every test. */
export async function resources(): Promise<Resources> {
  await turn();
  return count();
}

/** Sockets and timers are no more than before, now or in a moment. */
export async function assertNothingLeft(before: Resources): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const now = count();
    if (KINDS.every((kind) => (now[kind] ?? 0) <= (before[kind] ?? 0))) return;
    await turn();
  }
  assert.deepEqual(count(), before, "something was left");
}

function count(): Resources {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
