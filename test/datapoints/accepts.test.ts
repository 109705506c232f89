import assert from "node:assert/strict";
import { type Accepted, acceptedBy } from "../../src/datapoints/accepts";
import { readProfiles } from "../../nodes/admin/templates/profile-folder";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { dataPointOf } from "../support/datapoints";

const CODE = Buffer.from("28239411".repeat(4), "hex").toString("base64");

/** Values that whoever reads it would send. */
function examplesOf(accepted: Accepted): readonly unknown[] {
  switch (accepted.kind) {
    case "switch":
      return [true, false];
    case "number": {
      const { min, max } = accepted;
      return [min ?? 0, max ?? min ?? 0];
    }
    case "word":
      return accepted.words;
    case "names":
      return [[], accepted.words];
    case "colour":
      return ["#ff8800", "red", { r: 255, g: 0, b: 1 }, { h: 20, s: 30, v: 40 }];
    case "phase":
      return [{ voltage: 230.1, current: 4.39, power: 1010 }];
    case "bytes":
      return [Buffer.from("abc"), "AQID"];
    case "json":
      return [{ a: 1 }, "{}"];
    case "text":
      return ["a text"];
    case "infrared":
      return [{ learn: true }, { learn: false }, { send: CODE }];
    case "code":
      return [CODE];
    case "anything":
      return [true, 5, "text"];
  }
}

describe("acceptedBy", () => {
  const number = { kind: "number", min: undefined, max: undefined, unit: undefined, isSigned: false };
  const table: [object, Accepted | object][] = [
    [{ type: "Boolean" }, { kind: "switch" }],
    [{ type: "Integer" }, number],
    [
      { type: "Integer", min: 50, max: 350, scale: 1, unit: "°C" },
      { ...number, min: 5, max: 35, unit: "°C" },
    ],
    [
      { type: "Integer", min: -10 },
      { ...number, min: -10, isSigned: true },
    ],
    [
      { type: "Enum", values: ["a", "b"] },
      { kind: "word", words: ["a", "b"] },
    ],
    [{ type: "Enum" }, { kind: "text" }],
    [
      { code: "control", type: "Enum" },
      { kind: "word", words: ["open", "close", "stop", "continue"] },
    ],
    [
      { code: "valve", type: "Enum", values: ["open", "close", "auto"] },
      { kind: "word", words: ["open", "close", "auto"] },
    ],
    [
      { type: "Integer", min: 10, max: 70, divisor: 2, unit: "°C" },
      { ...number, min: 5, max: 35, unit: "°C" },
    ],
    [
      { code: "control", type: "Enum", values: ["FZ", "ZZ", "STOP"] },
      { kind: "word", words: ["open", "close", "stop"] },
    ],
    [
      { code: "control", type: "Boolean" },
      { kind: "word", words: ["open", "close"] },
    ],
    [
      { type: "Bitmap", values: ["a", "b"] },
      { kind: "names", words: ["a", "b"] },
    ],
    [{ type: "Bitmap" }, { ...number, min: 0 }],
    [
      { type: "Bitmap", min: 1 },
      { ...number, min: 1 },
    ],
    [{ code: "colour_data" }, { kind: "colour" }],
    [{ code: "phase_a" }, { kind: "phase" }],
    [{ type: "Raw" }, { kind: "bytes" }],
    [{ type: "Json" }, { kind: "json" }],
    [{ type: "String" }, { kind: "text" }],
    [{ code: "ir_send" }, { kind: "infrared" }],
    [{ code: "ir_study_code" }, { kind: "code" }],
    [{}, { kind: "anything" }],
  ];
  for (const [entry, accepted] of table) {
    it(`tells what ${JSON.stringify(entry)} takes, and it does take that`, () => {
      const dataPoint = dataPointOf(entry);
      assert.deepEqual(acceptedBy(dataPoint), accepted);
      const map = new DataPointMap([dataPoint]);
      for (const example of examplesOf(acceptedBy(dataPoint))) map.encode("1", example);
    });
  }

  it("is right for every data point of every profile that can be set", async () => {
    let count = 0;
    for (const { dataPoints } of (await readProfiles()).profiles) {
      const map = new DataPointMap(dataPoints);
      for (const dataPoint of dataPoints.filter(({ access }) => access !== "ro")) {
        for (const example of examplesOf(acceptedBy(dataPoint))) map.encode(dataPoint.dp, example);
        count++;
      }
    }
    assert.ok(count > 50);
  });
});
