import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Literal, literalsOf } from "./support/literals";

/*
 * The debug side bar shows the first 80 characters of a text, some places less. So every sentence of an error, a warning
 * and a test begins with what happened; reasons and advice come behind. The sentences are taken from the sources, so that
 * none is forgotten: each literal that is one, with values as long as they are in houses.
 */

/** Where sentences are written that nodes report or a test says. What only dialogs show stands there whole. */
const ROOMS: readonly string[] = [
  "src/datapoints",
  "src/device",
  "src/diagnosis",
  "src/discovery",
  "src/mqtt",
  "src/protocol",
  "src/session",
  "nodes/link",
  "nodes/runtime",
  "nodes/tuya-device",
  "nodes/tuya-discover",
  "nodes/tuya-in",
  "nodes/tuya-out",
  "nodes/tuya-raw",
];

const SEEN = 80;

/** What is put into sentences, and how long it is at most in real houses; in characters. */
const LENGTHS: readonly (readonly [RegExp, number])[] = [
  // The friendly names, such as "brightness", and what they take.
  [/^(least|most|unit|describeValue\(value\))$/, 8],
  [/^length$/, 2],
  [/^[A-Z_]+$/, 6],
  [/speaks$/, 10],
  [/\bset$/, 4],
  // An aside in parentheses.
  [/^announces/, 0],
  [/\b(name|twin|who|child)$/i, 30],
  [/^(ip|heardAt|settings\?\.ip)$/, 15],
  [/cid$/i, 16],
  [/^(values|contradiction)$/, 38],
  [/^udpPorts/, 29],
  [/variable/, 20],
  [/field|^what$/, 20],
  [/^(port|.*seconds|ms \/ 1000|.*count|.*others|index|dp|dps.*)$/, 4],
];
/** What else there is: a word, a value. */
const OTHERWISE = 12;
/** Names of data points, not of devices. */
const FRIENDLY = "src/datapoints/";

/** What comes behind a sentence, or stands in a list of advice. */
const ADVICE = /(?:hint|advice|known|rest)\s*[:=]|badSettings\(\s*(?:`[^`]*`|"[^"]*"),/g;
const SENTENCE_BEGINS =
  /says:|[eE]rror\(|badInput\(|notConfigured\(|badSettings\(|refusal\(|\bwarn\(|return /g;

interface Sentence {
  readonly place: string;
  /** With X for each character that is put in. */
  readonly text: string;
}

function sentencesOf(file: string): readonly Sentence[] {
  return literalsOf(readFileSync(file, "utf8")).flatMap((literal) => {
    const text = textOf(literal, file);
    const isSentence = /^[A-Z"].*\.$/s.test(text) && text.split(" ").length >= 4;
    return isSentence && !isAdvice(literal) ? [{ place: `${file}:${literal.line}`, text }] : [];
  });
}

function textOf({ parts }: Literal, file: string): string {
  const lengthOf = (expression: string): number => {
    if (file.startsWith(FRIENDLY) && expression === "name") return OTHERWISE;
    return LENGTHS.find(([known]) => known.test(expression))?.[1] ?? OTHERWISE;
  };
  return parts
    .map((part) => (typeof part === "string" ? part : "X".repeat(lengthOf(part.expression))))
    .join("");
}

function isAdvice({ before }: Literal): boolean {
  const near = before.slice(-400);
  const last = (pattern: RegExp): number => [...near.matchAll(pattern)].at(-1)?.index ?? -1;
  return last(ADVICE) >= 0 && last(ADVICE) >= last(SENTENCE_BEGINS);
}

/** Where the part ends that says what happened: at the end of the sentence, or where a reason or an aside begins. */
function essentialEnd(text: string): number {
  return /[.:;](?=\s|$)| \(/.exec(text)?.index ?? text.length;
}

const FILES = ROOMS.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.posix.join(room, file.replaceAll(path.sep, "/"))),
).sort();

describe("sentences", () => {
  const all = FILES.flatMap(sentencesOf);

  it("are found where they are written", () => {
    const files = new Set(all.map(({ place }) => place.replace(/:\d+$/, "")));
    for (const file of [
      "src/session/failure.ts",
      "src/diagnosis/sentences/explain.ts",
      "nodes/link/link-state.ts",
    ])
      assert.ok(files.has(file), file);
    assert.ok(all.length > 150, `only ${all.length}`);
  });

  it(`say what happened within ${SEEN} characters, with a name of 30`, () => {
    const late = all.filter(({ text }) => essentialEnd(text) > SEEN);
    assert.deepEqual(
      late.map(({ place, text }) => `${place} ${essentialEnd(text)}: ${text}`),
      [],
    );
  });
});

describe("literals of a source", () => {
  const partsOf = (source: string) => literalsOf(source).map(({ parts }) => parts);

  it("are strings and templates, with the expressions in them", () => {
    assert.deepEqual(partsOf('a("x \\"y\\"", `b ${c({ d: `e ${f}` })} g`);'), [
      ['x "y"'],
      ["b ", { expression: "c({ d: `e ${f}` })" }, " g"],
    ]);
  });

  it("are not what stands in comments and in regular expressions", () => {
    assert.deepEqual(partsOf('// "a"\n/* `b` */ f(/"[/"]"/, "c"); x = y / z + "d";'), [["c"], ["d"]]);
  });
});
