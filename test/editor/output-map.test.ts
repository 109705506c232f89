import assert from "node:assert/strict";
import { CONNECTION, GONE, mapOutputs, type Output, VALUES } from "../../nodes/editor/output-map";

const VOLTAGE = { token: "cur_voltage", dp: "20" };
const SWITCH = { token: "switch_1", dp: "1" };
const POWER = { token: "cur_power", dp: "19" };

describe("mapOutputs", () => {
  const table: [string, readonly Output[], readonly Output[], Record<string, number>][] = [
    ["leaves what does not change", [SWITCH, POWER], [SWITCH, POWER], { 0: 0, 1: 1 }],
    ["moves", [SWITCH, POWER, VOLTAGE], [VOLTAGE, SWITCH, POWER], { 0: 1, 1: 2, 2: 0 }],
    ["removes from the middle", [SWITCH, POWER, VOLTAGE], [SWITCH, VOLTAGE], { 0: 0, 1: -1, 2: 1 }],
    [
      "adds before the connection, which moves along",
      [SWITCH, CONNECTION],
      [SWITCH, POWER, CONNECTION],
      { 0: 0, 1: 2, "new-cur_power": 1 },
    ],
    [
      "knows a data point by its number",
      [SWITCH],
      [POWER, { token: "1", dp: "1" }],
      { 0: 1, "new-cur_power": 0 },
    ],
    [
      "prefers the name, where another device has it elsewhere",
      [{ token: "switch_1", dp: "1" }],
      [
        { token: "switch_2", dp: "1" },
        { token: "switch_1", dp: "20" },
      ],
      { 0: 1, "new-switch_2": 0 },
    ],
    ["replaces no output by a new one", [SWITCH], [POWER], { 0: -1, "new-cur_power": 0 }],
    [
      "goes from one output to several",
      [VALUES, CONNECTION],
      [SWITCH, POWER, CONNECTION],
      { 0: 0, 1: 2, "new-cur_power": 1 },
    ],
    ["goes back to one", [SWITCH, POWER, CONNECTION], [VALUES, CONNECTION], { 0: 0, 1: -1, 2: 1 }],
    ["never takes the connection for values", [CONNECTION], [VALUES], { 0: -1, "new--32-values": 0 }],
    ["removes outputs nothing accounts for", [VALUES, GONE, GONE], [VALUES], { 0: 0, 1: -1, 2: -1 }],
    ["survives names twice", [SWITCH, SWITCH], [SWITCH], { 0: 0, 1: -1 }],
  ];
  for (const [what, before, after, expected] of table) {
    it(what, () => assert.deepEqual(mapOutputs(before, after), expected));
  }

  it("gives new outputs keys that can stand in a selector", () => {
    const after = ['a"b', "a.b", "ä", "1"].map((token) => ({ token, dp: token }));
    const keys = Object.keys(mapOutputs([], after));
    assert.equal(keys.length, 4);
    for (const key of keys) assert.match(key, /^new-[\w-]+$/);
  });
});
