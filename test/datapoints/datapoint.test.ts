import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  bareDataPoint,
  DATA_POINT_TYPES,
  isDpNumber,
  parseDataPoints,
  toEntry,
} from "../../src/datapoints/datapoint";

/** The only data point of a list, which must be free of problems. */
function parseOne(entry: object) {
  const { dataPoints, problems } = parseDataPoints([entry]);
  assert.deepEqual(problems, []);
  assert.equal(dataPoints.length, 1);
  return dataPoints[0]!;
}

describe("parseDataPoints", () => {
  it("reads everything the contract names", () => {
    const entry = {
      dp: "20",
      code: "cur_voltage",
      label: "Voltage",
      type: "Integer",
      scale: 1,
      divisor: 2.5,
      unit: "V",
      min: 0,
      max: 5000,
      step: 1,
      values: [],
      access: "ro",
      event: false,
      accumulate: false,
      invert: false,
    };
    assert.deepEqual(parseOne(entry), entry);
  });

  it("reads numbers that were typed as text, and texts with blanks around them", () => {
    const { dp, code, scale, min, max } = parseOne({
      dp: 20,
      code: " led ",
      scale: "1",
      min: "10",
      max: " 1000 ",
    });
    assert.deepEqual({ dp, code, scale, min, max }, { dp: "20", code: "led", scale: 1, min: 10, max: 1000 });
  });

  it("fills in what is missing", () => {
    assert.deepEqual(parseOne({ dp: "1" }), {
      dp: "1",
      code: "",
      label: undefined,
      type: undefined,
      scale: 0,
      divisor: undefined,
      unit: undefined,
      min: undefined,
      max: undefined,
      step: undefined,
      values: [],
      access: undefined,
      event: false,
      accumulate: false,
      invert: false,
    });
  });

  it("takes blanks for no number, and its own number for no name", () => {
    const { min, max, scale, code } = parseOne({ dp: "1", code: "1", min: " ", max: "", scale: " " });
    assert.deepEqual({ min, max, scale, code }, { min: undefined, max: undefined, scale: 0, code: "" });
  });

  it("takes a divisor above 0, and says what is wrong with any other", () => {
    assert.equal(parseOne({ dp: "1", type: "Integer", divisor: " 60 " }).divisor, 60);
    assert.equal(parseOne({ dp: "1", divisor: 0.5 }).divisor, 0.5);
    assert.equal(parseOne({ dp: "1", divisor: 2 }).type, "Integer");
    for (const divisor of ["", null, undefined])
      assert.equal(parseOne({ dp: "1", divisor }).divisor, undefined);
    for (const divisor of [0, -2, "two", NaN, Infinity, true, {}]) {
      const { dataPoints, problems } = parseDataPoints([{ dp: "1", type: "Integer", scale: 1, divisor }]);
      assert.equal(dataPoints[0]?.divisor, undefined);
      assert.equal(dataPoints[0]?.scale, 1);
      assert.deepEqual(problems, ["The divisor of data point 1 is no number above 0: its scale counts."]);
    }
  });

  for (const type of DATA_POINT_TYPES) {
    it(`knows the type ${type}, in any case`, () => {
      assert.equal(parseOne({ dp: "1", type }).type, type);
      assert.equal(parseOne({ dp: "1", type: type.toUpperCase() }).type, type);
    });
  }

  for (const [word, type] of [
    ["bool", "Boolean"],
    ["value", "Integer"],
    ["fault", "Bitmap"],
  ]) {
    it(`takes the LAN protocol's word ${word} for ${type}`, () => {
      assert.equal(parseOne({ dp: "1", type: word }).type, type);
    });
  }

  for (const [word, access] of [
    ["rw", "rw"],
    ["RO", "ro"],
    ["wr", "wr"],
    ["wo", "wr"],
    ["r", "ro"],
    ["read", "ro"],
    ["read-only", "ro"],
    ["w", "wr"],
    ["write", "wr"],
    ["Write_Only", "wr"],
  ]) {
    it(`reads the access ${word} as ${access}`, () => {
      assert.equal(parseOne({ dp: "1", access: word }).access, access);
    });
  }

  it("takes an access nobody knows for none", () => {
    for (const access of ["rx", "", 5, null, {}, "constructor"]) {
      assert.equal(parseOne({ dp: "1", access }).access, undefined);
    }
  });

  it("takes scales from 0 to 9, and says what is wrong with any other", () => {
    for (const scale of [0, 9]) assert.equal(parseOne({ dp: "1", type: "Integer", scale }).scale, scale);
    for (const scale of [1.5, -1, 10]) {
      const { dataPoints, problems } = parseDataPoints([{ dp: "1", scale }]);
      assert.deepEqual([dataPoints[0]?.scale, problems.length], [0, 1], String(scale));
    }
  });

  for (const [min, max] of [
    [100, "10"],
    [0, 0],
  ]) {
    it(`takes no limits that leave no value, such as ${min} to ${max}, and says so`, () => {
      const { dataPoints, problems } = parseDataPoints([{ dp: "1", type: "Integer", min, max }]);
      assert.deepEqual([dataPoints[0]?.min, dataPoints[0]?.max], [undefined, undefined]);
      assert.deepEqual(problems, [
        "The min of data point 1 is not below its max: its values have no limits.",
      ]);
    });
  }

  it("takes limits that leave two values", () => {
    const { min, max } = parseOne({ dp: "1", type: "Integer", min: 0, max: 1 });
    assert.deepEqual([min, max], [0, 1]);
  });

  for (const flag of ["event", "accumulate", "invert"] as const) {
    it(`reads ${flag} as a boolean and as a text`, () => {
      assert.equal(parseOne({ dp: "1", [flag]: true })[flag], true);
      assert.equal(parseOne({ dp: "1", [flag]: "true" })[flag], true);
      for (const other of [false, "false", "", 1, null, {}])
        assert.equal(parseOne({ dp: "1", [flag]: other })[flag], false);
    });
  }

  it("takes a data point with a scale for a number", () => {
    assert.equal(parseOne({ dp: "1", scale: 2 }).type, "Integer");
  });

  it("reads members as a list and as a text with commas or lines", () => {
    for (const values of [["low", "high"], "low, high", "low\nhigh\n"]) {
      assert.deepEqual(parseOne({ dp: "1", type: "Enum", values }).values, ["low", "high"]);
    }
    assert.deepEqual(parseOne({ dp: "1", type: "Enum", values: [0, 1] }).values, ["0", "1"]);
  });

  it("reads members as Tuya's specifications have them", () => {
    const range = ["low", "high"];
    for (const values of [{ range }, { label: range }, range])
      for (const written of [values, JSON.stringify(values)])
        assert.deepEqual(parseOne({ dp: "1", type: "Enum", values: written }).values, range);
    // As the platform's answers have them: a text inside JSON.
    const inside = JSON.stringify(JSON.stringify({ range }));
    for (const values of [inside, ` ${inside}`, inside.slice(1, -1)])
      assert.deepEqual(parseOne({ dp: "1", type: "Enum", values }).values, range);
    for (const values of ['low,"high"', '"low",high'])
      assert.equal(parseOne({ dp: "1", type: "Enum", values }).values.length, 2);
    for (const values of [{}, { range: "low" }, '{"min":0,"max":100}', null, 5n])
      assert.deepEqual(parseOne({ dp: "1", type: "Enum", values }).values, []);
  });

  for (const list of [undefined, null, "", []]) {
    it(`takes ${JSON.stringify(list)} for an empty list`, () => {
      assert.deepEqual(parseDataPoints(list), { dataPoints: [], problems: [] });
    });
  }

  for (const list of ["20", 5, true, { dp: "20" }, () => 1]) {
    it(`says that ${inspect(list)} is no list`, () => {
      assert.deepEqual(parseDataPoints(list), {
        dataPoints: [],
        problems: ["The list of data points is no list."],
      });
    });
  }

  const damaged: [string, unknown[], string[], RegExp][] = [
    [
      "an entry that is no object",
      [null, "20", 3, ["20"], { dp: "1" }],
      ["1"],
      /entry [1-4] is no data point/,
    ],
    [
      "an entry without a number",
      [{ code: "led" }, { dp: "" }, { dp: "x" }, { dp: "1" }],
      ["1"],
      /no data point number/,
    ],
    [
      "impossible numbers",
      [{ dp: "0" }, { dp: "-1" }, { dp: "1.5" }, { dp: "__proto__" }, { dp: "1" }],
      ["1"],
      /no data point number/,
    ],
    [
      "a number twice",
      [
        { dp: "1", code: "a" },
        { dp: "1", code: "b" },
      ],
      ["1"],
      /listed twice/,
    ],
    [
      "a name twice",
      [
        { dp: "1", code: "a" },
        { dp: "2", code: "a" },
      ],
      ["1", "2"],
      /given twice/,
    ],
    ["a number as a name", [{ dp: "1", code: "22" }], ["1"], /cannot be named 22/],
    ["an unknown type", [{ dp: "1", type: "Colour" }], ["1"], /type "Colour"/],
    [
      "a name of an object's insides for a type",
      [{ dp: "1", type: "constructor" }],
      ["1"],
      /type "constructor"/,
    ],
    [
      "an impossible scale",
      [
        { dp: "1", scale: 1.5 },
        { dp: "2", scale: -1 },
        { dp: "3", scale: 10 },
      ],
      ["1", "2", "3"],
      /scale of data point/,
    ],
  ];
  for (const [what, list, kept, problem] of damaged) {
    it(`names ${what}, and goes on`, () => {
      const { dataPoints, problems } = parseDataPoints(list);
      assert.deepEqual(
        dataPoints.map(({ dp }) => dp),
        kept,
      );
      assert.ok(problems.length > 0);
      for (const sentence of problems) assert.match(sentence, problem);
    });
  }

  it("lets the first of two names count", () => {
    const { dataPoints } = parseDataPoints([
      { dp: "1", code: "a" },
      { dp: "2", code: "a" },
    ]);
    assert.deepEqual(
      dataPoints.map(({ code }) => code),
      ["a", ""],
    );
  });
});

describe("bareDataPoint", () => {
  it("is what an entry with nothing but a number becomes", () => {
    assert.deepEqual(bareDataPoint("7"), parseOne({ dp: "7" }));
  });
});

describe("toEntry", () => {
  const entries = [
    { dp: "1" },
    { dp: "20", code: "cur_voltage", label: "Voltage", type: "Integer", scale: 1, unit: "V", access: "ro" },
    { dp: "2", code: "percent_control", type: "Integer", min: 0, max: 100, step: 1, invert: true },
    { dp: "4", code: "mode", type: "Enum", values: ["low", "high"], event: true },
    { dp: "17", code: "add_ele", type: "Integer", scale: 3, min: 0, accumulate: true },
  ];
  for (const entry of entries) {
    it(`writes nothing but what is known: ${JSON.stringify(entry)}`, () => {
      assert.deepEqual(toEntry(parseOne(entry)), entry);
    });
  }
});

describe("isDpNumber", () => {
  it("knows numbers of data points", () => {
    for (const text of ["1", "20", "255", "65535"]) assert.equal(isDpNumber(text), true, text);
    for (const text of ["", "0", "01", "-1", "1.0", "1e2", " 1", "x", "123456"])
      assert.equal(isDpNumber(text), false, text);
  });
});
