import type { Dps } from "../../protocol/dps";
import type { PointTable } from "./point-table";
import { coverControl, isCoverPosition } from "../notation/cover";

/** The data points of a cover, by number. */
export interface Cover {
  readonly control: string | undefined;
  /** The position to move to. */
  readonly position: string | undefined;
  /** The present position, for covers that report it. */
  readonly reached: string | undefined;
}

/** Words that only covers report. Other words of covers are numbers, or also used by switches. */
const COVER_WORD = /^(?:open|close|stop|continue|fopen|fclose|up|down|ZZ|FZ|STOP)$/;
const CONTROL_DP = "1";
const POSITION_DP = "2";
const REACHED_CODE = /^percent_state(?:_1)?$/;

/** Finds the data points of a cover by the configured codes; if there are none, by the reported values. */
export function coverOf({ dataPoints }: PointTable, values: Dps): Cover {
  const byCode = {
    control: coverControl(dataPoints)?.dp,
    position: dataPoints.find(isCoverPosition)?.dp,
  };
  const isFree = (dp: string) => !dataPoints.some((each) => each.dp === dp && each.code !== "");
  const known = (dp: string) => (Object.hasOwn(values, dp) ? values[dp] : undefined);
  const word = known(CONTROL_DP);
  const isCover = isFree(CONTROL_DP) && typeof word === "string" && COVER_WORD.test(word);
  const hasPosition = isFree(POSITION_DP) && typeof known(POSITION_DP) === "number";
  return {
    control: byCode.control ?? (isCover ? CONTROL_DP : undefined),
    position: byCode.position ?? (isCover && hasPosition ? POSITION_DP : undefined),
    reached: dataPoints.find(({ code }) => REACHED_CODE.test(code))?.dp,
  };
}
