import assert from "node:assert/strict";
import { readLocalKey } from "../src/local-key";

/** Every character that is special to HTML, JSON, a shell or Node-RED, and still a plain key. */
const KEY = `7{O<&"$M}N0z/'|q`;

const asHtml = (text: string) =>
  text.replace(/[<>&"']/g, (c) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" })[c] ?? "&#39;");
const asJson = (text: string) =>
  JSON.stringify(text).replace(/[<&]/g, (c) => (c === "<" ? "\\u003c" : "\\u0026"));

function assertRepairs(text: string, damage: readonly string[], key = KEY): void {
  assert.deepEqual(readLocalKey(text), { kind: "damaged", length: text.length, key, damage });
}

describe("readLocalKey", () => {
  it("leaves a key alone that contains everything that could look like damage", () => {
    assert.equal(KEY.length, 16);
    assert.deepEqual(readLocalKey(KEY), { kind: "key" });
  });

  for (const key of [
    `'0123456789abcd'`,
    `"0123456789abcd"`,
    "0123456789&amp;z",
    "&lt;&gt;&quot;ab",
    String.raw`\u003c\u003e\\\/`,
    "$0123456789abcd$",
    "                ".replaceAll(" ", "!"),
    "~~~~~~~~~~~~~~~~",
  ]) {
    it(`leaves ${key} alone, because it has 16 printable characters`, () => {
      assert.deepEqual(readLocalKey(key), { kind: "key" });
    });
  }

  it("says of an empty text that it is empty", () => {
    assert.deepEqual(readLocalKey(""), { kind: "empty" });
  });

  for (const [text, name] of [
    ["${LAMP_KEY}", "LAMP_KEY"],
    ["$(LAMP_KEY)", "LAMP_KEY"],
    ["${_a1}", "_a1"],
    ["${kitchen-key}", "kitchen-key"],
    // 16 characters, but no key has such letters.
    ["${КЛЮЧ_ЛАМПЫ_12}", "КЛЮЧ_ЛАМПЫ_12"],
    ["${TUYA_LAMP_KEY}", "TUYA_LAMP_KEY"],
  ] as const) {
    it(`takes ${text} for an environment variable`, () => {
      assert.deepEqual(readLocalKey(text), { kind: "variable", name });
    });
  }

  it("does not take a key for a variable because it contains ${ and }", () => {
    assert.deepEqual(readLocalKey("ab${HOME}cdefghi"), { kind: "key" });
    assert.deepEqual(readLocalKey('${7{O<&"$M}N0z/}'), { kind: "key" });
    assert.deepEqual(readLocalKey("${a-b-c-d-e-f-g}"), { kind: "key" });
  });

  it("takes off blanks, tabs and line ends around a key", () => {
    assertRepairs(` ${KEY}`, ["blanks"]);
    assertRepairs(`\t${KEY}\r\n`, ["blanks"]);
    assertRepairs(`\u00a0${KEY}`, ["blanks"]);
  });

  for (const pair of [`""`, "''", "``", "“”", "„“", "‘’", "«»"]) {
    const [open, close] = pair.split("");
    it(`takes off ${open}${close} around a key`, () => {
      assertRepairs(`${open}${KEY}${close}`, ["quotes"]);
    });
  }

  it("does not take off a quote at one end only", () => {
    assert.deepEqual(readLocalKey(`"${KEY}`), { kind: "length", length: 17 });
  });

  it("keeps the quotes of a key that begins and ends with one", () => {
    assertRepairs(` '0123456789abcd' `, ["blanks"], "'0123456789abcd'");
  });

  it("takes out characters nobody sees", () => {
    assertRepairs(`\u200b${KEY}`, ["invisible"]);
    assertRepairs(`7{O<\u00ad&"$M}\u200dN0z/'|q\ufeff`, ["invisible"]);
  });

  it("undoes HTML entities by name and by number", () => {
    assertRepairs(asHtml(KEY), ["html"]);
    assertRepairs(`7{O&#60;&#x26;&#34;$M}N0z/&apos;|q`, ["html"]);
  });

  it("undoes HTML entities that were escaped twice and thrice", () => {
    assertRepairs(asHtml(asHtml(KEY)), ["html"]);
    assertRepairs(asHtml(asHtml(asHtml(KEY))), ["html"]);
  });

  it("leaves entities alone that are no characters", () => {
    assert.deepEqual(readLocalKey("0123456789abcde&#9999999;"), { kind: "length", length: 25 });
    assert.deepEqual(readLocalKey("0123456789abcde&euro;"), { kind: "length", length: 21 });
  });

  it("undoes JSON escapes", () => {
    assertRepairs(asJson(KEY).slice(1, -1), ["json"]);
    assertRepairs(String.raw`01234567\\9abcdef`, ["json"], String.raw`01234567\9abcdef`);
  });

  it("undoes several kinds of damage and names each one once", () => {
    assertRepairs(asJson(KEY), ["quotes", "json"]);
    assertRepairs(`  "${asHtml(KEY)}"\u200b `, ["invisible", "blanks", "quotes", "html"]);
    assertRepairs(` "${asHtml(asHtml(KEY))}" `, ["blanks", "quotes", "html"]);
  });

  it("offers nothing where a repair does not end in 16 printable characters", () => {
    assert.deepEqual(readLocalKey(`"0123456789"`), { kind: "length", length: 12 });
    assert.deepEqual(readLocalKey("&lt;0123456789abcdefgh"), { kind: "length", length: 22 });
    assert.deepEqual(readLocalKey("0123456789abcd é "), { kind: "length", length: 17 });
  });

  it("counts characters, not UTF-16 units", () => {
    assert.deepEqual(readLocalKey("😀"), { kind: "length", length: 1 });
  });

  it("calls 16 characters with a blank or a letter outside ASCII unlikely", () => {
    assert.deepEqual(readLocalKey("01234567 9abcdef"), { kind: "unlikely" });
    assert.deepEqual(readLocalKey("0123456789abcdeé"), { kind: "unlikely" });
  });

  it("gives up on nested escapes without end", () => {
    assert.equal(readLocalKey(`0123456789abcde&${"amp;".repeat(5000)}`).kind, "length");
  });
});
