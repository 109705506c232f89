import assert from "node:assert/strict";
import { Children } from "../../src/device/children";

describe("Children", () => {
  it("follows a sub-device as long as anybody does", () => {
    const children = new Children();
    const [first, second] = [children.add("a"), children.add("a")];
    children.add("b");
    assert.deepEqual(children.followed(), ["a", "b"]);
    first();
    first();
    assert.deepEqual(children.followed(), ["a", "b"]);
    second();
    assert.deepEqual(children.followed(), ["b"]);
  });

  it("merges reports: what one leaves out it says nothing of", () => {
    const children = new Children();
    children.note({ online: ["a", "b"], offline: [] });
    children.note({ online: ["c"], offline: ["b"] });
    assert.deepEqual(Object.fromEntries(children.online), { a: true, b: false, c: true });
  });

  it("is bounded, but always has room for those that are followed", () => {
    const children = new Children();
    children.note({ online: Array.from({ length: 5_000 }, (_, i) => `invented ${i}`), offline: [] });
    assert.equal(children.online.size, 1_000);
    children.note({ online: [], offline: ["invented 0", "real"] });
    assert.equal(children.online.get("invented 0"), false);
    assert.equal(children.online.get("real"), undefined);
    children.add("real");
    children.note({ online: [], offline: ["real"] });
    assert.equal(children.online.get("real"), false);
  });
});
