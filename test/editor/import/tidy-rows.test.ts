import assert from "node:assert/strict";
import { type Placeable, type Place, placeRows } from "../../../nodes/editor/import/tidy-rows";

/** What a status under a node takes, and a button beside it, as Node-RED draws them. */
const STATUS = 25;
const BUTTON = 25;
const WORKSPACE = 8000;

interface Box {
  readonly tab: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Rows as an import makes them: the third node is not in all of them; names have all lengths. */
function rowsOf(count: number, longest = 300): (Placeable | undefined)[][] {
  const node = (width: number): Placeable => ({ width, height: 30 });
  return Array.from({ length: count }, (_item, at) => {
    const width = 100 + (((at * 7) % 11) * 20 * (longest - 100)) / 200;
    const wide = node(Math.ceil(width / 20) * 20);
    return [wide, node(120), at % 3 === 0 ? undefined : node(100), wide];
  });
}

function boxesOf(
  rows: readonly (readonly (Placeable | undefined)[])[],
  places: readonly (readonly Place[])[],
): Box[] {
  return rows.flatMap((row, at) =>
    row.flatMap((node, column): Box[] => {
      const place = places[at]?.[column];
      if (!node || !place) return [];
      const { x, y, tab } = place;
      return [
        {
          tab,
          left: x - node.width / 2 - BUTTON,
          right: x + node.width / 2 + BUTTON,
          top: y - node.height / 2,
          bottom: y + node.height / 2 + STATUS,
        },
      ];
    }),
  );
}

function overlaps(boxes: readonly Box[]): number {
  return boxes.filter((a, at) =>
    boxes
      .slice(at + 1)
      .some(
        (b) =>
          a.tab === b.tab && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom,
      ),
  ).length;
}

describe("placeRows", () => {
  for (const [count, longest, tabs] of [
    [1, 300, 1],
    [40, 300, 1],
    [200, 300, 1],
    [200, 900, 2],
    [900, 300, 2],
  ] as const) {
    it(`places ${count} rows with names up to ${longest} pixels tidily`, () => {
      const rows = rowsOf(count, longest);
      const places = placeRows(rows);
      const boxes = boxesOf(rows, places);
      assert.equal(places.length, count);
      assert.equal(overlaps(boxes), 0);
      for (const { left, right, top, bottom } of boxes) {
        assert.equal((left + BUTTON) % 20, 0);
        assert.equal((top + 15) % 20, 0);
        assert.ok(left >= 0 && right <= WORKSPACE && top >= 0 && bottom <= WORKSPACE, `${right} ${bottom}`);
      }
      assert.equal(new Set(boxes.map(({ tab }) => tab)).size, tabs);
      // A row is a row, from left to right.
      for (const row of places) {
        assert.equal(new Set(row.map(({ y }) => y)).size, 1);
        assert.deepEqual(
          row.map(({ x }) => x),
          row.map(({ x }) => x).sort((a, b) => a - b),
        );
      }
    });
  }

  it("gives a name of several lines the room it needs", () => {
    const rows = [30, 150, 30, 78, 78, 54, 30].map((height) => [{ width: 100, height }]);
    assert.equal(overlaps(boxesOf(rows, placeRows(rows))), 0);
  });

  it("has nothing to place where there are no rows", () => {
    assert.deepEqual(placeRows([]), []);
  });
});
