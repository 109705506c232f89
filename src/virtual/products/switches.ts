import type { Preset } from "../preset";
import { numberOf, SWITCH } from "./common";

const COUNTDOWN = { kind: "value", min: 0, max: 86_400 } as const;

/** Countdowns of the wall switch and the gangs they turn over. */
const COUNTDOWNS = [
  ["9", "1"],
  ["10", "2"],
  ["11", "3"],
] as const;

/** A switch of category `kg`, with the data points of `profiles/switch.json`. */
export const WALL_SWITCH: Preset = {
  title: "Wall switch with three gangs",
  version: "3.1",
  dps: { "1": false, "2": false, "3": false, "9": 0, "10": 0, "11": 0, "38": "memory" },
  schema: {
    "1": SWITCH,
    "2": SWITCH,
    "3": SWITCH,
    "9": COUNTDOWN,
    "10": COUNTDOWN,
    "11": COUNTDOWN,
    "38": { kind: "enum", range: ["off", "on", "memory"] },
  },
  simulation: {
    everyMs: 1_000,
    next(dps) {
      const running = COUNTDOWNS.filter(([countdown]) => numberOf(dps, countdown) > 0);
      const left = running.map(([countdown]) => [countdown, numberOf(dps, countdown) - 1] as const);
      const over = running.filter(([countdown]) => numberOf(dps, countdown) === 1);
      if (over.length === 0) return { measure: Object.fromEntries(left) };
      const turned = over.map(([, gang]) => [gang, dps[gang] !== true] as const);
      return { report: Object.fromEntries([...left, ...turned]) };
    },
  },
};

const PRESSES = ["single_click", "double_click", "long_press"] as const;
const BUTTON = { kind: "enum", range: PRESSES, readOnly: true } as const;

/** A switch of category `wxkg`, with the data points of `profiles/scene-switch.json`: buttons that report events. */
export const SCENE_SWITCH: Preset = {
  title: "Scene switch with four buttons",
  version: "3.4",
  dps: {
    "1": "single_click",
    "2": "single_click",
    "3": "single_click",
    "4": "single_click",
    "10": 83,
  },
  schema: {
    "1": BUTTON,
    "2": BUTTON,
    "3": BUTTON,
    "4": BUTTON,
    "10": { kind: "value", min: 0, max: 100, readOnly: true },
  },
  simulation: {
    everyMs: 15_000,
    next(_dps, _step, random) {
      const button = String(1 + Math.floor(random() * 4));
      return { report: { [button]: PRESSES[Math.floor(random() * PRESSES.length)] ?? PRESSES[0] } };
    },
  },
};
