import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { findBrowser, launchBrowser } from "./browser";
import { Editor } from "./editor";
import { startNodeRed, type NodeRedServer } from "./node-red";

/** How long one test in the browser may take: trays slide, and CI machines are slow. */
const TEST_MS = 30_000;

/** What all blocks share, because it takes seconds to start: one Node-RED, one browser, one page. */
interface Shared {
  readonly server: NodeRedServer;
  readonly browser: Browser;
  readonly editor: Editor;
}

let shared: Promise<Shared> | undefined;
/** The test file that has used the shared page last. */
let user: string | undefined;
let hasSaidThereIsNone = false;

async function start(executable: string, flows: readonly object[], settings: object = {}): Promise<Shared> {
  const server = await startNodeRed({ settings });
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser(executable);
    return { server, browser, editor: await Editor.open(browser, server, flows) };
  } catch (error) {
    await browser?.close();
    await server.stop();
    throw error;
  }
}

after("stops the Node-RED whose editor was tested", async function () {
  this.timeout(TEST_MS);
  // Where it did not start, its tests have said so.
  await stop(await shared?.catch(() => undefined));
});

async function stop(started: Shared | undefined): Promise<void> {
  await started?.browser.close();
  await started?.server.stop();
}

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
  let current: Shared | undefined;

  before("opens the editor", async function () {
    this.timeout(TEST_MS * 2);
    const executable = findBrowser();
    if (!executable) {
      if (!hasSaidThereIsNone)
        console.log("No Chromium found: tests of the editor are left out. Set CHROMIUM.");
      hasSaidThereIsNone = true;
      this.skip();
    }
    const file = this.test?.parent?.file;
    if (settings) {
      current = await start(executable, flows, await settings());
    } else if (!shared) {
      shared = start(executable, flows);
      current = await shared;
    } else {
      current = await shared;
      // What a page remembers of one file's tests is not to be the reason why those of another one fail.
      await (file === user ? current.editor.replaceFlows(flows) : current.editor.startAfresh(flows));
    }
    if (!settings) user = file;
  });

  after("stops the Node-RED of this block", async function () {
    this.timeout(TEST_MS);
    if (settings) await stop(current);
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

  const use = (): Shared => {
    if (!current) throw new Error("Only tests and their hooks can use the editor.");
    return current;
  };
  tests(
    () => use().editor,
    () => use().server,
  );
}
