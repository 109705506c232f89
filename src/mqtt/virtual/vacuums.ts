import type { DataPoint } from "../../datapoints/datapoint";
import type { Dps } from "../../protocol/dps";
import type { VirtualValue } from "../types";
import { CHOICE, type Points, SWITCH } from "./points";
import { readWord } from "./read-word";

/** A vacuum cleaner that reports what it does, and can be started. */
export interface Vacuum {
  /** Cleans while it is on. */
  readonly power: DataPoint;
  /** The word for what it does. */
  readonly status: DataPoint;
  /** How strongly it cleans. */
  readonly suction: DataPoint | undefined;
  /** Makes it beep, so that it can be found. */
  readonly seek: DataPoint | undefined;
  /** The data point and the value that send it to its dock; undefined if it cannot be sent there. */
  readonly home: readonly [point: DataPoint, value: unknown] | undefined;
}

/** Its commands, in the usual words of Home Assistant. */
const VACUUM_COMMANDS = ["start", "pause", "stop", "return_to_base", "locate"] as const;

type VacuumCommand = (typeof VACUUM_COMMANDS)[number];

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

/** The mode in which it drives home, if there is no switch for it. */
const HOME_MODE = "chargego";

/** Finds a vacuum cleaner in the data points and takes those that control it; undefined if there is none. */
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

/** The commands that this vacuum cleaner supports. */
export function vacuumCommands({ home, seek }: Vacuum): readonly VacuumCommand[] {
  return VACUUM_COMMANDS.filter(
    (command) => (command !== "return_to_base" || home) && (command !== "locate" || seek),
  );
}

/** `vacuum`: its state in Home Assistant's JSON, and commands of one word. */
export function vacuumValue(vacuum: Vacuum): VirtualValue {
  const { power, status, suction } = vacuum;
  return {
    name: "vacuum",
    dps: [power, status, suction].flatMap((point) => (point ? [point.dp] : [])),
    read(values) {
      const state = stateIn(vacuum, values);
      const speed = suction && textIn(suction, values);
      return state && { state, ...(speed !== undefined && { fan_speed: speed }) };
    },
    write(payload) {
      const command = readWord("vacuum", vacuumCommands(vacuum), payload);
      const [point, value] = entryFor(command, vacuum) ?? [];
      return point ? { [point.dp]: value } : {};
    },
  };
}

/** Its state. If the word is not known, it still tells whether it is cleaning. */
function stateIn({ power, status }: Vacuum, values: Dps): VacuumState | undefined {
  const word = textIn(status, values);
  const isOn = values[power.dp];
  if (word === undefined) return undefined;
  // Paused: its status may still name what it did before.
  const state =
    STATES.find((each) => STATUS_WORDS[each].includes(word)) ?? (isOn === true ? "cleaning" : "idle");
  return state === "cleaning" && isOn === false ? "paused" : state;
}

function textIn({ dp }: DataPoint, values: Dps): string | undefined {
  const value = Object.hasOwn(values, dp) ? values[dp] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** What a command sets; undefined if the vacuum cleaner does not support it. */
function entryFor(
  command: VacuumCommand,
  { power, seek, home }: Vacuum,
): readonly [point: DataPoint, value: unknown] | undefined {
  switch (command) {
    case "start":
      return [power, true];
    case "pause":
    case "stop":
      return [power, false];
    case "return_to_base":
      return home;
    case "locate":
      return seek && [seek, true];
  }
}
