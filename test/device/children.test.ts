import assert from "node:assert/strict";
import { Children } from "../../src/device/children";
import type { ChildrenReport } from "../../src/protocol/report";

function note(children: Children, report: Partial<ChildrenReport>, now = 0): boolean {
  return children.note({ online: [], offline: [], nearby: [], ...report }, now);
}

describe("Children", () => {
  it("follows a sub-device as long as anybody does", () => {
    const children = new Children();
    const [first, second] = [children.add("a", 0), children.add("a", 0)];
    children.add("b", 0);
    assert.deepEqual(children.followed(), ["a", "b"]);
    first();
    first();
    assert.deepEqual(children.followed(), ["a", "b"]);
    second();
    assert.deepEqual(children.followed(), ["b"]);
  });

  it("merges reports: what one leaves out it says nothing of", () => {
    const children = new Children();
    note(children, { online: ["a", "b"], offline: [] });
    note(children, { online: ["c"], offline: ["b"] });
    assert.deepEqual(Object.fromEntries(children.online), { a: true, b: false, c: true });
  });

  it("is bounded, but always has room for those that are followed", () => {
    const children = new Children();
    note(children, { online: Array.from({ length: 5_000 }, (_, i) => `invented ${i}`), offline: [] });
    assert.equal(children.online.size, 1_000);
    note(children, { online: [], offline: ["invented 0"] });
    assert.equal(children.online.get("invented 0"), false);
    assert.equal(note(children, { online: [], offline: ["real"] }), false);
    assert.equal(children.online.get("real"), undefined);
    children.add("real", 0);
    note(children, { online: [], offline: ["real"] });
    assert.equal(children.online.get("real"), false);
    note(children, { nearby: Array.from({ length: 5_000 }, (_, i) => `invented ${i}`) });
    assert.equal(children.nearby.size, 1_000);
  });

  it("says whether a report changed anything", () => {
    const children = new Children();
    assert.equal(note(children, { online: ["a"], offline: ["b"] }), true);
    assert.equal(note(children, { online: ["a"], offline: ["b"] }), false);
    assert.equal(note(children, { online: ["new", "a"] }), true);
    assert.equal(note(children, { nearby: ["c"] }), false);
    assert.equal(note(children, { offline: ["a"] }), true);
    assert.deepEqual([...children.nearby], ["c"]);
  });

  it("takes one that speaks for online, where it was said to be offline", () => {
    const children = new Children();
    note(children, { offline: ["a"] });
    assert.equal(children.noteSpoke("a", 0), true);
    assert.equal(children.noteSpoke("a", 0), false);
    assert.equal(children.online.get("a"), true);
    // What was never said is not made up: up to 3.3 it could never be taken back.
    assert.equal(children.noteSpoke("b", 0), false);
    assert.equal(children.online.get("b"), undefined);
  });

  it("counts one as offline that the gateway does not know, until it does", () => {
    const children = new Children();
    assert.equal(children.noteAnswered("stranger", false), false);
    const unfollow = children.add("a", 0);
    assert.equal(children.noteAnswered("a", false), true);
    assert.equal(children.noteAnswered("a", false), false);
    assert.deepEqual([children.online.get("a"), children.unknown.has("a")], [false, true]);
    assert.equal(children.noteAnswered("a", true), true);
    assert.deepEqual([children.online.get("a"), children.unknown.has("a")], [undefined, false]);
    children.noteAnswered("a", false);
    note(children, { online: ["a"] });
    assert.deepEqual([children.online.get("a"), children.unknown.has("a")], [true, false]);
    assert.equal(children.noteAnswered("a", true), false);
    children.noteAnswered("a", false);
    unfollow();
    assert.deepEqual([children.online.get("a"), children.unknown.has("a")], [undefined, false]);
  });

  it("takes one for gone that lists have left out for long, but not one that was just heard of", () => {
    const children = new Children();
    for (const cid of ["listed", "speaks", "absent"]) children.add(cid, 0);
    children.add("new", 90);
    note(children, { online: ["listed", "speaks", "absent"] });
    note(children, { online: ["listed"] }, 60);
    children.noteSpoke("speaks", 60);
    assert.equal(children.judgeAbsent(99, 100), false);
    assert.equal(children.judgeAbsent(100, 100), true);
    assert.equal(children.judgeAbsent(100, 100), false);
    assert.deepEqual(Object.fromEntries(children.online), { listed: true, speaks: true, absent: false });
    children.restart(1_000);
    assert.equal(children.judgeAbsent(1_050, 100), false);
  });
});
