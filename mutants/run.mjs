// npm run mutate [-- ROOM...]: changes the sources of a room, one token at a time, and looks whether a test of that room
// notices. Takes minutes. Not part of the tests: what it finds becomes a test.
import { readFileSync } from "node:fs";
import path from "node:path";
import { Stryker } from "@stryker-mutator/core";

/** Of the mutants that mean something, in percent. */
const GOAL = 95;

/** Tests that would take long for every mutant, and notice nothing that shorter ones do not. */
const SLOW = ["mutation", "tuyapi", "wrong-key"].map((name) => `${name}.test.js`);

const ROOMS = ["protocol", "datapoints"];

/** Mutants no test can notice, because nothing behaves differently; each with the reason. */
const EQUIVALENT = JSON.parse(readFileSync(new URL("equivalent.json", import.meta.url), "utf8"));

const rooms = process.argv.slice(2);
let isGoodEnough = true;
for (const room of rooms.length > 0 ? rooms : ROOMS) isGoodEnough = (await mutate(room)) && isGoodEnough;
process.exitCode = isGoodEnough ? 0 : 1;

/** A room, or one file of it: "protocol", "protocol/frame". Resolves with whether the goal is reached. */
async function mutate(name) {
  const [room, file = "**/*"] = name.split(/\/(.*)/s);
  const stryker = new Stryker({
    mutate: [`src/${room}/${file}.ts`],
    testRunner: "mocha-12",
    plugins: [new URL("mocha-runner.mjs", import.meta.url).pathname],
    mochaFolder: `dist/test/${room}`,
    mochaWithout: SLOW,
    warnings: { unknownOptions: false },
    buildCommand: "tsc",
    // Stryker would rewrite the paths in it with an API that this compiler does not have, and there are none.
    tsconfigFile: "none",
    disableTypeChecks: true,
    coverageAnalysis: "perTest",
    concurrency: 1,
    timeoutMS: 20_000,
    ignorePatterns: ["dist", "coverage", "screenshots", ".cache"],
    tempDirName: ".cache/mutants",
    cleanTempDir: "always",
    reporters: ["progress-append-only"],
    allowConsoleColors: false,
  });
  const mutants = await stryker.runMutationTest();
  return report(name, mutants);
}

function report(name, mutants) {
  const survivors = mutants.filter(({ status }) => status === "Survived" || status === "NoCoverage");
  const missed = survivors.map(describe).filter((text) => !(text in EQUIVALENT));
  for (const text of missed) console.log(text);
  const counted = mutants.length - (survivors.length - missed.length);
  const score = 100 * (1 - missed.length / counted);
  console.log(`${name}: ${counted - missed.length} of ${counted} mutants noticed, ${score.toFixed(1)} %`);
  return score >= GOAL;
}

/** Without the number of the line, which changes with every other change. */
function describe({ fileName, location: { start, end }, replacement }) {
  const lines = readFileSync(fileName, "utf8")
    .split("\n")
    .slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  const short = (text) => text.replace(/\s+/g, " ");
  return `${path.relative(".", fileName)}: ${short(lines.join("\n"))} → ${short(replacement)}`;
}
