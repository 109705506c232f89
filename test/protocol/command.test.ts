import assert from "node:assert/strict";
import {
  Command,
  commandName,
  commandNumber,
  isForbidden,
  isNegotiation,
  isQuery,
  isSet,
} from "../../src/protocol/command";
import { vectors } from "../support/vectors";

/** The vectors mend the vendor's spelling, and name command 0x11 as it is meant on UDP. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  BROADCAST_LPV34: "BOARDCAST_LPV34",
  AP_ENCRYPTION: "SCENE_EXECUTE",
};

describe("commandName", () => {
  it("gives the name the vectors give", () => {
    for (const { id, cmd, cmdName } of vectors) {
      if (cmd === null || cmdName === null) continue;
      assert.equal(commandName(cmd), OTHER_NAMES[cmdName] ?? cmdName, id);
    }
  });

  it("gives a number without a name in hexadecimal", () => {
    assert.deepEqual([0x2a, 0x06, 0x1d, 0xf0, 0xffffffff].map(commandName), [
      "0x2a",
      "UNBIND",
      "0x1d",
      "0xf0",
      "0xffffffff",
    ]);
  });
});

describe("commandNumber", () => {
  it("is the inverse of commandName, for every command", () => {
    const numbers = Object.values(Command);
    assert.equal(new Set(numbers).size, numbers.length, "two names for one number");
    for (const [name, number] of Object.entries(Command)) {
      assert.equal(commandName(number), name);
      assert.equal(commandNumber(name), number);
    }
  });

  it("reads names in any case, with blanks around them", () => {
    assert.deepEqual([" dp_query ", "Heart_Beat", "udp"].map(commandNumber), [10, 9, 0]);
  });

  it("knows no other names", () => {
    for (const name of ["", "QUERY", "constructor", "__proto__", "toString", "10", "0x0a"]) {
      assert.equal(commandNumber(name), undefined, name);
    }
  });
});

describe("isForbidden", () => {
  it("is true of pairing, negotiation, removal and reset, and of nothing else", () => {
    const forbidden = Array.from({ length: 0x100 }, (_, command) => command).filter(isForbidden);
    const pairing = Array.from({ length: 0x1e - 0x14 + 1 }, (_, index) => 0x14 + index);
    assert.deepEqual(forbidden, [1, 2, 3, 4, 5, 6, 0x0b, 0x0c, 0x0e, 0x0f, ...pairing, 0x42]);
  });
});

describe("kinds of commands", () => {
  const numbers = Array.from({ length: 0x100 }, (_, command) => command);

  it("are queries, sets and the negotiation, and nothing else", () => {
    assert.deepEqual(numbers.filter(isQuery), [0x0a, 0x10]);
    assert.deepEqual(numbers.filter(isSet), [0x07, 0x0d]);
    assert.deepEqual(numbers.filter(isNegotiation), [3, 4, 5]);
  });
});
