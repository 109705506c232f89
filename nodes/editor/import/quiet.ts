/** What the editor draws anew for each node that goes; its types know it, but not that it can be replaced. */
const workspaces = RED.workspaces as unknown as { refresh: () => void };

let original: (() => void) | undefined;
let timer: number | undefined;

/**
 * From now on Node-RED does not draw its lists of tabs and configuration nodes anew for each node that goes, which takes
 * minutes with some hundred of them, until `endQuiet`, or until all that is under way is done.
 */
export function beginQuiet(): void {
  if (original) return;
  original = workspaces.refresh;
  workspaces.refresh = () => undefined;
  timer = window.setTimeout(endQuiet, 0);
}

/** Draws once what was left out. */
export function endQuiet(): void {
  if (!original) return;
  window.clearTimeout(timer);
  workspaces.refresh = original;
  original = undefined;
  workspaces.refresh();
}

/** Begins, and the next time ends: for both ends of something that is gone through in either direction. */
export function toggleQuiet(): void {
  if (original) endQuiet();
  else beginQuiet();
}
