import assert from "node:assert/strict";
import { variableIn } from "../src/variable";

describe("variableIn", () => {
  it("finds the name in both forms", () => {
    assert.equal(variableIn("${PLUG_KEY}"), "PLUG_KEY");
    assert.equal(variableIn("$(_plug2)"), "_plug2");
  });

  it("finds names that only flows, groups and subflows can have", () => {
    for (const name of ["kitchen-key", "tuya.key", "2", "КЛЮЧ", "Küche", "Ku\u0308che", "台灯"]) {
      assert.equal(variableIn(`\${${name}}`), name);
      assert.equal(variableIn(`$(${name})`), name);
    }
  });

  it("takes nothing else for a variable, above all no key", () => {
    for (const text of [
      "",
      "PLUG",
      "${}",
      "${a b}",
      "${a/b}",
      " ${A}",
      "${A} ",
      "${A)",
      "${7{O<&$M}N0z/'}",
      "${A}${B}",
    ])
      assert.equal(variableIn(text), undefined, text);
  });
});
