import type { DataPoint } from "../../datapoints/datapoint";
import { describeValue } from "../../datapoints/describe";
import { badInput } from "../../errors";
import type { Dps } from "../../protocol/dps";
import type { VirtualValue } from "../types";
import { CHOICE, type Points, SWITCH } from "./points";

/** A vacuum cleaner that says what it is doing, and can be told to begin. */
export interface Vacuum {
  /** Cleans while it is on. */
  readonly power: DataPoint;
  readonly status: DataPoint;
  readonly suction: DataPoint | undefined;
  /** Makes it be heard. */
  readonly seek: DataPoint | undefined;
  /** What sends it to its dock, and the value for it. */
  readonly home: readonly [point: DataPoint, value: unknown] | undefined;
}

/** What it can be told, in the words that are usual with Home Assistant. */
export const VACUUM_COMMANDS = ["start", "pause", "stop", "return_to_base", "locate"] as const;

export type VacuumCommand = (typeof VACUUM_COMMANDS)[number];

type VacuumState = "cleaning" | "docked" | "returning" | "paused" | "idle";

/** Home Assistant's own integration of Tuya's platform reads `status` so. */
const STATUS_WORDS: Readonly<Record<VacuumState, readonly string[]>> = {
  cleaning: [
    "cleaning",
    "goto_pos",
    "mop_clean",
    "part_clean",
    "pick_zone_clean",
    "pos_arrived",
    "pos_unarrive",
    "random",
    "smart",
    "smart_clean",
    "spot_clean",
    "wall_clean",
    "wall_follow",
    "zone_clean",
  ],
  docked: ["charge_done", "chargecompleted", "chargego", "charging"],
  returning: ["docking", "goto_charge"],
  paused: ["paused"],
  idle: ["sleep", "standby"],
};

const STATES = Object.keys(STATUS_WORDS) as readonly VacuumState[];

/** The mode in which it drives home, of those that have no switch for it. */
const HOME_MODE = "chargego";

/** The vacuum cleaner that some data points make. Takes what starts it; undefined where there is none. */
export function takeVacuum(points: Points): Vacuum | undefined {
  const power = points.find(/^power_go$/, SWITCH);
  const status = points.find(/^status$/, { types: ["Enum"] });
  if (!power || !status) return undefined;
  const strength = points.find(/^suction$/, CHOICE);
  const suction = strength && strength.values.length > 0 ? strength : undefined;
  const seek = points.find(/^seek$/, SWITCH);
  const charge = points.find(/^switch_charge$/, SWITCH);
  const mode = points.find(/^mode$/, CHOICE);
  const home = charge
    ? ([charge, true] as const)
    : mode?.values.includes(HOME_MODE)
      ? ([mode, HOME_MODE] as const)
      : undefined;
  points.take(power, status, suction, seek, charge);
  return { power, status, suction, seek, home };
}

/** The commands a vacuum cleaner has something for. */
export function vacuumCommands({ home, seek }: Vacuum): readonly VacuumCommand[] {
  return VACUUM_COMMANDS.filter(
    (command) => (command !== "return_to_base" || home) && (command !== "locate" || seek),
  );
}

/** `vacuum`: what it does, as Home Assistant's JSON has it, and commands in a word each. */
export function vacuumValue(vacuum: Vacuum): VirtualValue {
  const { power, status, suction } = vacuum;
  return {
    name: "vacuum",
    key: "vacuum",
    dps: [power, status, suction].flatMap((point) => (point ? [point.dp] : [])),
    read(values) {
      const state = stateIn(vacuum, values);
      const speed = suction && textIn(suction, values);
      return state && { state, ...(speed !== undefined && { fan_speed: speed }) };
    },
    write(payload) {
      const entry = entryFor(typeof payload === "string" ? payload.trim() : "", vacuum);
      if (entry) return { [entry[0].dp]: entry[1] };
      const words = vacuumCommands(vacuum).map((word) => `"${word}"`);
      throw badInput(
        `vacuum takes one of ${words.join(", ")}, not ${describeValue(payload)}; nothing was sent.`,
      );
    },
  };
}

/** A state that is not known says whether it is cleaning at least. */
function stateIn({ power, status }: Vacuum, values: Dps): VacuumState | undefined {
  const word = textIn(status, values);
  const isOn = values[power.dp];
  if (word === undefined) return undefined;
  // It is paused where it stands, though its status may still name what it was doing.
  const state =
    STATES.find((each) => STATUS_WORDS[each].includes(word)) ?? (isOn === true ? "cleaning" : "idle");
  return state === "cleaning" && isOn === false ? "paused" : state;
}

function textIn({ dp }: DataPoint, values: Dps): string | undefined {
  const value = Object.hasOwn(values, dp) ? values[dp] : undefined;
  return typeof value === "string" ? value : undefined;
}

function entryFor(
  word: string,
  { power, seek, home }: Vacuum,
): readonly [point: DataPoint, value: unknown] | undefined {
  switch (VACUUM_COMMANDS.find((command) => command === word)) {
    case "start":
      return [power, true];
    case "pause":
    case "stop":
      return [power, false];
    case "return_to_base":
      return home;
    case "locate":
      return seek && [seek, true];
    case undefined:
      return undefined;
  }
}
