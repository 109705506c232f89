import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type DeviceInput, nextState } from "../src/device/state";
import type { DeviceState } from "../src/device/types";
import { DIAGNOSIS_STEPS, VERDICTS } from "../src/diagnosis/lines";
import { ERROR_CODES, TuyaError } from "../src/errors";

const DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].concat(
  readdirSync("docs")
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.join("docs", file)),
);
const README = readFileSync("README.md", "utf8");
const MANIFEST = JSON.parse(readFileSync("package.json", "utf8")) as {
  scripts: Record<string, string>;
  "node-red": { nodes: Record<string, string> };
};

const ip = "127.0.0.1";
const version = "3.4";
const error = new TuyaError("TIMEOUT", "No answer.");

const STATES: readonly DeviceState[] = [
  { kind: "idle" },
  { kind: "searching" },
  { kind: "connecting", ip },
  { kind: "checking", ip, version },
  { kind: "ready", ip, version, keyProven: true, takesCommands: true },
  { kind: "waiting", error, retryAt: 0 },
  { kind: "asleep", lastSeen: undefined },
  { kind: "closed" },
];

const INPUTS: readonly DeviceInput[] = [
  { type: "start", ip: undefined },
  { type: "start", ip },
  { type: "attempt", ip },
  { type: "opened", ip, version },
  { type: "answered", ip, version, keyProven: true, takesCommands: true },
  { type: "failed", error, retryAt: 0 },
  { type: "fell-asleep", lastSeen: undefined },
  { type: "disconnect" },
  { type: "close" },
];

/** Texts of the first group of a pattern. */
function all(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, group = ""]) => group);
}

/** The folders in a folder. */
function foldersOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => name);
}

/** The anchors of the headings of a document. */
function anchorsOf(document: string): readonly string[] {
  return all(readFileSync(document, "utf8"), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe("README", () => {
  it("shows all pictures there are, each of them small and with words for those who do not see it", () => {
    const shown = all(README, /<img src="([^"]+)" width="\d+"(?: align="right")? alt="[^"]{20,}">/g);
    const pictures = readdirSync("docs/pictures").map((file) => `docs/pictures/${file}`);
    assert.deepEqual([...shown].sort(), pictures.sort());
    for (const picture of pictures) assert.ok(readFileSync(picture).length < 120_000, picture);
  });

  it("explains every error code, in the order of the source", () => {
    const section = README.slice(README.indexOf("## Troubleshooting"));
    assert.deepEqual(all(section, /^\| `([A-Z_]+)`/gm), [...ERROR_CODES]);
  });

  it("explains every node", () => {
    const sections = all(README, /^### (tuya-\w+)$/gm);
    assert.deepEqual(sections, Object.keys(MANIFEST["node-red"].nodes));
  });

  it("draws the states as they are", () => {
    const [diagram = ""] = all(README, /^```mermaid\n(.*?)^```$/gms);
    const edges = [...diagram.matchAll(/(\w+) --> (\w+)/g)].map(([, from, to]) => ({ from, to }));
    assert.ok(edges.length >= STATES.length);
    const impossible = edges.filter(({ from, to }) => {
      const state = STATES.find(({ kind }) => kind === from);
      return !state || !INPUTS.some((input) => nextState(state, input).kind === to);
    });
    assert.deepEqual(impossible, []);
    const drawn = new Set(edges.flatMap(({ from, to }) => [from, to]));
    assert.deepEqual(drawn, new Set(STATES.map(({ kind }) => kind)));
  });

  it("leads to every document", () => {
    const documents = DOCUMENTS.filter((document) => document.startsWith("docs"));
    assert.deepEqual(
      documents.filter((document) => !README.includes(`](${document})`)),
      [],
    );
  });

  it("has every folder of src on its map", () => {
    assert.deepEqual(new Set(all(README, /^src\/(\w+)\/ /gm)), new Set(foldersOf("src")));
  });

  it("names scripts that exist", () => {
    const scripts = all(README, /npm run ([\w-]+)/g);
    assert.deepEqual(
      scripts.filter((script) => !(script in MANIFEST.scripts)),
      [],
    );
  });
});

for (const document of DOCUMENTS) {
  describe(document, () => {
    const text = readFileSync(document, "utf8");

    it("links to files that exist", () => {
      const targets = all(text, /\]\((?!https?:|#)([^)#]+)/g);
      assert.deepEqual(
        targets.filter((target) => !existsSync(path.join(path.dirname(document), target))),
        [],
      );
    });

    it("links to headings that exist", () => {
      const targets = [...text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)];
      const missing = targets.filter(([, file = "", anchor = ""]) => {
        const target = file === "" ? document : path.join(path.dirname(document), file);
        return !anchorsOf(target).includes(anchor);
      });
      assert.deepEqual(
        missing.map(([link]) => link),
        [],
      );
    });

    it("names files that exist", () => {
      const names = all(text, /`((?:src|nodes|test|docs|demo|bench|examples)\/[\w./-]*)`/g);
      assert.deepEqual(
        names.filter((name) => !existsSync(name)),
        [],
      );
    });
  });
}

describe("docs/nodes.md", () => {
  const text = readFileSync("docs/nodes.md", "utf8");

  it("lists every HTTP route with its permission", () => {
    const files = readdirSync("nodes/admin", { recursive: true, encoding: "utf8" });
    const sources = files.filter((file) => file.endsWith(".ts")).map((file) => `nodes/admin/${file}`);
    const code = sources.map((file) => readFileSync(file, "utf8")).join("\n");
    const registered = [...code.matchAll(/^ +(get|post)\(RED, "\/(tuya\/[^"]+)"/gm)].map(([, method, url]) =>
      method === "get" ? `GET ${url} tuya.read` : `POST ${url} tuya.write`,
    );
    const listed = [...text.matchAll(/^\| `((?:GET|POST) [^`]+)` +\| `([\w.]+)`/gm)];
    assert.ok(registered.length >= 15);
    assert.deepEqual(
      listed.map(([, route, permission]) => `${route} ${permission}`).sort(),
      [...registered].sort(),
    );
  });

  it("lists every room of the editor", () => {
    assert.deepEqual(
      [...all(text, /^\| `nodes\/editor\/(\w+)`/gm)].sort(),
      [...foldersOf("nodes/editor")].sort(),
    );
  });
});

describe("CONTRIBUTING", () => {
  const text = readFileSync("CONTRIBUTING.md", "utf8");

  it("holds where it limits the length of a source and the sources of a folder", () => {
    const sources = ["src", "nodes"].flatMap((floor) =>
      readdirSync(floor, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
        .map(({ parentPath, name }) => ({ folder: parentPath, file: path.join(parentPath, name) })),
    );
    const folders = [...new Set(sources.map(({ folder }) => folder))];
    const full = folders.filter((folder) => sources.filter((each) => each.folder === folder).length > 24);
    assert.deepEqual(full, []);
    const lines = (file: string): number => readFileSync(file, "utf8").split("\n").length - 1;
    const long = sources.map(({ file }) => file).filter((file) => lines(file) > 350);
    assert.deepEqual(long, []);
  });

  it("has every room in its table, and no other ones", () => {
    const types = Object.keys(MANIFEST["node-red"].nodes).map((type) => `nodes/${type}`);
    const listed: string[] = [];
    let above = "";
    for (const cell of all(text, /^\| (`(?:src|nodes|…)\/.*?`) +\|/gm)) {
      const [first = "", ...inner] = all(cell, /`([^`]+)\/`/g);
      if (!first.startsWith("…")) above = first;
      const names = [first, ...inner].map((name) => name.replace("…", above));
      listed.push(...names.filter((name) => name !== ""));
    }
    const rooms = listed.flatMap((name) => (name === "nodes/tuya-*" ? types : [name]));
    const missing = rooms.filter((room) => !existsSync(room));
    assert.deepEqual(missing, []);
    const floors = ["src", "nodes"].flatMap((floor) => foldersOf(floor).map((room) => `${floor}/${room}`));
    assert.deepEqual(
      floors.filter((room) => !rooms.includes(room)),
      [],
    );
  });
});

describe("docs/diagnosis.md", () => {
  const text = readFileSync("docs/diagnosis.md", "utf8");

  it("has every step and every verdict, in the order of the source", () => {
    assert.deepEqual(all(text, /^\| `([a-z]+)` /gm), [...DIAGNOSIS_STEPS]);
    assert.deepEqual(all(text, /^\| `([A-Z_]+)` /gm), [...VERDICTS]);
  });
});

describe("docs/library.md", () => {
  it("says of every error code who has to act", () => {
    const rows = all(readFileSync("docs/library.md", "utf8"), /^\| ((?:`[A-Z_]+` ?)+) *\|/gm);
    const codes = rows.flatMap((row) => all(row, /`([A-Z_]+)`/g));
    assert.deepEqual([...codes].sort(), [...ERROR_CODES].sort());
  });
});
