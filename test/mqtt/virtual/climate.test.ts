import assert from "node:assert/strict";
import type { VirtualValue } from "../../../src/mqtt/types";
import { virtualValuesOf } from "../../../src/mqtt/virtual/index";
import { mapOf, refused } from "../../support/datapoints";

const TARGET = { dp: "2", code: "temp_set", type: "Integer", min: 5, max: 35 };
const SWITCH = { dp: "1", code: "switch", type: "Boolean" };
const mode = (...values: readonly string[]) => ({ dp: "4", code: "mode", type: "Enum", values });

function valuesOf(...entries: readonly object[]): {
  readonly hvac: VirtualValue;
  readonly preset: VirtualValue | undefined;
} {
  const [hvac, preset, ...others] = virtualValuesOf({ dataPoints: mapOf(...entries) });
  assert.ok(hvac);
  assert.equal(hvac.name, "hvac_mode");
  assert.deepEqual(others, []);
  return { hvac, preset };
}

describe("climate as virtual values", () => {
  it("has a mode for each word, and off where it is switched off", () => {
    const { hvac, preset } = valuesOf(SWITCH, TARGET, mode("auto", "cold", "hot", "wet", "wind"));
    assert.equal(preset, undefined);
    const read = (word: string) => hvac.read({ "1": true, "4": word });
    assert.deepEqual(["auto", "cold", "hot", "wet", "wind"].map(read), [
      "heat_cool",
      "cool",
      "heat",
      "dry",
      "fan_only",
    ]);
    assert.equal(hvac.read({ "1": false, "4": "cold" }), "off");
    assert.equal(hvac.read({}), undefined);
    assert.equal(hvac.read({ "1": true }), undefined);
    assert.deepEqual(hvac.write("cool", {}), { "1": true, "4": "cold" });
    assert.deepEqual(hvac.write("off", {}), { "1": false });
    assert.deepEqual(hvac.write(" OFF\n", {}), { "1": false });
    assert.deepEqual(hvac.write("Heat_Cool", {}), { "1": true, "4": "auto" });
    assert.match(
      refused(() => hvac.write("auto", {})).message,
      /^hvac_mode takes one of "off", "heat_cool", "cool", "heat", "dry", "fan_only", not the text "auto"; nothing/,
    );
  });

  it("has presets for words that are no mode, and for the second of a mode", () => {
    const { hvac, preset } = valuesOf(SWITCH, TARGET, mode("auto", "manual", "holiday"));
    assert.ok(preset);
    const read = (word: string) => [hvac, preset].map((value) => value.read({ "1": true, "4": word }));
    assert.deepEqual(read("manual"), ["heat_cool", "none"]);
    assert.deepEqual(read("auto"), ["heat_cool", "auto"]);
    assert.deepEqual(read("holiday"), ["heat_cool", "holiday"]);
    assert.deepEqual(preset.write("holiday", {}), { "4": "holiday" });
    assert.deepEqual(preset.write("none", { "4": "holiday" }), { "4": "manual" });
    assert.deepEqual(hvac.write("heat_cool", { "4": "holiday" }), { "1": true, "4": "manual" });
    assert.deepEqual(preset.write("Holiday", {}), { "4": "holiday" });
    assert.match(
      refused(() => preset.write("manual", {})).message,
      /^hvac_preset takes one of "auto", "holiday", "none", not/,
    );
  });

  it("tells presets apart that differ in their case only", () => {
    const { preset } = valuesOf(SWITCH, TARGET, mode("heat", "eco", "ECO"));
    assert.deepEqual(preset?.write("ECO", {}), { "4": "ECO" });
    assert.deepEqual(preset?.write("Eco", {}), { "4": "eco" });
  });

  it("heats while it is on, where no word is a mode", () => {
    const { hvac, preset } = valuesOf(SWITCH, TARGET, mode("eco", "comfort"));
    assert.ok(preset);
    assert.equal(hvac.read({ "1": true, "4": "eco" }), "heat");
    assert.equal(preset.read({ "1": true, "4": "eco" }), "eco");
    assert.deepEqual(hvac.write("heat", {}), { "1": true });
    assert.match(
      refused(() => preset.write("none", {})).message,
      /^hvac_preset takes one of "eco", "comfort", not/,
    );
  });

  it("is off by its own word, where it has no switch", () => {
    const { hvac, preset } = valuesOf(TARGET, mode("off", "eco", "comfort"));
    assert.equal(hvac.read({ "4": "off" }), "off");
    assert.equal(preset?.read({ "4": "off" }), "none");
    assert.deepEqual(hvac.write("off", {}), { "4": "off" });
    assert.deepEqual(hvac.write("heat", { "4": "comfort" }), { "4": "comfort" });
    assert.deepEqual(hvac.write("heat", { "4": "off" }), { "4": "eco" });
  });

  it("cools while it is on, where it has a speed and no mode", () => {
    const speed = { dp: "5", code: "windspeed", type: "Enum", values: ["1", "2"] };
    assert.equal(valuesOf(SWITCH, TARGET, speed).hvac.read({ "1": true }), "cool");
  });

  it("has one mode that cannot be left, where there is nothing to switch", () => {
    const { hvac } = valuesOf(TARGET, { dp: "3", code: "temp_current", type: "Integer", access: "ro" });
    assert.equal(hvac.read({ "2": 20 }), "heat");
    assert.equal(hvac.read({}), undefined);
    assert.deepEqual(hvac.dps, ["2"]);
    assert.match(refused(() => hvac.write("off", {})).message, /^hvac_mode is always "heat" here; nothing/);
    refused(() => hvac.write("heat", {}));
  });

  it("is none where a temperature can be set and nothing else is known", () => {
    assert.deepEqual(virtualValuesOf({ dataPoints: mapOf(TARGET) }), []);
  });

  it("never has a preset called none: Home Assistant would refuse the whole device", () => {
    const { preset } = valuesOf(SWITCH, TARGET, mode("none", "hot", "eco"));
    assert.equal(preset?.read({ "4": "none" }), "none");
    assert.deepEqual(preset?.write("eco", {}), { "4": "eco" });
  });
});
