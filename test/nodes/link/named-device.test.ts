import assert from "node:assert/strict";
import { nearest } from "../../../nodes/link/named-device";

describe("nearest", () => {
  const NAMES = ["Kitchen lamp", "Kitchen plug", "Attic", "Blind", "Attic"];
  const table: readonly (readonly [word: string, found: readonly string[]])[] = [
    ["Kichen lamp", ["Kitchen lamp", "Kitchen plug"]],
    ["atic", ["Attic", "Blind"]],
    ["plug", ["Kitchen plug", "Blind"]],
    ["", ["Attic", "Blind"]],
  ];
  for (const [word, found] of table) {
    it(`finds ${found.join(" and ")} for "${word}"`, () => assert.deepEqual(nearest(word, NAMES, 2), found));
  }

  it("takes names of any length", () => {
    assert.deepEqual(nearest("x".repeat(10_000), ["y".repeat(10_000), "x".repeat(9_000)], 1), [
      "x".repeat(9_000),
    ]);
  });
});
