/** Redraws lists for each removed node. The types know the function, but not that it can be replaced. */
const workspaces = RED.workspaces as unknown as { refresh: () => void };

let original: (() => void) | undefined;
let timer: number | undefined;

/**
 * From now on Node-RED does not redraw its lists of tabs and configuration nodes for each removed node, which takes
 * minutes with some hundred nodes; until `endQuiet`, or the end of the present event.
 */
export function beginQuiet(): void {
  if (original) return;
  original = workspaces.refresh;
  workspaces.refresh = () => undefined;
  timer = window.setTimeout(endQuiet, 0);
}

/** Redraws the lists once, and ends the suppression. */
export function endQuiet(): void {
  if (!original) return;
  window.clearTimeout(timer);
  workspaces.refresh = original;
  original = undefined;
  workspaces.refresh();
}

/**
 * Begins the suppression and ends it with the next call. For both ends of a list of events, which undo and redo go
 * through in opposite directions.
 */
export function toggleQuiet(): void {
  if (original) endQuiet();
  else beginQuiet();
}
