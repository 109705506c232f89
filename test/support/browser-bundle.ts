import assert from "node:assert/strict";
import { build, type Metafile } from "esbuild";

/**
 * Bundles sources for a browser, one bundle for each. Fails if they reach a module of Node.js, or one of its globals.
 * Resolves with what was bundled.
 */
export async function bundleForBrowser(entryPoints: string[]): Promise<Metafile> {
  const { outputFiles, errors, metafile } = await build({
    entryPoints,
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
  assert.equal(outputFiles.length, entryPoints.length);
  for (const { text } of outputFiles) {
    assert.doesNotMatch(text, /\b(?:Buffer|process|require|__dirname|globalThis|eval|Function)\b(?!["'`])/);
  }
  return metafile;
}
