// What `npm run fuzz` and `npm run hostile` run: hostile devices against the device class, and against a Node-RED.
//   node dist/test/hostile/run.js device [acts]      node dist/test/hostile/run.js node-red [seconds]
// The environment variable SEED gives other devices; the same one gives the same. Exit status 1 where something is wrong.
import { fuzzDevices } from "./device-fuzz";
import { fuzzNodeRed } from "./node-red-fuzz";
import { describeDeviceFuzz, describeNodeRedFuzz, verdictOf } from "./report";

const SEED = Number(process.env["SEED"] ?? 20_261_130);
/** Half of the answers of a Node-RED under attack come within. */
const MEDIAN_MS = 200;
/** How much its heap may differ between the second quarter of the time and the last. */
const FLAT = 1.25;

async function device(acts: number): Promise<boolean> {
  const report = await fuzzDevices({ seed: SEED, acts, maxMs: 50 * acts + 10_000 });
  for (const line of describeDeviceFuzz(report)) console.log(line);
  return report.open === 0;
}

async function nodeRed(seconds: number): Promise<boolean> {
  const report = await fuzzNodeRed({
    seed: SEED,
    each: 20,
    seconds,
    megabytes: 512,
    watch: ({ seconds: at, signs }) => {
      const { heap, lateMs } = signs;
      console.log(
        `${at.toFixed(0).padStart(5)} s  ${(heap / 2 ** 20).toFixed(0)} MB  late ${lateMs.p99.toFixed(1)} ms`,
      );
    },
  });
  for (const line of describeNodeRedFuzz(report)) console.log(line);
  const { medianMs, early, late, failures } = verdictOf(report);
  const problems = [
    ...(medianMs > MEDIAN_MS ? [`GET / took ${medianMs.toFixed(0)} ms in the median`] : []),
    ...(late > FLAT * early ? [`its heap grew from ${early} to ${late} bytes`] : []),
    ...(failures > 0 ? [`GET / failed ${failures} times`] : []),
  ];
  for (const problem of problems) console.log(`WRONG: ${problem}`);
  return problems.length === 0;
}

const [what, amount] = process.argv.slice(2);
const run = what === "node-red" ? nodeRed(Number(amount ?? 60)) : device(Number(amount ?? 400));
run.then(
  (isWell) => process.exit(isWell ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
