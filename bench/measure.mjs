import { performance } from "node:perf_hooks";

/** Until the compiler is done with all of them. It shares the cores with whatever else the machine does. */
const WARM_UP_MS = 400;
const ROUNDS = 41;
/** Long enough for the clock, short enough that a busy machine disturbs all contestants of a round alike. */
const SLICE_MS = 5;

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Milliseconds a task takes to run this many times. The sink keeps the compiler from leaving the task out. */
function time(task, times) {
  const start = performance.now();
  for (let i = 0; i < times; i++) measure.sink = task();
  return performance.now() - start;
}

/** Runs each contestant until the compiler is done with it. Returns how often each runs in a slice. */
export function warmUp(contestants) {
  const times = {};
  for (const [name, task] of Object.entries(contestants)) {
    let count = 64;
    for (let spent = 0; spent < WARM_UP_MS;) {
      const ms = time(task, count);
      if (ms < SLICE_MS) count *= 2;
      spent += ms;
    }
    times[name] = count;
  }
  return times;
}

/**
 * Runs the contestants in turn, a slice each and round after round, and returns the median nanoseconds of each, and for
 * each pair `a/b` the median of their ratio within a round: what a machine does to one it does to the other.
 * @param {Record<string, () => unknown>} contestants
 */
export function measure(contestants) {
  const names = Object.keys(contestants);
  const times = warmUp(contestants);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const taken = {};
    for (let i = 0; i < names.length; i++) {
      const name = names[(round + i) % names.length];
      taken[name] = (time(contestants[name], times[name]) / times[name]) * 1e6;
    }
    rounds.push(taken);
  }
  return {
    nanoseconds: Object.fromEntries(names.map((name) => [name, median(rounds.map((taken) => taken[name]))])),
    ratio: (a, b) => median(rounds.map((taken) => taken[a] / taken[b])),
  };
}
