import assert from "node:assert/strict";
import { findBrowser } from "./browser";
import type { Editor } from "./editor";
import type { NodeRedServer } from "./node-red";
import { LOADING_MS } from "./patience";
import { type RunningEditor, sharedEditor, startEditor, stopEditor, stopSharedEditor } from "./shared-editor";

/** Steps that one test may wait for as long as possible before it is cut off. */
const STEPS = 4;
/** For what starts: a Node-RED, a browser and a page, tried again where they do not. */
const STARTING_MS = 6 * LOADING_MS;

let hasSaidThereIsNone = false;

after("stops the Node-RED whose editor was tested", async function () {
  this.timeout(LOADING_MS);
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
    this.timeout(STARTING_MS);
    const executable = findBrowser();
    if (!executable) {
      if (!hasSaidThereIsNone)
        console.log("No Chromium found: tests of the editor are left out. Set CHROMIUM.");
      hasSaidThereIsNone = true;
      this.skip();
    }
    current = settings
      ? await startEditor(executable, flows, await settings())
      : await sharedEditor({ executable, flows, file: this.test?.parent?.file });
  });

  after("stops the Node-RED of this block", async function () {
    this.timeout(LOADING_MS);
    if (settings && current) await stopEditor(current);
  });

  beforeEach(function () {
    this.currentTest?.timeout(STEPS * use().editor.patienceMs);
  });

  afterEach(async function () {
    this.timeout(LOADING_MS);
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
