// What `npm run mutate` tells: each mutant that no test noticed, as soon as it is known, and the score of every file.
import { readFileSync } from "node:fs";
import path from "node:path";

/** Mutants no test can notice, because nothing behaves differently; each with the reason. */
const EQUIVALENT = JSON.parse(readFileSync(new URL("equivalent.json", import.meta.url), "utf8"));

const MOST_SHOWN = 120;
const PROGRESS_MS = 30_000;

/** All that were tried, of every room. */
const tried = [];

class SurvivorsReporter {
  #left = 0;
  #told = Date.now();

  onMutationTestingPlanReady({ mutantPlans }) {
    this.#left = mutantPlans.length;
    console.error(`${this.#left} mutants to try`);
  }

  onMutantTested(mutant) {
    this.#left -= 1;
    tried.push(mutant);
    if (isMissed(mutant)) console.log(locate(mutant));
    if (Date.now() - this.#told < PROGRESS_MS) return;
    this.#told = Date.now();
    console.error(`${this.#left} left`);
  }
}

export const strykerPlugins = [{ kind: "Reporter", name: "survivors", injectableClass: SurvivorsReporter }];

/** Prints the score of every file and of all, as far as they were tried. Returns the score, in percent. */
export function printScores() {
  const files = new Map();
  for (const mutant of tried) {
    const file = nameOf(mutant);
    files.set(file, [...(files.get(file) ?? []), mutant]);
  }
  const width = Math.max(0, ...[...files.keys()].map((file) => file.length));
  console.log("");
  for (const [file, ofFile] of files) console.log(`${file.padEnd(width)}  ${describeScore(countOf(ofFile))}`);
  const total = countOf(tried);
  if (files.size > 1) console.log(`${"all of them".padEnd(width)}  ${describeScore(total)}`);
  return percentOf(total);
}

/** Names what `equivalent.json` says in vain of files that were tried as a whole. */
export function printNeedless() {
  const files = new Set(tried.map(nameOf));
  const needed = new Set(tried.filter(isUnnoticed).map(describe));
  for (const text of Object.keys(EQUIVALENT))
    if (files.has(text.split(": ")[0]) && !needed.has(text))
      console.log(`Not needed in equivalent.json: ${text}`);
}

function countOf(mutants) {
  const missed = mutants.filter(isMissed).length;
  const equivalent = mutants.filter(isUnnoticed).length - missed;
  return { missed, equivalent, counted: mutants.length - equivalent };
}

function percentOf({ missed, counted }) {
  return counted === 0 ? 100 : 100 * (1 - missed / counted);
}

function describeScore(count) {
  const { missed, counted, equivalent } = count;
  const percent = percentOf(count).toFixed(1).padStart(5);
  const others = equivalent === 0 ? "" : `, ${equivalent} equivalent`;
  return `${percent} %  ${counted - missed} of ${counted} noticed${others}`;
}

/** Also of a mutant that could not be tried. */
function isUnnoticed({ status }) {
  return status !== "Killed" && status !== "Timeout";
}

function isMissed(mutant) {
  return isUnnoticed(mutant) && !(describe(mutant) in EQUIVALENT);
}

/** Without the number of the line, which changes with every other change. */
function describe(mutant) {
  return `${nameOf(mutant)}: ${changeOf(mutant).join(" → ")}`;
}

/** For people, and for editors that go to a line: where, what, and why where no test judged it. */
function locate(mutant) {
  const { status, location } = mutant;
  const { line, column } = location.start;
  const change = changeOf(mutant).map((text) =>
    text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text,
  );
  const why = status === "Survived" ? "" : status === "NoCoverage" ? "  (no test runs it)" : `  (${status})`;
  return `${nameOf(mutant)}:${line}:${column}  ${change.join(" → ")}${why}`;
}

function nameOf({ fileName }) {
  return path.relative(".", fileName);
}

function changeOf({ fileName, location: { start, end }, replacement }) {
  const lines = readFileSync(fileName, "utf8")
    .split("\n")
    .slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return [lines.join("\n"), replacement].map((text) => text.replace(/\s+/g, " "));
}
