/** Share by which a wait is lengthened or shortened at random, so that forty devices do not return in step. */
const JITTER = 0.2;

/** The waits between attempts, without end: each step in turn, the last one for ever, ±20 %. */
export function* backoffDelays(
  stepsMs: readonly number[],
  random: () => number = Math.random,
): Generator<number, never> {
  for (let attempt = 0; ; attempt++) {
    const step = stepsMs[Math.min(attempt, stepsMs.length - 1)] ?? 0;
    yield withJitter(step, random);
  }
}

export function withJitter(ms: number, random: () => number = Math.random): number {
  return Math.round(ms * (1 - JITTER + 2 * JITTER * random()));
}
