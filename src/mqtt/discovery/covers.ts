import type { DataPoint } from "../../datapoints/datapoint";
import { coverWord, isCoverControl, isCoverPosition } from "../../datapoints/notation/cover";
import { toPeople } from "../../datapoints/scale";
import type { Points } from "../virtual/points";
import type { EntityContext } from "./context";
import { type Entity, type Keys, keysOf } from "./entity";

/**
 * Curtains, blinds, shutters. Whether they are open is taken from the position: the word for the movement stays after the
 * movement ended.
 */
export function covers(context: EntityContext): readonly Entity[] {
  return COVERS.flatMap((suffix, index) => cover(suffix, index + 1, context));
}

/** The endings of the codes of the first, second, third … cover of a device. */
const COVERS = ["(?:_1)?", "_2", "_3", "_4"] as const;

interface Cover {
  /** Takes open, close and stop. */
  readonly control: DataPoint | undefined;
  /** The position it is to move to. */
  readonly position: DataPoint | undefined;
  /** The position it has reached. */
  readonly reached: DataPoint | undefined;
}

function cover(suffix: string, number: number, context: EntityContext): readonly Entity[] {
  const { rest } = context.parts;
  const found = findCover(suffix, rest);
  const { control, position, reached } = found;
  const main = control ?? position;
  if (!main) return [];
  rest.take(control, position, reached);
  return [
    {
      key: main.dp,
      platform: "cover",
      name: number === 1 ? "Cover" : `Cover ${number}`,
      isMain: true,
      keys: { ...commands(found, context), ...positions(found, context) },
    },
  ];
}

function findCover(suffix: string, points: Points): Cover {
  const code = (start: string) => new RegExp(`^(?:${start})${suffix}$`);
  const control = points.free.find(
    (point) =>
      code("control|mach_operate").test(point.code) && isCoverControl(point) && point.access !== "ro",
  );
  const position = points.free.find(
    (point) =>
      code("percent_control|(?:\\w+_)?position(?:_(?:set|control))?").test(point.code) &&
      point.type === "Integer" &&
      isCoverPosition(point) &&
      hasLimits(point),
  );
  return {
    control,
    position,
    reached: points.free.find(
      (point) =>
        code("percent_state|(?:cur|current)_position").test(point.code) &&
        point.type === "Integer" &&
        point.access !== "wr" &&
        hasLimits(point) &&
        (!position || isAlike(ends(point), ends(position))),
    ),
  };
}

/** For a cover without command words, the positions at both ends are its commands. */
function commands({ control, position }: Cover, { topics }: EntityContext): Keys {
  if (control) {
    const { type, values } = control;
    const word = (command: "open" | "close" | "stop") => {
      const own = coverWord(command, values, type === "Boolean" ? true : undefined);
      return own === undefined ? null : command;
    };
    return {
      command_topic: topics.set(topics.value(control.dp)),
      payload_open: word("open"),
      payload_close: word("close"),
      payload_stop: word("stop"),
    };
  }
  if (!position) return {};
  const { most, least } = ends(position);
  return {
    command_topic: topics.set(topics.value(position.dp)),
    payload_open: String(most),
    payload_close: String(least),
    payload_stop: null,
  };
}

function positions({ position, reached }: Cover, { topics }: EntityContext): Keys {
  const told = reached ?? (position?.access === "wr" ? undefined : position);
  if (!told) return {};
  const { most, least } = ends(position ?? told);
  return keysOf({
    position_topic: topics.value(told.dp),
    set_position_topic: position && topics.set(topics.value(position.dp)),
    position_open: most,
    position_closed: least,
  });
}

interface Ends {
  readonly most: number;
  readonly least: number;
}

function isAlike(one: Ends, other: Ends): boolean {
  return one.most === other.most && one.least === other.least;
}

/** The positions for open and closed, in people's units. */
function ends(point: DataPoint): Ends {
  const { min = 0, max = 100 } = point;
  return { most: toPeople(max, point), least: toPeople(min, point) };
}

/** Whether the limits are usable: Home Assistant uses whole numbers, so one step for each percent is needed. */
function hasLimits(point: DataPoint): boolean {
  const { most, least } = ends(point);
  return Number.isInteger(most) && Number.isInteger(least) && most - least >= 100;
}
