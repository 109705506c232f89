import type { Preset } from "../preset";
import { SWITCH } from "./common";

/** A lamp of category `dj`, with the data points of `profiles/lamp-colour.json`: levels to 1000, colours in 12 hex digits. */
export const LAMP: Preset = {
  title: "Colour lamp",
  version: "3.4",
  dps: {
    "20": true,
    "21": "white",
    "22": 800,
    "23": 300,
    "24": "00dc03e803e8",
    "25": "000e0d0000000000000000c80000",
    "26": 0,
  },
  schema: {
    "20": SWITCH,
    "21": { kind: "enum", range: ["white", "colour", "scene", "music"] },
    "22": { kind: "value", min: 10, max: 1_000 },
    "23": { kind: "value", min: 0, max: 1_000 },
    "24": { kind: "string" },
    "25": { kind: "string" },
    "26": { kind: "value", min: 0, max: 86_400 },
  },
};

const LEVEL_8_BIT = { kind: "value", min: 25, max: 255 } as const;

/** A lamp of category `dj`, with the data points of `profiles/lamp-colour-old.json`: levels to 255, colours in 14 hex digits. */
export const LAMP_OLD: Preset = {
  title: "Colour lamp, first generation",
  version: "3.1",
  dps: { "1": true, "2": "white", "3": 255, "4": 128, "5": "ff7f3f0014c0ff", "6": "bd76000168ffff" },
  schema: {
    "1": SWITCH,
    "2": { kind: "enum", range: ["white", "colour", "scene", "scene_1", "scene_2", "scene_3", "scene_4"] },
    "3": LEVEL_8_BIT,
    "4": { kind: "value", min: 0, max: 255 },
    "5": { kind: "string" },
    "6": { kind: "string" },
  },
};

const LEVEL = { kind: "value", min: 10, max: 1_000 } as const;

/** A dimmer of category `tgkg`, with the data points of `profiles/dimmer.json`. */
export const DIMMER: Preset = {
  title: "Dimmer with two channels",
  version: "3.5",
  dps: {
    "1": true,
    "2": 600,
    "3": 10,
    "4": "led",
    "6": 0,
    "7": false,
    "8": 250,
    "9": 10,
    "10": "led",
    "12": 0,
    "14": "memory",
  },
  schema: {
    "1": SWITCH,
    "2": LEVEL,
    "3": LEVEL,
    "4": { kind: "enum", range: ["led", "incandescent", "halogen"] },
    "6": { kind: "value", min: 0, max: 86_400 },
    "7": SWITCH,
    "8": LEVEL,
    "9": LEVEL,
    "10": { kind: "enum", range: ["led", "incandescent", "halogen"] },
    "12": { kind: "value", min: 0, max: 86_400 },
    "14": { kind: "enum", range: ["off", "on", "memory"] },
  },
};
