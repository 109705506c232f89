import assert from "node:assert/strict";
import {
  exampleOf,
  fieldsOf,
  flagsOf,
  fromRow,
  parseRow,
  problemsOf,
  summaryOf,
  toRow,
  toRows,
  withType,
  type DataPointRow,
} from "../../../nodes/editor/datapoints/data-point";

const row = (typed: Partial<DataPointRow>): DataPointRow => ({ ...toRow({}), ...typed });

describe("toRow and fromRow", () => {
  const voltage = {
    dp: "20",
    code: "cur_voltage",
    type: "Integer",
    scale: 1,
    unit: "V",
    min: 0,
    max: 5000,
    step: 1,
  };

  for (const point of [
    voltage,
    { dp: "1", code: "switch_1", type: "Boolean" },
    { dp: "101" },
    { dp: "21", code: "work_mode", type: "Enum", values: ["white", "colour"] },
    { dp: "26", code: "fault", type: "Bitmap", values: ["ov_cr", "ov_vol"] },
    { dp: "1", code: "switch_mode1", type: "Enum", values: ["click"], event: true },
    { dp: "9", code: "battery", scale: 0, unit: "%" },
    { dp: "6", code: "phase_a", type: "Raw" },
    { dp: "2", code: "temp_set", type: "Integer", divisor: 2, unit: "°C", min: 10, max: 70 },
    { dp: "2", divisor: 0.5 },
    { dp: "5", code: "low", type: "Integer", min: -200, max: 0.5 },
    { dp: "17", code: "add_ele", label: "Energy", type: "Integer", scale: 3, access: "ro", accumulate: true },
    { dp: "3", code: "percent_state", type: "Integer", invert: true },
    { dp: "24", code: "colour_data", type: "Json", max: 255 },
    { dp: "1", type: "value", scale: 1, accumulate: true },
    { dp: "1", type: "Boolean", access: "whatever" },
  ]) {
    it(`bring back ${JSON.stringify(point)} as it was`, () => {
      assert.deepEqual(fromRow(toRow(point)), point);
    });
  }

  it("leave out what is not set", () => {
    assert.deepEqual(Object.keys(fromRow(row({ dp: "1" })) ?? {}), ["dp"]);
  });

  it("make numbers of numbers and texts of everything else", () => {
    const typed = row({
      dp: " 20 ",
      code: " v ",
      type: "Integer",
      scale: "1",
      min: "-10",
      max: " 5.5 ",
      unit: " V ",
    });
    assert.deepEqual(fromRow(typed), {
      dp: "20",
      code: "v",
      type: "Integer",
      scale: 1,
      unit: "V",
      min: -10,
      max: 5.5,
    });
  });

  it("leave out a number that is none", () => {
    assert.deepEqual(fromRow(row({ dp: "1", type: "Integer", min: "abc", max: "1e", step: "" })), {
      dp: "1",
      type: "Integer",
    });
  });

  it("write access in Tuya's words, whatever stood there", () => {
    assert.equal(fromRow(toRow({ dp: "1", access: "read-only" }))?.access, "ro");
    assert.equal(fromRow(toRow({ dp: "1", access: "w" }))?.access, "wr");
  });

  it("leave out what means nothing for the type, such as the scale of a former Integer", () => {
    assert.deepEqual(fromRow({ ...toRow(voltage), type: "Boolean" }), {
      dp: "20",
      code: "cur_voltage",
      type: "Boolean",
    });
  });

  it("take values as they stand in a specification", () => {
    for (const values of ['["low", "high"]', '{"range":["low","high"]}'])
      assert.deepEqual(fromRow(row({ dp: "1", type: "Enum", values }))?.values, ["low", "high"]);
  });

  it("keep values with commas, and those that a hand wrote as a specification", () => {
    const saved = { dp: "26", code: "fault", type: "Bitmap", values: ["low, or none", "high"] };
    const [read] = toRows([saved]);
    assert.deepEqual(read && fromRow(read), saved);
    const [specified] = toRows([{ ...saved, values: { label: ["low", "high"] } }]);
    assert.equal(specified?.values, "low, high");
  });

  it("split values at commas and drop empty ones", () => {
    assert.deepEqual(fromRow(row({ dp: "1", type: "Enum", values: " low,, high ," }))?.values, [
      "low",
      "high",
    ]);
  });

  it("drop a row in which nothing was typed", () => {
    assert.equal(fromRow(row({ type: "Integer", scale: "1" })), undefined);
  });

  it("keep a row that has only a code, for its owner to complete", () => {
    assert.deepEqual(fromRow(row({ code: "switch_1" })), { dp: "", code: "switch_1" });
  });

  it("keep properties and types they do not know", () => {
    const point = { dp: "1", type: "Colour", label: "Lamp", nested: { a: [1] } };
    assert.deepEqual(fromRow(toRow(point)), point);
  });

  it("read what hand-written flows contain", () => {
    assert.deepEqual(fromRow(toRow({ dp: 20, scale: "1", type: "Integer", event: "true" })), {
      dp: "20",
      type: "Integer",
      scale: 1,
      event: true,
    });
  });
});

describe("withType", () => {
  it("forgets what another type has kept unseen, but nothing that is unknown", () => {
    const colour = toRow({ dp: "24", type: "Json", max: 255, nested: 1 });
    assert.deepEqual(fromRow({ ...colour, ...withType(colour, "String") }), {
      dp: "24",
      type: "String",
      nested: 1,
    });
  });

  it("makes a guess a statement", () => {
    const row = { ...toRow({ dp: "1", type: "String" }), guessed: true };
    assert.equal({ ...row, ...withType(row, "Enum") }.guessed, false);
  });
});

describe("parseRow", () => {
  it("says what the runtime would make of the row, even without a number", () => {
    const { dp, scale, unit, type } = parseRow(row({ type: "Integer", scale: "1", unit: "V", min: "x" }));
    assert.deepEqual({ dp, scale, unit, type }, { dp: "1", scale: 1, unit: "V", type: "Integer" });
    assert.equal(parseRow(row({ dp: "abc" })).dp, "1");
  });
});

describe("toRows", () => {
  it("takes what is no list for an empty one, and skips what is no data point", () => {
    for (const none of [undefined, null, "", "x", {}, 1]) assert.deepEqual(toRows(none), []);
    assert.deepEqual(toRows([null, "x", { dp: "1" }]), [row({ dp: "1" })]);
  });
});

describe("problemsOf", () => {
  const only = (...rows: Partial<DataPointRow>[]) =>
    problemsOf(rows.map(row)).map((problems) => problems.map(({ field, problem }) => `${field} ${problem}`));

  it("finds nothing in good rows and in rows nothing was typed into", () => {
    assert.deepEqual(only({ dp: "1", code: "a" }, { dp: "2", code: "b" }, {}, {}), [[], [], [], []]);
  });

  it("wants a number where there is a code", () => {
    assert.deepEqual(only({ code: "a" }), [["dp dpMissing"]]);
  });

  it("wants numbers from 1", () => {
    assert.deepEqual(
      only({ dp: "0" }, { dp: "x" }, { dp: "1.5" }, { dp: "-1" }),
      Array(4).fill(["dp dpNumber"]),
    );
  });

  it("names both of two rows with the same number or the same code", () => {
    assert.deepEqual(only({ dp: "1", code: "a" }, { dp: "1 ", code: "b" }), [["dp dpTwice"], ["dp dpTwice"]]);
    assert.deepEqual(only({ dp: "1", code: "a" }, { dp: "2", code: "a" }), [
      ["code codeTwice"],
      ["code codeTwice"],
    ]);
  });

  it("refuses codes that a comma list could not name", () => {
    assert.deepEqual(only({ dp: "1", code: "2" }), [["code codeNumber"]]);
    assert.deepEqual(only({ dp: "1", code: "a,b" }), [["code codeForm"]]);
    assert.deepEqual(only({ dp: "1", code: "a b" }), [["code codeForm"]]);
  });

  it("wants numbers in number fields, of the types that have them", () => {
    const typed = { dp: "1", scale: "-1", min: "a", max: "1", step: "1,5" };
    assert.deepEqual(only({ ...typed, type: "Integer" }), [["scale scale", "min number", "step number"]]);
    for (const divisor of ["0", "-2", "two", "1e3"])
      assert.deepEqual(only({ dp: "1", divisor, type: "Integer" }), [["divisor divisor"]], divisor);
    assert.deepEqual(only({ dp: "1", divisor: "0.5", type: "Integer" }), [[]]);
    assert.deepEqual(only({ ...typed, type: "Boolean" }), [[]]);
  });
});

describe("fieldsOf", () => {
  it("gives limits to numbers, values to lists, nothing to the rest", () => {
    assert.deepEqual(fieldsOf("Integer"), ["scale", "divisor", "unit", "min", "max", "step"]);
    assert.deepEqual(fieldsOf("Enum"), ["values"]);
    assert.deepEqual(fieldsOf("Bitmap"), ["values"]);
    for (const type of ["Boolean", "String", "Raw", "Json"]) assert.deepEqual(fieldsOf(type), []);
  });
});

describe("flagsOf", () => {
  it("gives sums and directions to numbers", () => {
    assert.deepEqual(flagsOf("Integer"), ["accumulate", "invert"]);
    assert.deepEqual(flagsOf(""), ["accumulate"]);
    assert.deepEqual(flagsOf("Boolean"), []);
  });
});

describe("summaryOf", () => {
  it("puts the details into a few characters", () => {
    assert.equal(
      summaryOf(row({ type: "Integer", scale: "1", unit: "V", min: "0", max: "5000" })),
      "÷10 V · 0…5000",
    );
    assert.equal(summaryOf(row({ type: "Integer", scale: "0", unit: "%" })), "%");
    assert.equal(summaryOf(row({ type: "Integer", scale: "1", divisor: "2", unit: "°C" })), "÷2 °C");
    assert.equal(summaryOf(row({ type: "Integer", max: "9" })), "…9");
    assert.equal(summaryOf(row({ type: "Enum", values: "a,b ,c" })), "a, b, c");
    assert.equal(summaryOf(row({ type: "Boolean", unit: "V" })), "");
    assert.equal(summaryOf(row({ type: "Boolean", label: " Pump " })), "Pump");
    assert.equal(summaryOf(row({ type: "Integer", unit: "V", label: "Voltage" })), "V");
  });
});

describe("exampleOf", () => {
  it("shows what a reading becomes", () => {
    assert.equal(exampleOf(row({ scale: "1", unit: "V" }), 2301), "230.1 V");
    assert.equal(exampleOf(row({ scale: "3" }), 2301), "2.301");
    assert.equal(exampleOf(row({ divisor: "2", unit: "°C" }), 43), "21.5 °C");
    assert.equal(exampleOf(row({ divisor: "60", scale: "1" }), 100), "1.66667");
    assert.equal(exampleOf(row({ divisor: "0", scale: "1" }), 2301), "230.1");
    assert.equal(exampleOf(row({ scale: "x", unit: "W" }), 2301), "2301 W");
  });
});
