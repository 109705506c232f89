import assert from "node:assert/strict";
import {
  type FoundChild,
  NEWS_MS,
  readNews,
  toChildRows,
} from "../../../../nodes/editor/connection/children/child-row";

const CHILD: FoundChild = {
  cid: "a1",
  online: true,
  isNearby: false,
  dps: {},
  reports: 0,
  reported: [],
  name: "",
};

const NOW = 100_000;

function rows(children: readonly Partial<FoundChild>[], view: object = {}) {
  const all = children.map((child) => ({ ...CHILD, ...child }));
  return toChildRows(all, { current: "", known: new Map(), heardAt: new Map(), now: NOW, ...view });
}

describe("readNews", () => {
  it("reads what the server says", () => {
    assert.deepEqual(readNews({ state: "connecting" }), { kind: "state", isConnected: false });
    assert.deepEqual(readNews({ state: "connected", version: "3.4" }), { kind: "state", isConnected: true });
    assert.deepEqual(readNews({ list: "unsupported" }), { kind: "list", answer: "unsupported" });
    assert.deepEqual(readNews({ end: "over" }), { kind: "end", says: "" });
    assert.deepEqual(readNews({ end: "failed", says: "Why." }), { kind: "end", says: "Why." });
    assert.deepEqual(readNews({ child: { cid: "a1", online: null, nearby: true, dps: { "1": 2 } } }), {
      kind: "child",
      child: { ...CHILD, online: undefined, isNearby: true, dps: { "1": 2 } },
    });
  });

  it("passes over what it does not know", () => {
    for (const line of [
      {},
      { state: "new" },
      { list: 5 },
      { child: {} },
      { child: { cid: 5 } },
      { child: [] },
    ])
      assert.equal(readNews(line), undefined, JSON.stringify(line));
  });
});

describe("toChildRows", () => {
  it("has new ones first, and of those the one that reported last", () => {
    const children = ["a1", "b2", "c3", "d4", "e5"].map((cid) => ({ cid, online: cid !== "b2" }));
    const view = {
      known: new Map([["a1", "Door"]]),
      heardAt: new Map([
        ["d4", 5],
        ["a1", 9],
        ["e5", 7],
      ]),
      current: "c3",
    };
    assert.deepEqual(
      rows(children, view).map(({ title, badge }) => [title, badge]),
      [
        ["e5", "new"],
        ["d4", "new"],
        ["b2", "new"],
        ["Door", "configured"],
        ["c3", "this"],
      ],
    );
  });

  it("shows name and node id, the name in the editor before the deployed one", () => {
    const [row] = rows([{ cid: "a1", name: "Old name" }], { known: new Map([["a1", "Door"]]) });
    assert.deepEqual([row?.title, row?.id, row?.badge], ["Door", "a1", "configured"]);
    const [deployed] = rows([{ cid: "a1", name: "Window" }]);
    assert.deepEqual([deployed?.title, deployed?.badge], ["Window", "configured"]);
    const [unnamed] = rows([{ cid: "a1" }], { known: new Map([["a1", "a1"]]) });
    assert.deepEqual([unnamed?.title, unnamed?.id, unnamed?.badge], ["a1", "", "configured"]);
  });

  it("says where each stands", () => {
    const states = rows(
      [
        { cid: "a", online: false },
        { cid: "b", online: undefined },
        { cid: "c", online: undefined, isNearby: true },
        { cid: "d", online: true, isNearby: true },
        { cid: "e", online: false },
      ],
      { heardAt: new Map([["e", NOW - NEWS_MS + 1]]) },
    ).map(({ child, state }) => [child.cid, state]);
    assert.deepEqual(states, [
      ["e", "now"],
      ["d", "online"],
      ["c", "nearby"],
      ["b", "unknown"],
      ["a", "offline"],
    ]);
    const [old] = rows([{ online: true }], { heardAt: new Map([["a1", NOW - NEWS_MS]]) });
    assert.equal(old?.state, "online");
  });

  it("shows few values, those just reported first, and long ones cut", () => {
    const dps = { "1": true, "2": 215, "10": "x".repeat(40), "11": null, "12": { a: 1 }, "101": 5 };
    const [row] = rows([{ dps, reported: ["101"] }]);
    assert.deepEqual(row?.values, [
      { text: "101 = 5", isReported: true },
      { text: "1 = true", isReported: false },
      { text: "2 = 215", isReported: false },
      { text: `10 = "${"x".repeat(15)}…`, isReported: false },
      { text: "11 = null", isReported: false },
    ]);
  });
});
