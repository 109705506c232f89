import type { Preset } from "../preset";
import { FAULT, METER, numberOf, SWITCH, wander } from "./common";

/** A thermostat of category `wk`, with the data points of `profiles/thermostat.json`. Temperatures are tenths of a degree. */
export const THERMOSTAT: Preset = {
  title: "Thermostat",
  version: "3.4",
  dps: { "1": true, "2": "manual", "16": 215, "24": 201, "36": "open", "40": false, "45": 0 },
  schema: {
    "1": SWITCH,
    "2": { kind: "enum", range: ["manual", "auto", "holiday"] },
    "16": { kind: "value", min: 50, max: 350 },
    "24": METER,
    "36": { kind: "enum", range: ["open", "close"], readOnly: true },
    "40": SWITCH,
    "45": FAULT,
  },
  simulation: {
    everyMs: 5_000,
    next(dps) {
      const temperature = numberOf(dps, "24");
      const heats = dps["1"] === true && temperature < numberOf(dps, "16");
      const next = Math.max(150, temperature + (heats ? 1 : -1));
      return { report: { "24": next, "36": heats ? "open" : "close" } };
    },
  },
};

/**
 * A sensor of category `wsdcg`, with the data points of `profiles/sensor-climate-tenths.json`. Temperatures are tenths of a
 * degree.
 */
export const SENSOR: Preset = {
  title: "Temperature and humidity sensor",
  version: "3.5",
  dps: { "1": 214, "2": 47, "3": "high", "9": "c", "10": 280, "11": 160, "14": "cancel" },
  schema: {
    "1": METER,
    "2": METER,
    "3": { kind: "enum", range: ["low", "middle", "high"], readOnly: true },
    "9": { kind: "enum", range: ["c", "f"] },
    "10": { kind: "value", min: -200, max: 600 },
    "11": { kind: "value", min: -200, max: 600 },
    "14": { kind: "enum", range: ["loweralarm", "upperalarm", "cancel"], readOnly: true },
  },
  simulation: {
    everyMs: 10_000,
    next(dps, _step, random) {
      const temperature = wander(numberOf(dps, "1"), 3, [150, 300], random);
      const isHot = temperature > numberOf(dps, "10");
      const isCold = temperature < numberOf(dps, "11");
      return {
        report: {
          "1": temperature,
          "2": wander(numberOf(dps, "2"), 2, [30, 70], random),
          "14": isHot ? "upperalarm" : isCold ? "loweralarm" : "cancel",
        },
      };
    },
  },
};

/** A fan of category `fs`, with the data points of `profiles/fan.json`. */
export const FAN: Preset = {
  title: "Fan",
  version: "3.2",
  dps: { "1": false, "2": "normal", "3": 40, "9": false, "22": 0 },
  schema: {
    "1": SWITCH,
    "2": { kind: "enum", range: ["normal", "nature", "sleep"] },
    "3": { kind: "value", min: 1, max: 100 },
    "9": SWITCH,
    "22": { kind: "value", min: 0, max: 540 },
  },
};
