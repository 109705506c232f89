import assert from "node:assert/strict";
import { findBrowser } from "./browser";
import type { Editor } from "./editor";
import type { NodeRedServer } from "./node-red";
import { type RunningEditor, sharedEditor, startEditor, stopEditor, stopSharedEditor } from "./shared-editor";

/** How long one test in the browser may take: trays slide, and CI machines are slow. */
const TEST_MS = 30_000;

let hasSaidThereIsNone = false;

after("stops the Node-RED whose editor was tested", async function () {
  this.timeout(TEST_MS);
  await stopSharedEditor();
});

/**
 * To be called in a `describe`: opens the editor with these flows in it. Credentials of a node stand in its property
 * `credentials`, as the editor sends them. Fails each test that left a mishap behind. Without a browser the tests of the
 * block are left out, see `findBrowser`. With `settings` the block has a Node-RED of its own, with these settings.
 */
export function inEditor(
  flows: readonly object[],
  tests: (editor: () => Editor, server: () => NodeRedServer) => void,
  settings?: () => Promise<object>,
): void {
  let current: RunningEditor | undefined;

  before("opens the editor", async function () {
    this.timeout(TEST_MS * 2);
    const executable = findBrowser();
    if (!executable) {
      if (!hasSaidThereIsNone)
        console.log("No Chromium found: tests of the editor are left out. Set CHROMIUM.");
      hasSaidThereIsNone = true;
      this.skip();
    }
    current = settings
      ? await startEditor(executable, flows, await settings())
      : await sharedEditor(executable, flows, this.test?.parent?.file);
  });

  after("stops the Node-RED of this block", async function () {
    this.timeout(TEST_MS);
    if (settings && current) await stopEditor(current);
  });

  beforeEach(function () {
    this.currentTest?.timeout(TEST_MS);
  });

  afterEach(async function () {
    this.timeout(TEST_MS);
    // A test that failed leaves its dialogs open: the next one is to fail for reasons of its own only.
    if (this.currentTest?.state === "failed") await current?.editor.startAfresh(flows);
    assert.deepEqual(current?.editor.takeMishaps() ?? [], []);
  });

  const use = (): RunningEditor => {
    if (!current) throw new Error("Only tests and their hooks can use the editor.");
    return current;
  };
  tests(
    () => use().editor,
    () => use().server,
  );
}
