import assert from "node:assert/strict";
import {
  hasWords,
  isDpList,
  isHost,
  isPortText,
  isSeconds,
  isVariable,
  splitDps,
} from "../../../nodes/editor/base/checks";

/** Which of these texts a check accepts. */
const accepted = (check: (text: string) => boolean, texts: readonly string[]) => texts.filter(check);

describe("isVariable", () => {
  it("accepts the names that the runtime takes for variables, and only as the whole value", () => {
    const variables = ["${A}", "$(A)", "${A.b-c}", "${Küche}"];
    const others = ["x${A}", "${A}x", "${A}${B}", "${A}:${B}", "${a/b}", "${}", "${A)", "$A", "${a b}", ""];
    assert.deepEqual(accepted(isVariable, [...variables, ...others]), variables);
  });
});

describe("isPortText", () => {
  it("accepts 1 to 65535", () => {
    assert.deepEqual(
      accepted(isPortText, ["1", "6668", "65535", "0", "65536", "-1", "1.5", "0x1a", "1e3", " 1", ""]),
      ["1", "6668", "65535"],
    );
  });
});

describe("isHost", () => {
  it("accepts IPv4 addresses and host names", () => {
    const good = [
      "192.0.2.7",
      "127.0.0.1",
      "lamp",
      "lamp.fritz.box",
      "tuya-lamp_2.lan",
      "lamp.lan.",
      "1lamp",
    ];
    assert.deepEqual(accepted(isHost, good), good);
  });

  it("refuses what is neither", () => {
    const bad = [
      "192.0.2",
      "192.0.2.256",
      "192.0.2.7.8",
      "192.0.2.010",
      "http://lamp",
      "lamp:6668",
      "la mp",
      "-lamp",
      ".lan",
      "a/b",
      "",
    ];
    assert.deepEqual(accepted(isHost, bad), []);
  });
});

describe("isSeconds", () => {
  it("accepts numbers from the least one on", () => {
    assert.deepEqual(
      accepted((text) => isSeconds(text, 2), ["2", "2.5", "3600", "1.9", "-5", "1e3", "x", "", "Infinity"]),
      ["2", "2.5", "3600"],
    );
  });
});

describe("isDpList and splitDps", () => {
  it("accept numbers and codes with commas between them, and nothing at all", () => {
    const good = ["", " ", "1", "switch_1, 20", "1,2,3"];
    assert.deepEqual(accepted(isDpList, good), good);
    assert.deepEqual(splitDps(" switch_1 , 20"), ["switch_1", "20"]);
    assert.deepEqual(splitDps(" "), []);
  });

  it("refuse empty parts and blanks within one", () => {
    assert.deepEqual(accepted(isDpList, [",", "1,", ",1", "1,,2", "1 2", "switch 1,2"]), []);
  });
});

describe("hasWords", () => {
  for (const filter of ["", "  ", "plug", "PLUG kitchen", " en-p "]) {
    it(`finds Kitchen-Plug 2 by ${JSON.stringify(filter)}`, () => {
      assert.ok(hasWords("Kitchen-Plug 2", filter));
    });
  }

  it("wants all words", () => {
    assert.ok(!hasWords("Kitchen-Plug 2", "plug 3"));
  });
});
