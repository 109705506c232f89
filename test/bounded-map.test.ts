import assert from "node:assert/strict";
import { BoundedMap, Budget } from "../src/bounded-map";

const FOR_TEN = 10 * (96 + 2 * 2 + 100);

function mapOf(whenFull: "refuse" | "forget-oldest", budget: Budget | number = FOR_TEN) {
  const forgotten: string[] = [];
  const bytesOf = (value: number): number => value;
  return {
    map: new BoundedMap({ budget, bytesOf, whenFull, forgotten: (_value, key) => forgotten.push(key) }),
    forgotten,
  };
}

const name = (i: number): string => String(i).padStart(2, "0");

describe("BoundedMap", () => {
  it("is a map as long as there is room", () => {
    const { map } = mapOf("refuse");
    assert.equal(map.set("a", 1), true);
    assert.equal(map.set("b", 2), true);
    assert.equal(map.set("a", 3), true);
    assert.deepEqual(
      [...map.entries()],
      [
        ["a", 3],
        ["b", 2],
      ],
    );
    assert.deepEqual([[...map.keys()], [...map.values()], map.size], [["a", "b"], [3, 2], 2]);
    assert.deepEqual([map.get("a"), map.get("c")], [3, undefined]);
    assert.deepEqual([map.delete("a"), map.delete("a"), map.size], [true, false, 1]);
  });

  it("refuses what it has no room for, and has room again for what was given up", () => {
    const { map } = mapOf("refuse");
    for (let i = 0; i < 10; i++) assert.equal(map.set(name(i), 100), true);
    assert.equal(map.set("xx", 100), false);
    assert.equal(map.set("00", 101), false);
    assert.equal(map.get("00"), 100);
    assert.equal(map.set("00", 50), true);
    assert.equal(map.set("01", 150), true);
    map.delete("05");
    assert.equal(map.set("xx", 100), true);
    map.clear();
    assert.deepEqual([map.size, map.set("zz", FOR_TEN - 100)], [0, true]);
  });

  it("forgets the oldest, and tells, where it is to", () => {
    const { map, forgotten } = mapOf("forget-oldest");
    for (let i = 0; i < 12; i++) assert.equal(map.set(name(i), 100), true);
    assert.deepEqual(forgotten, ["00", "01"]);
    assert.equal(map.set("02", 250), true);
    assert.deepEqual(forgotten, ["00", "01", "03"]);
    assert.equal(map.set("xx", FOR_TEN), false);
    assert.equal(map.size, 0);
  });

  it("need not tell what it forgets", () => {
    const map = new BoundedMap({ budget: FOR_TEN, bytesOf: () => 100, whenFull: "forget-oldest" });
    for (let i = 0; i < 12; i++) assert.equal(map.set(name(i), i), true);
    assert.deepEqual([map.size, map.get("01"), map.get("02")], [10, undefined, 2]);
  });

  it("counts long keys, too", () => {
    const { map } = mapOf("refuse");
    assert.equal(map.set("k".repeat(FOR_TEN / 2), 0), false);
  });

  it("shares a budget with others, and gives all of it back", () => {
    const budget = new Budget(FOR_TEN);
    const [one, other] = [mapOf("refuse", budget).map, mapOf("refuse", budget).map];
    for (let i = 0; i < 6; i++) one.set(name(i), 100);
    for (let i = 0; i < 6; i++) other.set(name(i), 100);
    assert.deepEqual([one.size, other.size], [6, 4]);
    one.clear();
    assert.equal(other.set("xx", 500), true);
    other.clear();
    assert.equal(budget.used, 0);
  });
});
