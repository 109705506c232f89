import { resolveChange } from "./change";
import { type CoverCommand, coverWord, isCoverControl, isCoverPosition } from "../notation/cover";
import type { FriendlyContext, FriendlyEntry } from "./context";

/** Which data points of a cover do what, by number. */
interface Cover {
  readonly control: string | undefined;
  readonly position: string | undefined;
}

/** Words that only covers report. Others of their words are numbers, or those of a switch. */
const COVER_WORD = /^(?:open|close|stop|continue|fopen|fclose|up|down|ZZ|FZ|STOP)$/;
const CONTROL_DP = "1";
const POSITION_DP = "2";

/** Where a position alone can be set, these are it. */
const ENDS: ReadonlyMap<CoverCommand, number> = new Map([
  ["open", 100],
  ["close", 0],
]);

/** What a command asks of a cover; undefined where the device is none. */
export function commandEntries(command: CoverCommand, context: FriendlyContext): FriendlyEntry[] | undefined {
  const { control, position } = coverOf(context);
  if (control !== undefined) {
    const isNamed = context.dataPoints.get(control) !== undefined;
    return [[control, isNamed ? command : (coverWord(command, [], context.known(control)) ?? command)]];
  }
  const end = ENDS.get(command);
  return position === undefined || end === undefined ? undefined : [[position, end]];
}

/** A position in percent, 100 = open, or a change of the present one. */
export function positionEntries(value: unknown, context: FriendlyContext): FriendlyEntry[] {
  const dp = coverOf(context).position;
  if (dp === undefined) throw context.missing("position");
  const change = resolveChange(context.dataPoints, dp, value, context.known(dp));
  const { min = 0, max = 100, scale } = context.dataPoint(dp);
  const limits = [min / 10 ** scale, max / 10 ** scale] as const;
  return [[dp, context.number("position", change ?? value, { limits, unit: "percent", present: undefined })]];
}

/** By the codes that are configured, else by what the device reports where. */
function coverOf(context: FriendlyContext): Cover {
  const { dataPoints } = context;
  const byCode = {
    control: dataPoints.dataPoints.find(isCoverControl)?.dp,
    position: dataPoints.dataPoints.find(isCoverPosition)?.dp,
  };
  const isFree = (dp: string) => !dataPoints.get(dp)?.code;
  const word = context.known(CONTROL_DP);
  const isCover = isFree(CONTROL_DP) && typeof word === "string" && COVER_WORD.test(word);
  const hasPosition = isFree(POSITION_DP) && typeof context.known(POSITION_DP) === "number";
  return {
    control: byCode.control ?? (isCover ? CONTROL_DP : undefined),
    position: byCode.position ?? (isCover && hasPosition ? POSITION_DP : undefined),
  };
}
