import type { DpValue } from "../../protocol/dps";
import { resolveChange } from "./change";
import { type CoverCommand, coverWord } from "../notation/cover";
import type { FriendlyContext, FriendlyEntry } from "./context";
import { coverOf } from "./cover";
import { toPeople } from "../scale";

/** Where a position alone can be set, these are it. */
const ENDS: ReadonlyMap<CoverCommand, number> = new Map([
  ["open", 100],
  ["close", 0],
]);

/** What a command asks of a cover; undefined where the device is none. */
export function commandEntries(command: CoverCommand, context: FriendlyContext): FriendlyEntry[] | undefined {
  const { control, position } = coverOf(context.dataPoints, context.values);
  if (control !== undefined) {
    const isNamed = context.dataPoints.get(control) !== undefined;
    return [[control, isNamed ? command : (coverWord(command, [], context.known(control)) ?? command)]];
  }
  const end = ENDS.get(command);
  return position === undefined || end === undefined ? undefined : [[position, end]];
}

/** A position in percent, 100 = open, or a change of the present one. */
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
