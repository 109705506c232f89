import assert from "node:assert/strict";
import { exampleMessage } from "../../../nodes/editor/tuya-in-example";
import type { NamedDp } from "../../../nodes/editor/picker/device-codes";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { PLUG_DATAPOINTS } from "../../support/editor-flows";

function named(entries: readonly object[]): NamedDp[] {
  return parseDataPoints(entries).dataPoints.map((dataPoint) => {
    const { dp, code, label = "" } = dataPoint;
    return { dp, token: code || dp, label, dataPoint };
  });
}

const ON: NamedDp = { dp: "on", token: "on", label: "On", word: "on" };
const PLUG = [ON, ...named(PLUG_DATAPOINTS)];

/** As the catalogue is read, without its texts. */
const translate = (key: string, parameters: object = {}): string =>
  [key, ...Object.values(parameters)].join(" | ");

function message(output: string, chosen: readonly string[] = [], known = PLUG, live: object = {}): string {
  return exampleMessage({ output, device: 'The "plug"', known, chosen, live: { ...live } }, translate);
}

describe("example of a message of tuya-in", () => {
  it("shows what the device does and what it measures, in its own names", () => {
    assert.equal(message("object"), "payload = {switch_1: true, cur_power: 100.2, …}");
    assert.equal(message("each"), 'topic = "The \\"plug\\"/cur_power", payload = 100.2');
    assert.equal(message("compatible"), 'payload.data.dps = {"1": true, "19": 1002, …}');
    assert.equal(
      message("ports", ["cur_voltage"]),
      'tuya-in.example.own | topic = "The \\"plug\\"/cur_voltage", payload = 230.1',
    );
  });

  it("shows what is chosen, and what the device says now", () => {
    assert.equal(message("object", ["20", "on"]), "payload = {cur_voltage: 230.1, on: true}");
    assert.equal(
      message("object", ["fault", "relay_status"]),
      'payload = {fault: ["ov_cr"], relay_status: "off"}',
    );
    assert.equal(
      message("each", ["20"], PLUG, { "20": 229.4 }),
      'topic = "The \\"plug\\"/cur_voltage", payload = 229.4',
    );
    assert.equal(
      message("object", ["switch_1", "countdown_1", "cur_current", "cur_power"]),
      "payload = {switch_1: true, countdown_1: 25, cur_current: 436, …}",
    );
  });

  it("keeps to the limits of a data point, and imagines nothing where it cannot", () => {
    const sensor = named([
      { dp: "1", code: "temp", type: "Integer", scale: 1, unit: "°C", min: -100, max: 100 },
      { dp: "2", code: "odd name", type: "Integer", min: 1000 },
      { dp: "3", code: "colour", type: "String" },
    ]);
    assert.equal(
      message("object", ["temp", "odd name", "colour"], sensor),
      'payload = {temp: 0, "odd name": 1000, colour: …}',
    );
    assert.equal(message("object", [], named([{ dp: "3", type: "String" }])), "tuya-in.example.object");
    assert.equal(message("each", [], []), "tuya-in.example.each");
  });
});
