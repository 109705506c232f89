import { setTimeout as sleep } from "node:timers/promises";

/** The data point that says when it was pushed: the power of a plug, which changes most often. */
export const STAMPED_DP = "19";

/** Microseconds by the clock that all processes of a machine share. Fits into the 31 bits of a data point's value. */
export function stamp() {
  return Number((process.hrtime.bigint() / 1_000n) % 2_147_483_648n);
}

/** Does something so many times, evenly spread. */
export async function evenly({ seconds, perSecond }, act) {
  const total = seconds * perSecond;
  const start = performance.now();
  for (let done = 0; done < total;) {
    const due = Math.min(total, ((performance.now() - start) / 1_000) * perSecond);
    for (; done < due; done++) act(done);
    await sleep(1);
  }
}
