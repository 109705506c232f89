/** A node to be placed, with its drawn size in pixels. */
export interface Placeable {
  readonly width: number;
  readonly height: number;
}

/** The position of a node: its centre in pixels, as in Node-RED. */
export interface Place {
  /** The number of the tab, from 0. */
  readonly tab: number;
  readonly x: number;
  readonly y: number;
}

// Lengths are in pixels.

/** The step of Node-RED's grid, to which left edges and centres are aligned. */
const GRID = 20;
/** Space left of the first block and above each. */
const MARGIN = 40;
/** Space between the columns of a block, for a wire. */
const GAP = 60;
/** Space between blocks. */
const BLOCK_GAP = 120;
/** Space below a node, for its status. */
const STATUS = 30;
/** Half the height of a node with a label of one line. */
const HALF = 15;
/** The usable width of Node-RED's workspace, which is 8000 wide and high. */
const WORKSPACE = 7_800;

/** Rows are spread over this number of blocks, as long as the blocks have neither too few rows nor too many. */
const BLOCKS = 5;
const FEWEST_ROWS = 20;
/** A block of so many fits into the height of the workspace. */
const MOST_ROWS = 80;

/**
 * Places rows of nodes on empty tabs: the nodes of a row side by side, those of a column one below the other, in blocks
 * like the columns of a newspaper. Nothing overlaps, statuses included. Rows that do not fit on a tab go to the next one.
 *
 * @param rows the nodes of each row by column; undefined = the row has none there
 * @returns the places in the same order, also for columns without a node
 */
export function placeRows(
  rows: readonly (readonly (Placeable | undefined)[])[],
): readonly (readonly Place[])[] {
  const places: Place[][] = [];
  const perBlock = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, Math.ceil(rows.length / BLOCKS)));
  let tab = 0;
  let left = MARGIN;
  for (let begin = 0; begin < rows.length; begin += perBlock) {
    const block = rows.slice(begin, begin + perBlock);
    const widths = columnWidths(block);
    const width = widths.reduce((sum, column) => sum + column + GAP, -GAP);
    if (left > MARGIN && left + width > WORKSPACE) {
      tab += 1;
      left = MARGIN;
    }
    places.push(...placeBlock(block, widths, { tab, left }));
    left += width + BLOCK_GAP;
  }
  return places;
}

function columnWidths(block: readonly (readonly (Placeable | undefined)[])[]): readonly number[] {
  const columns = Math.max(0, ...block.map((row) => row.length));
  return Array.from({ length: columns }, (_item, at) =>
    onGrid(Math.max(0, ...block.map((row) => row[at]?.width ?? 0))),
  );
}

function placeBlock(
  block: readonly (readonly (Placeable | undefined)[])[],
  widths: readonly number[],
  { tab, left }: { readonly tab: number; readonly left: number },
): readonly Place[][] {
  let y = MARGIN;
  return block.map((row) => {
    const half = Math.max(HALF, ...row.map((node) => (node?.height ?? 0) / 2));
    const middle = y + onGrid(half - HALF);
    y = middle + onGrid(half + STATUS + HALF);
    let edge = left;
    return row.map((node, at) => {
      const x = edge + (node?.width ?? 0) / 2;
      edge += (widths[at] ?? 0) + GAP;
      return { tab, x, y: middle };
    });
  });
}

function onGrid(length: number): number {
  return Math.ceil(length / GRID) * GRID;
}
