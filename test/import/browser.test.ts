import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { bundleForBrowser } from "../support/browser-bundle";

const FILES = readdirSync("src/import").map((name) => `src/import/${name}`);

describe("src/import", () => {
  it("runs in a browser: it reaches no module of Node.js and none of its globals", async () => {
    const { inputs } = await bundleForBrowser(FILES);
    assert.ok(Object.keys(inputs).length >= FILES.length);
  });
});
