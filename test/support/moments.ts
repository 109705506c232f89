import assert from "node:assert/strict";

/** Fails unless a moment lies between an earlier one and now. Both in Unix time: milliseconds, or whole seconds. */
export function assertSince(began: number, moment: number | undefined, unit: "ms" | "s" = "ms"): void {
  const divisor = unit === "s" ? 1_000 : 1;
  const now = Date.now() / divisor;
  assert.ok(
    moment !== undefined && moment >= Math.floor(began / divisor) && moment <= now,
    `${String(moment)} is not between ${began / divisor} and ${now}`,
  );
}
