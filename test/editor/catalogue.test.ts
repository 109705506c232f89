import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ERROR_CODES } from "../../src/errors";

const EDITOR = "nodes/editor";
/** Nodes that stand with one device. */
const DEVICE_TYPES = ["tuya-device", "tuya-in", "tuya-out", "tuya-raw"] as const;
const TYPES = [...DEVICE_TYPES, "tuya-discover"] as const;

/** Texts under the node; flows that listen to Status nodes receive the keys. */
const STATUS_KEYS = [
  "notConfigured",
  "noDevice",
  "idle",
  "searching",
  "connecting",
  "checking",
  "connected",
  "unproven",
  "unreadable",
  "asleep",
  "wrongKey",
  "keyOrVersion",
  "unreachable",
  "notFound",
  "busy",
  "timeout",
  "retrying",
  "childOffline",
  "gatewayOffline",
  "queued",
  "refused",
  "badInput",
  "closed",
];

type Texts = { readonly [key: string]: string | Texts };

const read = (file: string): string => readFileSync(file, "utf8");
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(folder, name));
const catalogue = (type: string): Texts =>
  JSON.parse(read(`nodes/${type}/locales/en-US/${type}.json`)) as Texts;
const helpOf = (type: string): string => read(`nodes/${type}/locales/en-US/${type}.html`);

/** Every text of a catalogue by its full key. */
function flatten(texts: Texts, prefix = ""): Map<string, string> {
  const entries = Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + key, value]] : [...flatten(value, `${prefix}${key}.`)],
  );
  return new Map(entries);
}

/**
 * Keys a source names in full, and beginnings of keys it completes at run time. Its `CATALOGUE` is what all of its keys
 * begin with. What is counted has two texts, whose keys
 * begin alike.
 */
function keysIn(source: string): { whole: string[]; beginnings: string[] } {
  const [declaration = "", catalogue = ""] = /\bconst CATALOGUE = "([\w.-]+)"/.exec(source) ?? [];
  const text = source
    .replace(declaration, "")
    .replaceAll("${CATALOGUE}", catalogue)
    .replace(/\bcounted\(\s*["`]([\w.-]+)["`]/g, '"$1One" "$1Many"');
  const keys = [...text.matchAll(/["`\];](tuya-(?:device|in|out|discover|raw)\.(?!svg)[\w.]+)(\$\{)?/g)];
  return {
    whole: keys.filter((match) => match[2] === undefined).map((match) => match[1] ?? ""),
    beginnings: keys.filter((match) => match[2] !== undefined).map((match) => match[1] ?? ""),
  };
}

describe("catalogues", () => {
  const texts = new Map(TYPES.flatMap((type) => [...flatten(catalogue(type))]));
  const sources = [
    ...filesIn(EDITOR, ".ts").map((file) => keysIn(read(file))),
    ...TYPES.map((type) => keysIn(read(`nodes/${type}/${type}.html`))),
    ...TYPES.flatMap((type) => filesIn(`nodes/${type}`, ".ts")).map((file) => keysIn(read(file))),
  ];

  it("have every key that a template or a script names", () => {
    const whole = sources.flatMap((keys) => keys.whole);
    assert.ok(whole.length > 60);
    assert.deepEqual(
      whole.filter((key) => !texts.has(key)),
      [],
    );
  });

  it("have no key that nothing names", () => {
    const whole = new Set(sources.flatMap((keys) => keys.whole));
    const beginnings = sources.flatMap((keys) => keys.beginnings);
    const idle = [...texts.keys()].filter(
      (key) =>
        !whole.has(key) &&
        !beginnings.some((beginning) => key.startsWith(beginning)) &&
        !/\.status\.|^palette\./.test(key),
    );
    assert.deepEqual(idle, []);
  });

  it("hold no empty text but placeholders that are meant to be empty", () => {
    const empty = [...texts]
      .filter(([key, text]) => text === "" && !key.includes(".placeholder."))
      .map(([key]) => key);
    assert.deepEqual(empty, []);
  });

  it("name every status of tuya-discover, in few words", () => {
    const statuses = new Map([...texts].filter(([key]) => key.startsWith("tuya-discover.status.")));
    const keys = ["listening", "found", "nothing", "failed", "off"];
    assert.deepEqual(
      [...statuses.keys()],
      keys.map((key) => `tuya-discover.status.${key}`),
    );
    for (const [key, text] of statuses) assert.ok(text.length <= 20, key);
  });

  for (const type of DEVICE_TYPES) {
    it(`name every status of ${type}, in few words`, () => {
      const status = catalogue(type)[type];
      assert.ok(typeof status === "object");
      const statuses = status["status"];
      assert.ok(typeof statuses === "object");
      assert.deepEqual(Object.keys(statuses), STATUS_KEYS);
      assert.deepEqual(statuses, flattenStatus("tuya-device"));
      for (const [key, text] of flatten(statuses)) assert.ok(text.length <= 29, key);
    });
  }

  function flattenStatus(type: string): unknown {
    const section = catalogue(type)[type];
    return typeof section === "object" ? section["status"] : undefined;
  }
});

describe("help", () => {
  it("exists for every node type", () => {
    for (const type of TYPES) assert.match(helpOf(type), new RegExp(`data-help-name="${type}"`));
  });

  it("says of every error code what to do", () => {
    const help = helpOf("tuya-device");
    const documented = [...help.matchAll(/<dt>([A-Z_]+)<\/dt>\s*<dd>[^<]{20,}/g)].map((match) => match[1]);
    assert.deepEqual(documented, [...ERROR_CODES]);
  });

  it("is well-formed: every element that is opened is closed", () => {
    for (const type of TYPES) {
      const open: string[] = [];
      for (const [, slash, tag] of helpOf(type).matchAll(/<(\/?)([a-z][a-z\d]*)[^>]*>/g)) {
        if (slash) assert.equal(open.pop(), tag, `${type}: </${tag}>`);
        else open.push(tag ?? "");
      }
      assert.deepEqual(open, [], type);
    }
  });
});

describe("styles of the panels", () => {
  it("use the theme's colours only", () => {
    const sheets = filesIn(EDITOR, ".css");
    assert.ok(sheets.length > 0);
    for (const sheet of sheets) {
      const style = read(sheet);
      const declarations = [
        ...style.matchAll(/([a-z-]*color|background|border|box-shadow|outline):([^;]+);/g),
      ];
      assert.ok(declarations.length > 0, sheet);
      for (const [whole, , value] of declarations) {
        const own = (value ?? "").replace(/var\(--[\w-]+\)/g, "");
        assert.doesNotMatch(
          own,
          /#[0-9a-f]{3}|rgb|hsl|\b(white|black|red|gr[ae]y|yellow)\b/i,
          `${sheet}: ${whole}`,
        );
      }
    }
  });
});
