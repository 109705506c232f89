import type { PointTable } from "./point-table";

/** The data points of a climate device or a fan, by number. */
export interface Climate {
  /** The temperature to reach. */
  readonly target: string | undefined;
  readonly mode: string | undefined;
  /** Of a fan. */
  readonly speed: string | undefined;
}

const TARGET_CODE = /^(?:temp_set|set_temp|target_temp|temp_target)(?:_[cf])?$/;
const SPEED_CODE = /^(?:fan_speed|windspeed|speed)(?:_percent|_enum)?$/;
const MODE_CODE = /^(?:mode|work_mode|hvac_mode|fan_mode)$/;

/** Finds the data points by their configured codes. Reported values do not tell a climate device from others. */
export function climateOf({ dataPoints }: PointTable): Climate {
  const byCode = (code: RegExp) =>
    dataPoints.find((dataPoint) => code.test(dataPoint.code) && dataPoint.access !== "ro")?.dp;
  const [target, speed] = [byCode(TARGET_CODE), byCode(SPEED_CODE)];
  // A lamp has a mode as well, with another meaning.
  const isLamp = dataPoints.some(({ code }) => /^(?:bright_value|colou?r_data)/.test(code));
  const mode = byCode(isLamp ? /^fan_mode$/ : MODE_CODE);
  return { target, speed, mode: target === undefined && speed === undefined ? undefined : mode };
}
