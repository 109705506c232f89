import assert from "node:assert/strict";
import { readColour, showColour } from "../../../src/datapoints/notation/colour";

/** What messages show of a colour that was read from one. */
function shown(value: unknown) {
  const colour = readColour(value);
  assert.ok(colour, `${JSON.stringify(value)} is no colour`);
  return showColour(colour);
}

describe("readColour", () => {
  const same: [string, unknown[], object][] = [
    [
      "orange",
      [
        "#ff8800",
        "#FF8800",
        "#f80",
        " #f80 ",
        "ff8800",
        { r: 255, g: 136, b: 0 },
        { r: "255", g: "136", b: "0" },
        { r: 254.9, g: 136.2, b: 0.1, a: 1 },
        { hex: "#ff8800" },
        { h: 32, s: 100, v: 100 },
        { h: 32, s: 100, v: 100, hex: "#ff8800" },
        { h: 32, s: 100, l: 50 },
        // As the colour picker of node-red-dashboard 3 gives it, in each of its formats.
        "rgb(255, 136, 0)",
        "rgba(255, 136, 0, 0.5)",
        "hsv(32, 100%, 100%)",
        "hsva(32, 100%, 100%, 0.5)",
        "hsl(32, 100%, 50%)",
        "hsla(32, 100%, 50%, 0.5)",
        "#ff880080",
        { h: 32, s: 1, v: 1, a: 1 },
        { h: 32, s: 1, l: 0.5, a: 0.5 },
      ],
      { h: 32, s: 100, v: 100, hex: "#ff8800" },
    ],
    [
      "red",
      ["red", "RED", " Red ", "#f00", { h: 0, s: 100, v: 100 }],
      { h: 0, s: 100, v: 100, hex: "#ff0000" },
    ],
    [
      "the same red from the other end",
      [{ h: 360, s: 100, v: 100 }],
      { h: 360, s: 100, v: 100, hex: "#ff0000" },
    ],
    [
      "white",
      ["white", "#fff", { r: 255, g: 255, b: 255 }, { h: 0, s: 0, l: 100 }],
      { h: 0, s: 0, v: 100, hex: "#ffffff" },
    ],
    [
      "black",
      ["black", "#000", { h: 0, s: 0, v: 0 }, { h: 0, s: 0, l: 0 }],
      { h: 0, s: 0, v: 0, hex: "#000000" },
    ],
    [
      "dark green",
      ["green", "#008000", { h: 120, s: 100, l: 25.1 }],
      { h: 120, s: 100, v: 50.2, hex: "#008000" },
    ],
    ["grey", ["gray", "grey", "#808080"], { h: 0, s: 0, v: 50.2, hex: "#808080" }],
    ["pale blue", [{ h: 240, s: 100, l: 75 }], { h: 240, s: 50, v: 100, hex: "#8080ff" }],
  ];
  for (const [name, values, colour] of same) {
    for (const value of values) {
      it(`reads ${name} written as ${JSON.stringify(value)}`, () => assert.deepEqual(shown(value), colour));
    }
  }

  const none: unknown[] = [
    undefined,
    null,
    true,
    5,
    "",
    "#",
    "#ff88",
    "#ff88001",
    "#ff88zz",
    "x#f80",
    "f80",
    "reddish",
    "constructor",
    "__proto__",
    [],
    [255, 136, 0],
    {},
    { r: 255, g: 136 },
    { r: 256, g: 0, b: 0 },
    { r: -1, g: 0, b: 0 },
    { r: NaN, g: 0, b: 0 },
    { h: 361, s: 0, v: 0 },
    { h: 0, s: 101, v: 0 },
    { h: 0, s: 100 },
    { h: "a", s: 100, v: 100 },
    { hex: 5 },
    { hex: "orange juice" },
    Buffer.from("#ff8800"),
    "rgb",
    "rgb()",
    "rgb(255, 136)",
    "rgb(255, 136, 0, 1, 1)",
    "rgb(100%, 50%, 0%)",
    "rgb(256, 0, 0)",
    "cmyk(0, 0, 0, 0)",
    "hsv(32, 101%, 100%)",
    "hsv(rgb(1, 2, 3))",
  ];
  for (const value of none) {
    it(`takes ${JSON.stringify(value)} for no colour`, () => assert.equal(readColour(value), undefined));
  }

  // As CSS Color Module Level 4 lists them.
  const named =
    "black 000000 silver c0c0c0 gray 808080 grey 808080 white ffffff maroon 800000 red ff0000 purple 800080 " +
    "fuchsia ff00ff magenta ff00ff green 008000 lime 00ff00 olive 808000 yellow ffff00 navy 000080 blue 0000ff " +
    "teal 008080 aqua 00ffff cyan 00ffff orange ffa500 pink ffc0cb violet ee82ee indigo 4b0082 gold ffd700 " +
    "turquoise 40e0d0 coral ff7f50 salmon fa8072 crimson dc143c";
  for (const [pair, name, hex] of named.matchAll(/(\w+) (\w{6})/g)) {
    it(`knows the name in ${pair}`, () => assert.equal(shown(name).hex, `#${hex}`));
  }

  it("reads small numbers as percent, unless there is the alpha of a colour picker", () => {
    assert.deepEqual(shown({ h: 0, s: 0, v: 1 }), { h: 0, s: 0, v: 1, hex: "#030303" });
    assert.deepEqual(shown({ h: 0, s: 0, v: 1, a: 1 }), { h: 0, s: 0, v: 100, hex: "#ffffff" });
    assert.deepEqual(shown({ h: 0, s: 50, v: 100, a: 1 }), { h: 0, s: 50, v: 100, hex: "#ff8080" });
  });

  it("lets hue, saturation and value count where hex says something else", () => {
    assert.deepEqual(shown({ h: 120, s: 100, v: 100, hex: "#ff0000" }), {
      h: 120,
      s: 100,
      v: 100,
      hex: "#00ff00",
    });
  });
});
