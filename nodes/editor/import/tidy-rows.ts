/** A node to be placed, as wide and high as it is drawn. */
export interface Placeable {
  readonly width: number;
  readonly height: number;
}

/** Where a node goes: its middle, as Node-RED counts, in pixels. */
export interface Place {
  /** Which tab, from 0. */
  readonly tab: number;
  readonly x: number;
  readonly y: number;
}

/** Steps of Node-RED's grid. Left edges and middles stand on it. */
const GRID = 20;
const MARGIN = 40;
/** Between columns there is room for a wire, between blocks for more, and below a node for its status. */
const GAP = 60;
const BLOCK_GAP = 120;
const STATUS = 30;
/** Of the height of a node with a label of one line. */
const HALF = 15;
/** Node-RED's workspace is 8000 wide and high, and scrolls to its edge. */
const WORKSPACE = 7_800;

/** So many rows at least stand below each other before another block begins, and so many blocks are wanted at most. */
const FEWEST_ROWS = 20;
const BLOCKS = 5;
const MOST_ROWS = 80;

/**
 * Places rows of nodes: those of a row beside each other, those of one column below each other, in blocks like the columns
 * of a newspaper. Nothing overlaps, statuses included. What does not fit on a tab goes on with the next one.
 *
 * @param rows the nodes of each row by column; undefined = the row has none there
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
