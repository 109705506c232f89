/*
 * How long tests wait for what is to come. Nothing here says how fast anything has to be: on a busy machine all of it may
 * take many times as long as usual. It only says when to give up, so that a test that fails can tell what was missing.
 */

/** For one answer, one message, one change of state. `npm run mutate` has less, because it waits in vain most of the time. */
export const PATIENCE_MS = Number(process.env["PATIENCE_MS"] ?? 20_000);

/** For loading Node-RED, a browser, or the editor into a page: seconds on a machine with nothing else to do. */
export const LOADING_MS = 120_000;
