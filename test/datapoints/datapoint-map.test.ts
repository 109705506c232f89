import assert from "node:assert/strict";
import { inspect } from "node:util";
import { parseDataPoints } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { mapOf, refused } from "../support/datapoints";
import type { DpValue } from "../../src/protocol/dps";

const map = new DataPointMap(
  parseDataPoints([
    { dp: "1", code: "switch_1", type: "Boolean" },
    { dp: "2", code: "bell", type: "Boolean", event: true },
    { dp: "9", code: "countdown", type: "Integer", unit: "s", min: 0, max: 86400 },
    { dp: "18", code: "cur_current", type: "Integer" },
    { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V", min: 0, max: 5000 },
    { dp: "21", code: "work_mode", type: "Enum", values: ["white", "colour", "Scene"] },
    { dp: "22", code: "mode", type: "Enum" },
    { dp: "23", code: "level", type: "Enum", values: ["0", "1", "2"] },
    { dp: "24", code: "note", type: "String" },
    { dp: "25", code: "ir_code", type: "Raw" },
    { dp: "26", code: "fault", type: "Bitmap", max: 7 },
    { dp: "27", code: "control_data", type: "Json" },
    { dp: "28", code: "temp", type: "Integer", scale: 2, min: -2000 },
    { dp: "101", code: "named_only" },
  ]).dataPoints,
);

describe("DataPointMap: names", () => {
  it("finds a data point by code and by number", () => {
    assert.equal(map.numberOf("switch_1"), "1");
    assert.equal(map.numberOf(" switch_1 "), "1");
    assert.equal(map.numberOf("20"), "20");
    assert.equal(map.numberOf(20), "20");
    assert.equal(map.numberOf("77"), "77");
    for (const name of [
      "",
      "switch",
      "Switch_1",
      null,
      undefined,
      true,
      {},
      "__proto__",
      "constructor",
      0,
      -1,
      1.5,
      NaN,
    ])
      assert.equal(map.numberOf(name), undefined, inspect(name));
  });

  it("takes nothing but a text or a number for a name, and no name for one", () => {
    for (const name of [["20"], { toString: () => "20" }, [20]])
      assert.equal(map.numberOf(name), undefined, inspect(name));
    assert.equal(mapOf({ dp: "20" }).numberOf(""), undefined);
    assert.equal(map.require("countdown"), "9");
    assert.equal(map.require(77), "77");
  });

  it("shows codes, and numbers where there is none", () => {
    assert.equal(map.nameOf("1"), "switch_1");
    assert.equal(map.nameOf("77"), "77");
    assert.deepEqual(map.decodeAll({ "1": true, "77": 5 }), { switch_1: true, "77": 5 });
  });

  it("names the known codes when it does not know one", () => {
    assert.match(
      refused(() => map.require("swich")).message,
      /^"swich" is no data point.*switch_1, bell, countdown/,
    );
    assert.match(
      refused(() => mapOf({ dp: "1" }).require("swich")).message,
      /no data point of this device has a name/,
    );
  });

  it("takes a code that would reach the prototype for an ordinary one", () => {
    const { dataPoints } = parseDataPoints([{ dp: "1", code: "__proto__" }]);
    const payload = new DataPointMap(dataPoints).decodeAll({ "1": { a: 1 } });
    assert.deepEqual(Object.keys(payload), ["__proto__"]);
    assert.equal(Object.getPrototypeOf(payload), Object.prototype);
    assert.deepEqual(
      Object.getOwnPropertyDescriptor(payload, "__proto__"),
      Object.getOwnPropertyDescriptor({ name: { a: 1 } }, "name"),
    );
  });
});

describe("DataPointMap: reported values", () => {
  const table: [string, DpValue, unknown][] = [
    ["20", 2301, 230.1],
    ["20", 0, 0],
    ["20", 3, 0.3],
    ["28", -1234, -12.34],
    ["28", 29, 0.29],
    ["28", 100005, 1000.05],
    ["20", "2301", 230.1],
    ["20", "n/a", "n/a"],
    ["20", true, true],
    ["20", null, null],
    ["9", 86401, 86401],
    ["1", 1, true],
    ["1", "off", false],
    ["1", "idle", "idle"],
    ["1", 2, 2],
    ["21", "unheard", "unheard"],
    ["26", "x", "x"],
    ["26", 5, 5],
    ["25", "AQID", Buffer.from([1, 2, 3])],
    ["25", "no base64", "no base64"],
    ["77", 2301, 2301],
    ["27", '{"a":1}', { a: 1 }],
    ["27", "[1]", [1]],
    ["27", "12", "12"],
    ["27", "{broken", "{broken"],
  ];
  for (const [dp, raw, value] of table) {
    it(`passes ${JSON.stringify(raw)} of ${map.nameOf(dp)} on as ${JSON.stringify(value)}`, () => {
      assert.deepEqual(map.decode(dp, raw), value);
    });
  }

  it("goes by the code where that says more than the type", () => {
    const lamp = mapOf(
      { dp: "24", code: "colour_data", type: "Json" },
      { dp: "6", code: "phase_a", type: "Raw" },
      { dp: "1", code: "control", type: "Enum", values: ["FZ", "ZZ", "STOP"] },
    );
    assert.deepEqual(lamp.decodeAll({ "24": "001402f003e8", "6": "AAAAAAAAAAA=", "1": "ZZ" }), {
      colour_data: { h: 20, s: 75.2, v: 100, hex: "#ff7f3f" },
      phase_a: { voltage: 0, current: 0, power: 0 },
      control: "open",
    });
  });

  it("adds no noise of binary fractions to any value with one or two decimals", () => {
    for (let raw = 0; raw <= 12_000; raw++) {
      assert.equal(String(map.decode("28", raw)), String(Number(`${raw}e-2`)));
    }
  });
});

describe("DataPointMap: values to send", () => {
  const accepted: [string, unknown, DpValue][] = [
    ["1", true, true],
    ["1", false, false],
    ["1", "true", true],
    ["1", " ON ", true],
    ["1", "off", false],
    ["1", "False", false],
    ["1", 1, true],
    ["1", 0, false],
    ["1", "1", true],
    ["1", "0", false],
    ["18", 5, 5],
    ["18", "5", 5],
    ["18", " -5.4 ", -5],
    ["18", "1e3", 1000],
    ["18", 5.5, 6],
    ["20", 230.1, 2301],
    ["20", "230.1", 2301],
    ["20", 230.15, 2302],
    ["20", 500, 5000],
    ["28", 1.005, 101],
    ["28", -20, -2000],
    ["28", 1e-7, 0],
    ["28", -1e-7, 0],
    ["21", "colour", "colour"],
    ["21", "Colour", "colour"],
    ["21", "scene", "Scene"],
    ["22", "anything", "anything"],
    ["23", 2, "2"],
    ["23", "2", "2"],
    ["24", "00f003e803e8", "00f003e803e8"],
    ["24", "", ""],
    ["24", 5, "5"],
    ["25", Buffer.from([1, 2, 3]), "AQID"],
    ["25", new Uint8Array([255]), "/w=="],
    ["25", "AQID", "AQID"],
    ["26", 5, 5],
    ["26", "5", 5],
    ["26", 0, 0],
    ["27", { a: 1 }, '{"a":1}'],
    ["27", [1, 2], "[1,2]"],
    ["27", '{"a":1}', '{"a":1}'],
    ["101", true, true],
    ["101", 5.5, 5.5],
    ["101", "text", "text"],
    ["77", true, true],
    ["77", 5, 5],
    ["77", "text", "text"],
  ];
  for (const [dp, value, sent] of accepted) {
    it(`sends ${JSON.stringify(value)} to ${map.nameOf(dp)} as ${JSON.stringify(sent)}`, () => {
      const encoded = map.encode(dp, value);
      assert.deepEqual(encoded, sent);
      assert.ok(!Object.is(encoded, -0));
    });
  }

  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const rejected: [string, unknown, RegExp][] = [
    [
      "1",
      "maybe",
      /switch_1 \(data point 1\) takes true or false, not the text "maybe"; nothing was sent\.$/,
    ],
    ["1", "", /takes true or false/],
    ["1", 2, /takes true or false, not 2/],
    ["1", {}, /not an object/],
    ["1", [], /not a list/],
    ["1", Buffer.from("on"), /not a Buffer/],
    ["1", undefined, /There is no value for switch_1/],
    ["1", null, /null is no value for switch_1.*msg\.force/],
    ["9", 86401, /takes a number from 0 to 86400 s, not 86401/],
    ["9", -1, /takes a number from 0 to 86400 s/],
    ["9", "soon", /takes a number from/],
    ["9", "", /takes a number/],
    ["9", "0x10", /takes a number/],
    ["9", true, /takes a number/],
    ["9", NaN, /not NaN/],
    ["9", Infinity, /not Infinity/],
    ["18", 1e300, /takes a number, not 1e\+300/],
    ["20", 500.1, /takes a number from 0 to 500 V, not 500.1/],
    ["28", -20.01, /takes a number of at least -20, not/],
    ["26", -1, /takes a number from 0 to 7/],
    ["26", 8, /takes a number from 0 to 7/],
    ["21", "disco", /takes one of "white", "colour", "Scene"/],
    ["21", true, /takes one of/],
    ["22", true, /takes a text, not true/],
    ["23", 3, /takes one of "0", "1", "2"/],
    ["24", {}, /takes a text/],
    ["25", 5, /takes a Buffer, or a text of base64 or hex digits/],
    ["27", circular, /takes an object or a JSON text/],
    ["27", NaN, /takes an object or a JSON text/],
    ["27", Buffer.from("x"), /takes an object or a JSON text/],
    ["77", {}, /Data point 77 takes a boolean, number or text/],
    ["77", [1], /takes a boolean, number or text/],
    ["77", NaN, /takes a boolean, number or text/],
    ["77", Symbol("s"), /not Symbol\(s\)/],
    ["77", 10n, /not 10/],
    ["77", () => 1, /takes a boolean, number or text/],
  ];
  for (const [dp, value, sentence] of rejected) {
    it(`refuses ${inspect(value)} for ${map.nameOf(dp)}`, () => {
      assert.match(refused(() => map.encode(dp, value)).message, sentence);
    });
  }

  it("refuses another JSON type than the device reports, where no type is configured", () => {
    for (const dp of ["77", "101"]) {
      assert.equal(map.encode(dp, true, { known: false }), true);
      assert.equal(map.encode(dp, 5, { known: 7 }), 5);
      assert.equal(map.encode(dp, "b", { known: "a" }), "b");
      assert.match(
        refused(() => map.encode(dp, "on", { known: true })).message,
        /takes a boolean \(that is what it reports\)/,
      );
      assert.match(refused(() => map.encode(dp, "5", { known: 5 })).message, /takes a number/);
      assert.match(refused(() => map.encode(dp, 1, { known: "1" })).message, /takes a string/);
      assert.match(refused(() => map.encode(dp, 1, { known: [1] })).message, /takes a list/);
      assert.match(refused(() => map.encode(dp, 1, { known: { a: 1 } })).message, /takes an object \(/);
      assert.equal(map.encode(dp, 1, { known: null }), 1);
    }
  });

  it("sends under force what can be written as JSON", () => {
    const force = { force: true };
    for (const dp of ["1", "9", "25", "27", "77"]) assert.equal(map.encode(dp, null, force), null);
    assert.equal(map.encode("1", null, { ...force, known: true }), null);
    assert.equal(map.encode("1", "maybe", force), "maybe");
    assert.equal(map.encode("1", "on", force), true);
    assert.equal(map.encode("77", "on", { ...force, known: true }), "on");
    assert.deepEqual(map.encode("77", { a: 1 }, force), { a: 1 });
    assert.equal(map.encode("9", 100_000, force), 100_000);
    assert.equal(map.encode("9", true, force), true);
    assert.deepEqual(map.encode("1", [1], force), [1]);
    const unwritable = [
      undefined,
      NaN,
      10n,
      Symbol("s"),
      circular,
      Buffer.from("x"),
      new Map(),
      new Error("x"),
    ];
    for (const value of unwritable) {
      refused(() => map.encode("1", value, force));
    }
  });

  it("still scales a number that is out of range, under force", () => {
    assert.equal(map.encode("20", 600, { force: true }), 6000);
  });

  it("refuses what the device only reports, but under force", () => {
    const meter = mapOf({ dp: "19", code: "cur_power", type: "Integer", access: "ro" });
    assert.match(
      refused(() => meter.encode("19", 5)).message,
      /^cur_power \(data point 19\) is only reported by the device.*msg\.force/,
    );
    assert.equal(meter.encode("19", 5, { force: true }), 5);
    assert.equal(mapOf({ dp: "1", type: "Boolean", access: "wr" }).encode("1", true), true);
  });

  it("sends back what the device reports, though it does not fit what is configured", () => {
    assert.equal(map.encode("1", "on", { known: "on" }), "on");
    assert.equal(map.encode("9", 90_000, { known: 90_000 }), 90_000);
    refused(() => map.encode("9", 90_000, { known: 90_001 }));
    refused(() => map.encode("1", null, { known: null }));
  });

  it("writes a colour as a data point without a name reports it", () => {
    assert.equal(map.encode("77", "#ff7f3f", { known: "000003e803e8" }), "001402f003e8");
    assert.equal(map.encode("77", "rgb(255, 127, 63)", { known: "000003e803e8" }), "001402f003e8");
    assert.equal(map.encode("77", { r: 255, g: 127, b: 63 }, { known: "ff00000000ffff" }), "ff7f3f0014c0ff");
    assert.equal(map.encode("77", "#ff7f3f", { known: "text" }), "#ff7f3f");
    assert.equal(map.encode("77", " #ff7f3f ", { known: "000003e803e8" }), "001402f003e8");
    assert.equal(map.encode("77", "red", { known: "000003e803e8" }), "red");
    assert.equal(map.encode("77", "001402f003e8", { known: "000003e803e8" }), "001402f003e8");
  });

  it("shows a long text shortened", () => {
    const shown = (length: number) => refused(() => map.encode("1", "x".repeat(length))).message;
    assert.match(shown(38), /not the text "x{38}"; nothing/);
    assert.match(shown(39), /not the text "x{39}…; nothing/);
    assert.match(shown(5000), /not the text "x{39}…; nothing/);
  });

  it("says on and off in the words of a data point that is a text or has no type", () => {
    const texts = mapOf({ dp: "7", type: "String" });
    for (const dp of ["7", "77"]) {
      for (const on of [true, "on", "True"]) assert.equal(texts.encode(dp, on, { known: "OFF" }), "ON");
      assert.equal(texts.encode(dp, false, { known: "true" }), "false");
      assert.equal(texts.encode(dp, "memory", { known: "ON" }), "memory");
      assert.equal(texts.encode(dp, "1", { known: "ON" }), "1");
      assert.equal(texts.encode(dp, "on", { known: "1" }), "on");
    }
    assert.equal(texts.encode("7", true, { known: "hall" }), "true");
    refused(() => texts.encode("77", true, { known: "hall" }));
  });

  it("takes a data point that reports on and off for a switch, whatever its table says", () => {
    const table = mapOf(
      { dp: "7", type: "Enum", values: ["ON", "OFF"] },
      { dp: "8", type: "String" },
      { dp: "9", type: "Enum", values: ["on", "off", "toggle"] },
      { dp: "10", type: "Integer" },
      { dp: "11", type: "Enum", values: ["on", "off", "Toggle"] },
    );
    for (const dp of ["7", "8", "77"]) {
      for (const known of ["ON", "off", true]) assert.equal(table.isSwitch(dp, known), true, dp);
      for (const known of ["1", "hall"]) assert.equal(table.isSwitch(dp, known), false, dp);
    }
    assert.equal(table.isSwitch("9", "on"), false);
    assert.equal(table.isSwitch("11", "on"), false);
    assert.equal(table.isSwitch("10", "on"), false);
    assert.equal(table.isSwitch("7", undefined), false);
  });

  it("tells switches from other data points, and says when it cannot", () => {
    assert.equal(map.isSwitch("1", undefined), true);
    assert.equal(map.isSwitch("21", "white"), false);
    assert.equal(map.isSwitch("77", true), true);
    assert.equal(map.isSwitch("77", 5), false);
    assert.equal(map.isSwitch("77", undefined), undefined);
    assert.equal(map.isSwitch("77", null), undefined);
  });

  it("knows measurements by their codes", () => {
    const codes = [
      "cur_power",
      "cur_voltage1",
      "cur_current",
      "phase_a",
      "phase_d",
      "sub_cur_power",
      "my_phase_a",
    ];
    const meter = mapOf(...codes.map((code, index) => ({ dp: String(17 + index), code })));
    assert.deepEqual(meter.measured, [17, 18, 19, 20]);
  });

  it("tells objects that are values from others", () => {
    const lamp = mapOf({ dp: "24", code: "colour_data" }, { dp: "1", type: "Boolean" });
    assert.equal(lamp.acceptsObject("24", { h: 20, s: 30, v: 40 }, undefined), true);
    assert.equal(lamp.acceptsObject("24", { brightness: 40 }, undefined), false);
    assert.equal(lamp.acceptsObject("1", { on: true }, undefined), false);
    assert.equal(lamp.acceptsObject("77", { r: 255, g: 0, b: 0 }, "000003e803e8"), true);
    assert.equal(lamp.acceptsObject("77", { r: 255, g: 0, b: 0 }, true), false);
  });
});
