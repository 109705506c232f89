import type { DpValue } from "../../protocol/dps";
import { resolveChange } from "./change";
import { type CoverCommand, coverWord } from "../notation/cover";
import type { FriendlyContext, FriendlyEntry } from "./context";
import { coverOf } from "./cover";
import { toPeople } from "../scale";

/** The positions for these commands, for covers that only have a position. */
const ENDS: ReadonlyMap<CoverCommand, number> = new Map([
  ["open", 100],
  ["close", 0],
]);

/** The data points to set for a cover command; undefined if the device is no cover. */
export function commandEntries(command: CoverCommand, context: FriendlyContext): FriendlyEntry[] | undefined {
  const { control, position } = coverOf(context.dataPoints, context.values);
  if (control !== undefined) {
    const isNamed = context.dataPoints.get(control) !== undefined;
    return [[control, isNamed ? command : (coverWord(command, [], context.known(control)) ?? command)]];
  }
  const end = ENDS.get(command);
  return position === undefined || end === undefined ? undefined : [[position, end]];
}

/** The data points to set for a position in percent (100 = open), or for a change of the present one. */
export function positionEntries(value: unknown, context: FriendlyContext): FriendlyEntry[] {
  const dp = coverOf(context.dataPoints, context.values).position;
  if (dp === undefined) throw context.missing("position");
  const present = (): DpValue | undefined => context.present(dp);
  const change = resolveChange(context.dataPoints, dp, value, context.known(dp), present);
  const dataPoint = context.dataPoint(dp);
  const { min = 0, max = 100 } = dataPoint;
  const limits = [toPeople(min, dataPoint), toPeople(max, dataPoint)] as const;
  const number = context.number("position", change ?? value, {
    limits,
    unit: "percent",
    present: () => undefined,
  });
  return [[dp, number]];
}
