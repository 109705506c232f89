import assert from "node:assert/strict";
import { DATA_POINT_KINDS, kindOf } from "../../src/datapoints/conversions/kind";
import { dataPointOf, mapOf } from "../support/datapoints";
import { hex, hsvJson, infraredJson, irCode, typeA } from "../support/device-values";
import { Random } from "../support/random";
import type { DpValue } from "../../src/protocol/dps";

const RUNS = 500;

interface Case {
  readonly what: string;
  readonly entry: object;
  /** A value such as the device reports it. */
  readonly value: (random: Random) => DpValue;
  /** What the device reported last, where the way back cannot be known without it. */
  readonly known?: (raw: DpValue, random: Random) => DpValue;
}

const SAME = (raw: DpValue) => raw;
const FAULTS = ["short_circuit", "surge", "overload", "leakage", "temp_dif", "fire"];

/** What motors call open, close, stop and continue: all that tinytuya knows. */
const COVER_WORDS = [
  ["open", "close", "stop", "continue"],
  ["1", "2", "0"],
  ["01", "02", "00", "03"],
  ["fopen", "fclose"],
  ["on", "off", "stop"],
  ["up", "down", "stop"],
  ["ZZ", "FZ", "STOP"],
];

const CASES: readonly Case[] = [
  { what: "Boolean", entry: { type: "Boolean" }, value: (random) => random.chance(0.5) },
  ...[0, 1, 2, 3, 6].map((scale) => ({
    what: `Integer with scale ${scale}`,
    entry: { type: "Integer", scale },
    value: (random: Random) => random.between(-1_000_000, 1_000_000),
  })),
  ...[2, 5, 7, 60, 0.1, 3.92, 1e-3].map((divisor) => ({
    what: `Integer divided by ${divisor}`,
    entry: { type: "Integer", divisor },
    value: (random: Random) => random.between(-1_000_000, 1_000_000),
  })),
  {
    what: "Integer in a text",
    entry: { type: "Integer", scale: 1 },
    value: (random) => `${random.between(-100_000, 100_000)}`,
    known: () => "0",
  },
  {
    what: "Integer in a text with two decimals",
    entry: { type: "Integer", divisor: 2 },
    value: (random) => (random.between(-10_000, 10_000) / 100).toFixed(2),
    known: () => "1.25",
  },
  {
    what: "Boolean in words",
    entry: { type: "Boolean" },
    value: (random) => random.pick(["ON", "OFF"]),
    known: () => "OFF",
  },
  {
    what: "Boolean in numbers",
    entry: { type: "Boolean" },
    value: (random) => random.below(2),
    known: () => 1,
  },
  {
    what: "Enum the device counts",
    entry: { type: "Enum", values: ["1", "2", "3"] },
    value: (random) => random.between(1, 3),
    known: () => 1,
  },
  {
    what: "Integer with limits, inverted",
    entry: { type: "Integer", min: 10, max: 1000, scale: 1, invert: true },
    value: (random) => random.between(10, 1000),
  },
  {
    what: "Integer outside its limits",
    entry: { type: "Integer", min: 0, max: 10 },
    value: (random) => random.between(-1000, 1000),
    known: SAME,
  },
  {
    what: "Enum",
    entry: { type: "Enum", values: ["a", "B", "c d"] },
    value: (random) => random.pick(["a", "B", "c d"]),
  },
  { what: "Enum of anything", entry: { type: "Enum" }, value: (random) => random.text(8) },
  { what: "String", entry: { type: "String" }, value: (random) => random.text(random.below(20)) },
  { what: "Bitmap", entry: { type: "Bitmap" }, value: (random) => random.uint32() },
  {
    what: "Bitmap with names",
    entry: { type: "Bitmap", values: FAULTS },
    value: (random) => random.below(2 ** 12),
  },
  {
    what: "Bitmap with names that cannot tell bits apart",
    entry: { type: "Bitmap", values: ["a", "A", "bit 0", "b"] },
    value: (random) => random.uint32(),
  },
  {
    what: "Raw in base64",
    entry: { type: "Raw" },
    value: (random) => random.bytes(random.below(40)).toString("base64"),
  },
  {
    what: "Raw in hex",
    entry: { type: "Raw" },
    value: (random) => random.bytes(random.between(4, 40)).toString("hex"),
    known: (raw) => `00${raw as string}`,
  },
  {
    what: "Raw in upper case hex",
    entry: { type: "Raw" },
    value: (random) => random.bytes(random.between(4, 40)).toString("hex").toUpperCase(),
    known: (raw) => `0123456789ABCDEF${raw as string}`,
  },
  { what: "Raw that is neither", entry: { type: "Raw" }, value: (random) => random.text(9), known: SAME },
  {
    what: "Json",
    entry: { type: "Json" },
    value: (random) =>
      JSON.stringify({ a: random.text(5), b: [random.uint32(), null, true], [random.text(3)]: {} }),
  },
  {
    what: "Json with blanks in it",
    entry: { type: "Json" },
    value: (random) => `{ "a" : ${random.uint32()}.0 }`,
    known: SAME,
  },
  { what: "Json that is none", entry: { type: "Json" }, value: (random) => random.text(9) },
  {
    what: "Json that is an object on the wire",
    entry: { type: "Json" },
    value: (random) => ({ a: random.text(5), b: [random.uint32()] }),
    known: () => ({}),
  },
  {
    what: "phase_a of 8 bytes",
    entry: { code: "phase_a", type: "Raw" },
    value: (random) => random.bytes(8).toString("base64"),
  },
  {
    what: "phase_a of 8 bytes in hex",
    entry: { code: "phase_a", type: "Raw" },
    value: (random) => `01${random.bytes(7).toString("hex")}`,
    known: () => "0123456789abcdef",
  },
  {
    what: "phase_a of 15 bytes and more",
    entry: { code: "phase_a", type: "Raw" },
    value: (random) => random.bytes(random.between(15, 24)).toString("base64"),
    known: SAME,
  },
  {
    what: "phase_a of 10 bytes",
    entry: { code: "phase_a", type: "Raw" },
    value: (random) => random.bytes(10).toString("base64"),
  },
  {
    what: "phase_a of version 1",
    entry: { code: "phase_a", type: "Raw" },
    value: (random) => Buffer.concat([Buffer.from([1, 15]), random.bytes(15)]).toString("base64"),
  },
  {
    what: "phase_a of version 2",
    entry: { code: "phase_a", type: "Raw" },
    value: (random) => Buffer.concat([Buffer.from([2, 15]), random.bytes(16)]).toString("base64"),
    known: SAME,
  },
  {
    what: "phase_a of a version nobody knows",
    entry: { code: "phase_a", type: "Raw" },
    value: (random) => Buffer.concat([Buffer.from([3, 17, 9]), random.bytes(16)]).toString("base64"),
    known: SAME,
  },
  {
    what: "phase_a in JSON",
    entry: { code: "phase_a", type: "Json" },
    value: (random) => JSON.stringify({ voltage: `${random.below(300)}` }),
    known: SAME,
  },
  {
    what: "phase_a of any other length",
    entry: { code: "phase_a", type: "Raw" },
    value: (random) => random.bytes(random.pick([0, 1, 7, 9, 14])).toString("base64"),
  },
  { what: "colour of type A", entry: { dp: "5", code: "colour_data", type: "Json" }, value: typeA },
  {
    what: "colour of type A in upper case",
    entry: { dp: "5", code: "colour_data" },
    value: (random) => typeA(random).toUpperCase(),
    known: SAME,
  },
  {
    what: "colour of type A whose RGB and HSV contradict each other",
    entry: { dp: "5", code: "colour_data", type: "String" },
    value: (random) => hex(random, [255, 2], [255, 2], [255, 2], [360, 4], [255, 2], [255, 2]),
    known: SAME,
  },
  {
    what: "colour of type B",
    entry: { dp: "24", code: "colour_data_v2", type: "Json" },
    value: (random) => hex(random, [360, 4], [1000, 4], [1000, 4]),
  },
  {
    what: "colour of type B on a data point of type A",
    entry: { dp: "5", code: "colour_data" },
    value: (random) => hex(random, [360, 4], [1000, 4], [1000, 4]),
    known: () => "001402f003e8",
  },
  {
    what: "colour in JSON up to 1000",
    entry: { dp: "24", code: "colour_data", type: "Json" },
    value: (random) => hsvJson(random, 1000, 256),
    known: () => '{"h":1,"s":1000,"v":1000}',
  },
  {
    what: "colour in JSON up to 255",
    entry: { dp: "5", code: "colour_data", type: "Json", max: 255 },
    value: (random) => hsvJson(random, 255),
    known: () => '{"h":1,"s":255,"v":1}',
  },
  {
    what: "colour as an object",
    entry: { dp: "61", code: "colour_data_v2" },
    value: (random) => JSON.parse(hsvJson(random, 1000)) as DpValue,
    known: () => ({ h: 0, s: 1000, v: 1000 }),
  },
  {
    what: "colour that is none",
    entry: { dp: "24", code: "colour_data", type: "String" },
    value: (random) => hex(random, [65_535, 4], [65_535, 4], [65_535, 4]).slice(random.below(2)),
    known: SAME,
  },
  {
    what: "cover control in the words of its list",
    entry: { code: "control", type: "Enum", values: ["ZZ", "FZ", "STOP", "learn"] },
    value: (random) => random.pick(["ZZ", "FZ", "STOP", "learn"]),
  },
  {
    what: "cover control in words nobody listed",
    entry: { code: "control", type: "Enum" },
    value: (random) => random.pick(["1", "2", "0"]),
    known: () => "1",
  },
  ...COVER_WORDS.flatMap((words) => [
    {
      what: `cover control in the words ${words.join(", ")}`,
      entry: { code: "control", type: "Enum", values: words },
      value: (random: Random) => random.pick(words),
    },
    {
      what: `cover control in the words ${words.join(", ")}, which nobody listed`,
      entry: { code: "mach_operate", type: "String" },
      value: (random: Random) => random.pick(words),
      known: (_raw: DpValue, random: Random) => random.pick(words.filter((word) => word !== "stop")),
    },
  ]),
  {
    what: "position of a cover that counts the other way round",
    entry: { code: "percent_control", type: "Integer", unit: "%", min: 0, max: 100, invert: true },
    value: (random) => random.between(0, 100),
  },
  {
    what: "cover control in true and false",
    entry: { code: "control", type: "Boolean" },
    value: (random) => random.chance(0.5),
  },
  {
    what: "infra-red command",
    entry: { dp: "201", code: "ir_send", type: "String" },
    value: infraredJson,
  },
  {
    what: "infra-red command with more fields than are shown",
    entry: { dp: "201", code: "ir_send", type: "String" },
    value: (random) =>
      JSON.stringify({ control: "send_ir", key1: `1${irCode(random)}`, delay: random.below(9) }),
    known: SAME,
  },
  {
    what: "infra-red code",
    entry: { dp: "202", code: "ir_study_code", type: "String" },
    value: irCode,
  },
  {
    what: "infra-red code with a padding in front",
    entry: { dp: "2", code: "study_code", type: "Raw" },
    value: (random) => `1${irCode(random)}`,
    known: SAME,
  },
  {
    what: "no type",
    entry: {},
    value: (random) => random.pick<DpValue>([true, 5, -1.5, "x", "", random.text(5)]),
  },
  {
    what: "any type, with a value that does not fit",
    entry: { type: "Boolean" },
    value: (random) => random.pick<DpValue>(["on", 1, "x", 2.5, [1], { a: 1 }]),
    known: SAME,
  },
];

describe("a value from the device to a flow and back", () => {
  for (const [index, { what, entry, value, known }] of CASES.entries()) {
    it(`is the same again: ${what}`, () => {
      const random = new Random(1000 + index);
      const map = mapOf({ dp: "1", ...entry });
      const dp = map.dataPoints[0]?.dp ?? "";
      for (let run = 0; run < RUNS; run++) {
        const raw = value(random);
        const shown = map.decode(dp, raw);
        assert.deepEqual(
          map.encode(dp, shown, { known: known?.(raw, random) }),
          raw,
          `${what}: ${JSON.stringify(raw)}`,
        );
        // The value the device has just reported is what is known in a running flow.
        assert.deepEqual(map.encode(dp, map.decode(dp, raw), { known: raw }), raw);
      }
    });
  }

  it("is the same again after a way through JSON, as messages take it through MQTT", () => {
    const random = new Random(7);
    for (const { entry, value, known } of CASES) {
      const map = mapOf({ dp: "1", ...entry });
      const dp = map.dataPoints[0]?.dp ?? "";
      for (let run = 0; run < 20 && !known; run++) {
        const raw = value(random);
        const shown: unknown = JSON.parse(JSON.stringify(map.decode(dp, raw)));
        assert.deepEqual(map.encode(dp, shown), raw);
      }
    }
  });

  it("is tried for every kind of value there is", () => {
    const tried = new Set(CASES.map(({ entry }) => kindOf(dataPointOf(entry))));
    assert.deepEqual(
      DATA_POINT_KINDS.filter((kind) => !tried.has(kind)),
      [],
    );
  });

  it("never throws on the way to the flow, whatever the device reports", () => {
    const odd: DpValue[] = [
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e300,
      NaN,
      "",
      "0",
      "{",
      "ffff",
      [],
      {},
      [null],
      { h: 1 },
    ];
    for (const { entry } of CASES) {
      const map = mapOf({ dp: "1", ...entry });
      for (const raw of odd) map.decode(map.dataPoints[0]?.dp ?? "", raw);
    }
  });
});
