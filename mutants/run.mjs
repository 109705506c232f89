// npm run mutate [-- WHERE...]: changes sources one token at a time, and looks whether a test of their room notices.
// Not part of the tests: what it finds becomes a test. WHERE is a room, a folder or a file, as a path or without `src/`
// and `.ts`; the rooms without sockets by default. A file takes half a minute, a room a quarter of an hour.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { printNeedless, printScores } from "./report.mjs";

/** Of the mutants that mean something, in percent. */
const GOAL = 95;

/**
 * Tests that would take long for every mutant and notice nothing that shorter ones do not, and one that looks at the
 * sources themselves and not at what they do.
 */
const UNFIT = ["browser", "mutation", "tuyapi", "wrong-key"].map((name) => `${name}.test.ts`);

/** Their tests take seconds altogether. Anywhere else a file has to be noticed by the test of its own name. */
const ROOMS = ["protocol", "datapoints"];

/** Of tests over sockets, in milliseconds: a mutant is noticed mostly because something never comes. */
process.env.PATIENCE_MS ??= "4000";

const HELP = `Changes sources one token at a time, and names each change that no test notices.

  npm run mutate                             the rooms without sockets: ${ROOMS.join(", ")}
  npm run mutate -- src/protocol/frame.ts    a file, a folder or a room; several too`;

if (process.argv.includes("--help")) {
  console.log(HELP);
  process.exit(0);
}
const places = process.argv.slice(2).map(nameOf);
const byRoom = new Map();
for (const place of places.length > 0 ? places : ROOMS) {
  const room = roomOf(place);
  byRoom.set(room, [...(byRoom.get(room) ?? []), place]);
}
// Also where somebody has had enough of it.
process.once("exit", () => {
  if (printScores() < GOAL) process.exitCode = 1;
});
try {
  for (const [room, inRoom] of byRoom) await mutate(room, inRoom);
  printNeedless();
} catch (error) {
  // Tests that fail without any mutant are named by Stryker; its stack would say nothing.
  console.error(error.message);
  process.exitCode = 1;
}

/** "src/protocol/frame.ts", "protocol/frame" and "protocol/" as what comes behind `src/`. */
function nameOf(place) {
  return path
    .normalize(place)
    .replace(/^src\//, "")
    .replace(/\.ts$|\/$/, "");
}

/** "." for files that are in no room. */
function roomOf(place) {
  return existsSync(`src/${place}.ts`) && !place.includes("/") ? "." : place.split("/")[0];
}

function patternOf(place) {
  const source = `src/${place}`;
  if (existsSync(`${source}.ts`)) return `${source}.ts`;
  if (existsSync(source)) return `${source}/**/*.ts`;
  console.error(`${place} is no room, folder or file in src.`);
  process.exit(2);
}

/** The tests that have to notice, compiled. */
function testsFor(room, places) {
  const folder = path.join("test", room);
  const isOwn = (test) => {
    const name = nameOf(test.replace(/^test/, "src").replace(".test.ts", ""));
    return places.some((place) => name === place || name.startsWith(`${place}/`));
  };
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".test.ts") && !UNFIT.includes(path.basename(file)))
    .map((file) => path.join(folder, file))
    .filter((test) => ROOMS.includes(room) || isOwn(test))
    .map((test) => path.join("dist", test.replace(/ts$/, "js")));
}

/** Tries the mutants of files of one room. Rejects where its tests fail without any. */
function mutate(room, inRoom) {
  const stryker = new Stryker({
    mutate: inRoom.map(patternOf),
    testRunner: "mocha-12",
    plugins: ["mocha-runner.mjs", "report.mjs"].map((name) => new URL(name, import.meta.url).pathname),
    mochaFiles: testsFor(room, inRoom),
    // What one mutant leaves in a module that remembers something is not to be held against the next one.
    loadsAlways: !ROOMS.includes(room),
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
    reporters: ["survivors"],
    allowConsoleColors: false,
    logLevel: "error",
  });
  return stryker.runMutationTest();
}
