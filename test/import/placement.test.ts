import assert from "node:assert/strict";
import type { FlowNode } from "../../src/import/flow";
import { estimatedSize } from "../../src/import/placement";
import { convert, node, smartDevice } from "../support/convert";

/** What a status under a node takes. */
const STATUS = 20;

function box(node: FlowNode) {
  const { width, height } = estimatedSize(node);
  const [x, y] = [Number(node["x"]), Number(node["y"])];
  return {
    z: node["z"],
    left: x - width / 2,
    right: x + width / 2,
    top: y - height / 2,
    bottom: y + height / 2 + STATUS,
  };
}

/** Pairs of nodes that cover each other. */
function covered(flow: readonly FlowNode[]): string[] {
  const drawn = flow.filter((each) => typeof each["x"] === "number");
  return drawn.flatMap((first, at) =>
    drawn.slice(at + 1).flatMap((second) => {
      const [a, b] = [box(first), box(second)];
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      return a.z !== b.z || apart ? [] : [`${first.id} and ${second.id}`];
    }),
  );
}

function length(flow: readonly FlowNode[], from: FlowNode): number {
  const ports = from["wires"] as readonly (readonly string[])[];
  return ports.flat().reduce((sum, id) => {
    const target = node(flow, id);
    return sum + Math.hypot(box(target).left - box(from).right, Number(target["y"]) - Number(from["y"]));
  }, 0);
}

const place = ({ x, y }: FlowNode) => [x, y];
const plain = (id: string, x: number, y: number, wires: readonly (readonly string[])[] = []): FlowNode => ({
  id,
  type: "debug",
  z: "tab",
  name: id,
  x,
  y,
  wires,
});

/** As people draw it: from left to right, 200 pixels apart. */
const USUAL = [
  plain("inject", 140, 200, [["old"]]),
  smartDevice("old", { x: 340, y: 200, wires: [["data"], ["state"]] }),
  plain("data", 560, 180),
  plain("state", 560, 240),
];

describe("places of converted nodes", () => {
  for (const isRemoving of [true, false]) {
    describe(isRemoving ? "where the old ones go" : "where the old ones stay", () => {
      it("are those of the old ones, with wires hardly longer", () => {
        const { flow, converted } = convert(USUAL, { isRemoving });
        const [{ out, in: input } = assert.fail()] = converted;
        assert.deepEqual(place(node(flow, out)), [340, 200]);
        const rest = isRemoving ? flow.filter(({ id }) => id !== "old") : flow;
        assert.deepEqual(covered(rest), []);
        const before = length(USUAL, node(USUAL, "old"));
        const after = length(flow, node(flow, input));
        assert.ok(after < before + 80, `${after} instead of ${before}`);
        for (const name of ["inject", "data", "state"])
          assert.deepEqual(place(node(flow, name)), place(node(USUAL, name)), name);
      });

      it("are those of the old ones for a single node, too", () => {
        const lonely = [
          smartDevice("old", { x: 340, y: 200, wires: [["data"], []] }),
          plain("data", 560, 200),
        ];
        const { flow, converted } = convert(lonely, { isRemoving });
        assert.equal(converted[0]?.out, undefined);
        assert.deepEqual(place(node(flow, converted[0]?.in)), [340, 200]);
      });

      it("do not cover anything in a column of many", () => {
        const many = Array.from({ length: 30 }, (_item, at) => [
          plain(`inject${at}`, 140, 60 + at * 60, [[`old${at}`]]),
          smartDevice(`old${at}`, { x: 340, y: 60 + at * 60, wires: [[`data${at}`], []] }),
          plain(`data${at}`, 540, 60 + at * 60),
        ]).flat();
        const { flow, converted } = convert(many, { isRemoving });
        assert.equal(converted.length, 30);
        for (const { id, out } of converted) assert.deepEqual(place(node(flow, out)), place(node(many, id)));
        const gone = isRemoving ? new Set(converted.map(({ id }) => id)) : new Set<string>();
        assert.deepEqual(covered(flow.filter(({ id }) => !gone.has(id))), []);
      });

      it("stay on the sheet", () => {
        const corner = [
          plain("inject", 60, 20, [["old"]]),
          smartDevice("old", { x: 60, y: 20, wires: [["data"], []] }),
          plain("data", 60, 20),
        ];
        for (const { x, y } of convert(corner, { isRemoving }).flow)
          assert.ok(Number(x ?? 60) >= 60 && Number(y ?? 20) >= 20);
      });
    });
  }

  it("are inside of the groups they belong to, and outside of others", () => {
    const group = { id: "g", type: "group", z: "tab", nodes: ["far"], x: 240, y: 220, w: 400, h: 200 };
    const free = [
      group,
      smartDevice("old", { x: 340, y: 180, wires: [["data"], []] }),
      plain("inject", 140, 180, [["old"]]),
      plain("data", 560, 180),
    ];
    const outside = convert(free, { isRemoving: true });
    const { in: input } = outside.converted[0] ?? assert.fail();
    assert.ok(box(node(outside.flow, input)).bottom <= 220);
    const inside = convert(
      free.map((each) => (each.id === "old" ? { ...each, g: "g", y: 300 } : each)),
      { isRemoving: true },
    );
    const { top, bottom } = box(node(inside.flow, inside.converted[0]?.in));
    assert.ok(top > 220 && bottom < 420);
  });

  it("begin with what is free on the own tab only", () => {
    const other = JSON.parse(
      JSON.stringify(USUAL)
        .replaceAll('"tab"', '"other"')
        .replace(/"(inject|old|data|state)"/g, '"$12"'),
    ) as FlowNode[];
    const flow = [...USUAL, ...other];
    const converted = convert(flow, { isRemoving: true });
    const [first, second] = converted.converted;
    assert.deepEqual(place(node(converted.flow, first?.in)), place(node(converted.flow, second?.in)));
  });
});
