import assert from "node:assert/strict";
import { build } from "esbuild";

describe("what the editor uses of src/datapoints", () => {
  it("runs in a browser: it reaches no module of Node.js and none of its globals", async () => {
    const { outputFiles } = await build({
      entryPoints: ["src/datapoints/reading.ts", "src/datapoints/profiles.ts", "src/datapoints/datapoint.ts"],
      bundle: true,
      platform: "browser",
      format: "esm",
      target: "es2020",
      outdir: "unused",
      write: false,
      logLevel: "silent",
    });
    assert.equal(outputFiles.length, 3);
    for (const { text } of outputFiles) {
      assert.doesNotMatch(text, /\b(?:Buffer|process|require|__dirname|globalThis|eval|Function)\b(?!["'`])/);
    }
  });
});
