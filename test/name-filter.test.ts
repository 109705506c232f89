import assert from "node:assert/strict";
import { listOf } from "../nodes/runtime/properties";
import { nameFilter } from "../src/name-filter";

describe("nameFilter", () => {
  const table: readonly (readonly [list: unknown, passing: readonly string[]])[] = [
    ["", ["Kitchen lamp", "Kitchen (old)", "Attic", "*"]],
    [undefined, ["Kitchen lamp", "Kitchen (old)", "Attic", "*"]],
    ["Kitchen*", ["Kitchen lamp", "Kitchen (old)"]],
    ["kitchen LAMP", ["Kitchen lamp"]],
    ["*i*", ["Kitchen lamp", "Kitchen (old)", "Attic"]],
    ["Kitchen (*), attic", ["Kitchen (old)", "Attic"]],
    ["*", ["Kitchen lamp", "Kitchen (old)", "Attic", "*"]],
    ["Kit", []],
    [".*", []],
    ["kitchen*kitchen lamp", []],
    ["*c*c*", []],
    ["kit*(o*)", ["Kitchen (old)"]],
  ];
  for (const [list, passing] of table) {
    it(`lets ${passing.length} names pass ${JSON.stringify(list)}`, () => {
      const names = ["Kitchen lamp", "Kitchen (old)", "Attic", "*"];
      assert.deepEqual(names.filter(nameFilter(listOf(list))), passing);
    });
  }

  it("takes both ways to write an umlaut for the same", () => {
    for (const form of ["NFC", "NFD"]) {
      const names = ["Küche", "Kuche"].map((name) => name.normalize(form === "NFC" ? "NFD" : "NFC"));
      assert.equal(names.filter(nameFilter(["KÜ*".normalize(form)])).length, 1, form);
    }
  });

  it("is quick with stars in plenty", () => {
    assert.equal(nameFilter(["*a*a*a*a*a*a*a*b"])("a".repeat(60)), false);
  });
});
