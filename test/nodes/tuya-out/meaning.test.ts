import assert from "node:assert/strict";
import { type CommandContext, readCommand } from "../../../nodes/tuya-out/command";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { Dps } from "../../../src/protocol/dps";
import { mapOf, refused } from "../../support/datapoints";
import { profile } from "../../support/kind";

const DARK: Dps = { "20": false, "21": "white", "22": 800, "23": 300, "24": "00dc03e803e8" };
const BLUE: Dps = { ...DARK, "20": true, "21": "colour", "24": "00f003e803e8" };

function context(kind: string, values: Dps = {}, more: Partial<CommandContext> = {}): CommandContext {
  return {
    deviceId: "dev00000000000000001",
    name: "Device",
    cid: undefined,
    chosen: "",
    dataPoints: kind === "" ? DataPointMap.EMPTY : mapOf(...profile(kind)),
    dataPointsOf: () => DataPointMap.EMPTY,
    values: () => values,
    ...more,
  };
}

function dpsOf(msg: object, of: CommandContext): unknown {
  const command = readCommand(msg as Record<string, unknown>, of);
  return command.kind === "set" ? command.dps : command.kind;
}

describe("readCommand: what people mean", () => {
  const RED = { "20": true, "21": "colour", "24": "000003e803e8" };
  const meant: readonly (readonly [what: string, msg: object, of: CommandContext, dps: object])[] = [
    [
      "a colour for the chosen data point",
      { payload: "red" },
      context("lamp-colour", DARK, { chosen: "colour_data" }),
      RED,
    ],
    ["a colour in msg.dp", { payload: "#f00", dp: "colour_data" }, context("lamp-colour", DARK), RED],
    ["a colour by number", { payload: "#f00", dp: 24 }, context("lamp-colour", DARK), RED],
    [
      "a colour with tuya-in's own topic",
      { payload: "#f00", topic: "Device/colour_data" },
      context("lamp-colour", DARK),
      RED,
    ],
    ["a colour by name", { payload: { colour_data: "#f00" } }, context("lamp-colour", DARK), RED],
    ["a colour in dps", { payload: { dps: { "24": { h: 0, s: 100, v: 100 } } } }, context("", DARK), RED],
    [
      "what is said beside a colour",
      { payload: { switch_led: false, colour_data: "#f00", work_mode: "white" } },
      context("lamp-colour", DARK),
      { "20": false, "21": "white", "24": "000003e803e8" },
    ],
    [
      "a colour as the device writes it, as it is",
      { payload: { colour_data: "000003e803e8" } },
      context("lamp-colour", DARK),
      { "24": "000003e803e8" },
    ],
    [
      "the other package's numbers, as they are",
      { payload: { multiple: true, data: { "24": "000003e803e8" } } },
      context("lamp-colour", DARK),
      { "24": "000003e803e8" },
    ],
    [
      "a friendly word in the topic",
      { payload: 40, topic: "Device/brightness" },
      context("lamp-colour", BLUE),
      { "24": "00f003e80190" },
    ],
    ["a friendly word that is the topic", { payload: 40, topic: "position" }, context("cover"), { "2": 40 }],
    [
      "a friendly word in the topic of a device without names",
      { payload: 2700, topic: "Device/kelvin" },
      context("", DARK),
      { "21": "white", "23": 0 },
    ],
    ["on in the topic", { payload: "off", topic: "Device/on" }, context("thermostat"), { "1": false }],
    [
      "a switch command, whatever else the topic says",
      { payload: true, topic: "brightness" },
      context("lamp-colour", DARK),
      { "20": true },
    ],
    ["a target temperature", { payload: 21.5, topic: "Device/target" }, context("thermostat"), { "16": 215 }],
    [
      "the device's own code before a friendly word",
      { payload: "auto", topic: "Device/mode" },
      context("thermostat"),
      { "2": "auto" },
    ],
    ["a speed", { payload: { speed: 3 } }, context("fan"), { "3": 3 }],
    ["a number for a lamp", { payload: 40 }, context("lamp-white"), { "21": "white", "22": 400 }],
    ["a number for a cover", { payload: 40 }, context("cover"), { "2": 40 }],
    ["1 for a lamp", { payload: 1 }, context("lamp-white"), { "21": "white", "22": 10 }],
    ["1 for a plug", { payload: 1 }, context("plug"), { "1": true }],
    ["0 for a plug", { payload: 0 }, context("plug"), { "1": false }],
    ['"0" for a plug', { payload: "0" }, context("plug"), { "1": false }],
    ["1 for a plug without names", { payload: 1 }, context("", { "1": false, "9": 0 }), { "1": true }],
    ["a bare number that may still be one", { payload: 40 }, context(""), "undecided" as unknown as object],
  ];
  for (const [what, msg, of, dps] of meant) {
    it(`takes ${what}: ${JSON.stringify(msg)}`, () => assert.deepEqual(dpsOf(msg, of), dps));
  }

  const refusedMessages: readonly (readonly [msg: object, of: CommandContext, sentence: RegExp])[] = [
    [{ payload: 5 }, context("plug"), /send an object such as \{on: true\}/],
    [{ payload: 1 }, context("thermostat"), /send an object such as \{target: 21\}/],
    [{ payload: 1 }, context("fan"), /send an object such as \{on: true\}/],
    [{ payload: "hello" }, context("cover"), /such as \{position: 50\}/],
    [{ payload: "hello" }, context("lamp-colour"), /such as \{brightness: 40\}/],
    [{ payload: 5 }, context("sensor-climate"), /such as \{temp_unit_convert: "c"\}/],
    [{ payload: 5 }, context("", { "101": "low" }), /such as \{"101": "low"\}/],
    [{ payload: [] }, context(""), /send an object\.$/],
    [
      { payload: { position: 5 } },
      context("lamp-white", { "20": true }),
      /no known data point for position\. It understands on, brightness, temperature, kelvin\./,
    ],
    [
      { payload: { brightness: 40 } },
      context("plug", { "1": true }),
      /no known data point for brightness\. It understands on\./,
    ],
  ];
  for (const [msg, of, sentence] of refusedMessages) {
    it(`refuses ${JSON.stringify(msg)} in the device's own words: ${String(sentence)}`, () => {
      const { message, code } = refused(() => readCommand(msg as Record<string, unknown>, of));
      assert.equal(code, "BAD_INPUT");
      assert.match(message, sentence);
      const own = of.dataPoints.numberOf("switch_1") !== undefined;
      if (!own) assert.doesNotMatch(message, /switch_1/);
    });
  }
});
