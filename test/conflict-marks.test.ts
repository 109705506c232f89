import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What Git writes into a file where it could not merge; spelt so that this file holds none. */
const OURS = "<".repeat(7);
const BASE = "|".repeat(7);
const BETWEEN = "=".repeat(7);
const THEIRS = ">".repeat(7);

/** A formatter takes marks for text: it indents and escapes them, moves them into another line, or makes quotes of them. */
const MARKS: readonly RegExp[] = [
  /(?<=^|\s)(?<!(?:<|&lt;)\s)(?:\\?(?:<|&lt;) ?){7}(?! ?(?:<|&lt;))/,
  /(?<=^|\s)(?<!(?:>|&gt;)\s)(?:\\?(?:>|&gt;) ?){7}(?! ?(?:>|&gt;))/,
  /^[\s>*#/-]*\\?\|{7}(?!\|)/,
  /^[\s>*#/-]*\\?={7}\s*$/,
];

/** Numbers of the lines that hold a mark. */
function marksIn(text: string): readonly number[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, index) => (MARKS.some((mark) => mark.test(line)) ? [index + 1] : []));
}

/** Files of the repository, below a folder: all but what `.gitignore` names. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (isIgnored(entry.name) || isIgnored(`/${file}`)) return [];
    return entry.isDirectory() ? filesBelow(file) : [file];
  });
}

const IGNORED = [".git", ...readFileSync(".gitignore", "utf8").split("\n").filter(Boolean)];

function isIgnored(name: string): boolean {
  return IGNORED.some((pattern) =>
    pattern.startsWith("*") ? name.endsWith(pattern.slice(1)) : name === pattern,
  );
}

describe("marks of a merge conflict", () => {
  it("are in no file", () => {
    // Patterns that would need more than `isIgnored` knows.
    assert.deepEqual(
      IGNORED.filter((pattern) => /.\/|[?!#[]|.\*/.test(pattern)),
      [],
    );
    const files = filesBelow(".");
    for (const one of ["README.md", path.join(".ci", "run"), path.join("src", "index.ts")])
      assert.ok(files.includes(one), `${one} was looked at`);
    const found = files.flatMap((file) =>
      marksIn(readFileSync(file, "utf8")).map((line) => `${file}:${line}`),
    );
    assert.deepEqual(found, []);
  });

  for (const [how, lines] of Object.entries({
    "as Git writes them": [`${OURS} HEAD`, `${BASE} 4f2a9c1`, BETWEEN, `${THEIRS} main`],
    "of a file with Windows line ends": [`${OURS} HEAD\r`, `${BETWEEN}\r`, `${THEIRS} main\r`],
    "without a name": [OURS, THEIRS],
    "indented and escaped": [`    ${OURS} HEAD`, `    \\${BETWEEN}`, `  \\${THEIRS} main`],
    "with every character escaped": [`\\${Array.from(OURS).join("\\")} HEAD`],
    "made a quote within quotes": [`${Array.from(THEIRS).join(" ")} main`],
    "as entities": [`${"&lt;".repeat(7)} HEAD`, `${"&gt;".repeat(7)} main`],
    "within a line that was filled": [
      `One. ${OURS} HEAD Two. ${BETWEEN} Three.`,
      `Three. ${THEIRS} main Four.`,
    ],
    "in a comment": [`// ${OURS} HEAD`, ` * ${BETWEEN}`, `# ${THEIRS} main`],
  })) {
    it(`are found ${how}`, () => {
      for (const line of lines) assert.deepEqual(marksIn(`before\n${line}\nafter`), [2], line);
    });
  }

  for (const innocent of [
    "a << 2 >>> 0",
    "=".repeat(6),
    "=".repeat(8),
    "=".repeat(70),
    `const line = "${BETWEEN}";`,
    "<".repeat(8),
    "> ".repeat(8),
    "> > > quoted three times",
    "| | | | | | | |",
    "|||||||| eight",
    "Array<Map<string, Set<Array<Map<string, Array<number>>>>>>",
    "Map<Map<Map<Map<Map<Map<Map<number>>>>>>>,",
    "&lt;b&gt;",
  ]) {
    it(`are not seen in ${innocent.slice(0, 40)}`, () => assert.deepEqual(marksIn(innocent), []));
  }
});
