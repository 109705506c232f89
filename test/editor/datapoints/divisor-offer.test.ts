import assert from "node:assert/strict";
import { divisorFor, type DivisorOffer } from "../../../nodes/editor/datapoints/divisor-offer";

describe("divisorFor", () => {
  const table: [number, string, DivisorOffer | undefined][] = [
    [43, "21.5", { divisor: "2" }],
    [2301, "230.1", { scale: "1" }],
    [2301, "230", { scale: "1" }],
    [2301, "23.01", { scale: "2" }],
    [4390, "4.39", { scale: "3" }],
    [4390, "4.4", { scale: "3" }],
    [3600, "60", { divisor: "60" }],
    [7200, "2", { divisor: "3600" }],
    [105, "21", { divisor: "5" }],
    [84, "12", { divisor: "7" }],
    [-30, "-15", { divisor: "2" }],
    [215, "21,5", { scale: "1" }],
    [3, "30", { divisor: "0.1" }],
    [50, "100", { divisor: "0.5" }],
    [43, "43", undefined],
    [43, "43.0", undefined],
    [43, "31.7", undefined],
    [43, "-21.5", undefined],
    [0, "5", undefined],
    [43, "0", undefined],
    [43, "", undefined],
    [43, "21.5 °C", undefined],
    [43, "warm", undefined],
  ];
  for (const [raw, said, offer] of table) {
    it(`is ${JSON.stringify(offer)} where ${raw} is ${said} in truth`, () => {
      assert.deepEqual(divisorFor(raw, said), offer);
    });
  }
});
