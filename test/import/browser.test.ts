import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { build } from "esbuild";

const FILES = readdirSync("src/import").map((name) => `src/import/${name}`);

describe("src/import", () => {
  it("runs in a browser: it reaches no module of Node.js and none of its globals", async () => {
    const { outputFiles, errors, metafile } = await build({
      entryPoints: FILES,
      bundle: true,
      platform: "browser",
      format: "esm",
      target: "es2020",
      outdir: "unused",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    assert.deepEqual(errors, []);
    assert.ok(Object.keys(metafile.inputs).length >= FILES.length);
    for (const { text } of outputFiles) {
      assert.doesNotMatch(text, /\b(?:Buffer|process|require|__dirname|globalThis|eval|Function)\b(?!["'`])/);
    }
  });
});
