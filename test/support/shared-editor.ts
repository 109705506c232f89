import type { Browser } from "playwright-core";
import type { DiagnosisTimings } from "../../src/diagnosis/timings";
import { toStay } from "./each-file";
import { launchBrowser } from "./browser";
import { Editor } from "./editor";
import { startNodeRed, type NodeRedServer } from "./node-red";
import { Shared } from "./shared";

/** A Node-RED and a page with its editor. */
export interface RunningEditor {
  readonly server: NodeRedServer;
  readonly browser: Browser;
  readonly editor: Editor;
}

/** Devices of this machine answer at once: a fraction of what real ones are given is enough. */
const TIMINGS: Partial<DiagnosisTimings> = {
  settleMs: 60,
  silenceMs: 750,
  negotiationProbeMs: 500,
  pauseMs: 150,
  queryRetryMs: 100,
};

/** One of mocha's processes: it is not told which file is its last, and ends browser and Node-RED by ending itself. */
const IS_WORKER = process.env["MOCHA_WORKER_ID"] !== undefined;

/** Starts a Node-RED with these settings, and opens its editor with these flows in it. */
export async function startEditor(
  executable: string,
  flows: readonly object[],
  settings: object = {},
): Promise<RunningEditor> {
  const server = await startNodeRed({ settings, timings: TIMINGS });
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

export async function stopEditor({ browser, server }: RunningEditor): Promise<void> {
  try {
    await browser.close();
  } finally {
    await server.stop();
  }
}

/** A block of tests in the editor. */
interface Block {
  readonly executable: string;
  readonly flows: readonly object[];
  /** Its test file. */
  readonly file: string | undefined;
}

/** The test file of the block before. */
let user: string | undefined;

const shared = new Shared<RunningEditor, Block>({
  start: ({ executable, flows, file }) => {
    user = file;
    return toStay(() => startEditor(executable, flows));
  },
  // What a page remembers of one file's tests is not to be the reason why those of another one fail.
  renew: ({ editor }, { flows, file }) => {
    const isOwn = file === user;
    user = file;
    return isOwn ? editor.replaceFlows(flows) : editor.startAfresh(flows);
  },
  stop: stopEditor,
});

/** The one that all blocks of tests share, because it takes seconds to start, with the flows of this block in it. */
export function sharedEditor(block: Block): Promise<RunningEditor> {
  return shared.get(block);
}

/** To be called after the last file. */
export async function stopSharedEditor(): Promise<void> {
  if (!IS_WORKER) await shared.stop();
}
