import type { DataPoint } from "../datapoint";

/** Limits of a brightness or colour temperature in device units. */
export interface LevelRange {
  readonly min: number;
  readonly max: number;
}

/** Colour temperatures of a lamp in kelvin. */
export interface KelvinRange {
  /** At the least level. */
  readonly warm: number;
  /** At the largest level. */
  readonly cold: number;
}

/** The usual range of lamps with warm and cold white. No device reports its range. */
export const USUAL_KELVIN: KelvinRange = { warm: 2700, cold: 6500 };

const STEPS_8_BIT = 255;
const STEPS = 1000;
/** Larger than rounding errors of binary fractions, smaller than any step. */
const NOISE = 1e-6;

/**
 * The range of a brightness: as configured; otherwise guessed from its last value, its code or its number. Lamps refuse
 * values below the minimum, which is 10 of 1000, or 25 of 255. `known` is the last value in device units.
 */
export function brightnessRange(dataPoint: DataPoint, known: number | undefined): LevelRange {
  return rangeOf(dataPoint, guessMax(dataPoint, known, ["2", "3"]), (max) =>
    max === STEPS ? 10 : max === STEPS_8_BIT ? 25 : 0,
  );
}

/** The range of a colour temperature, from warm to cold. `known` is the last value in device units. */
export function temperatureRange(dataPoint: DataPoint, known: number | undefined): LevelRange {
  return rangeOf(dataPoint, guessMax(dataPoint, known, ["3", "4"]), () => 0);
}

/** A percentage of the maximum, rounded down as in tinytuya, and not less than the minimum. */
export function percentToLevel(percent: number, range: LevelRange): number {
  return clamp(Math.floor((range.max * percent) / 100 + NOISE), range);
}

/** The percentage from which `percentToLevel` makes this level again. One decimal is enough for ranges up to 1000. */
export function levelToPercent(level: number, { max }: LevelRange): number {
  // Adding 0 turns -0 into 0.
  return (Math.ceil((level / max) * 1000 - NOISE) + 0) / 10;
}

/** A colour temperature as a level, linear in kelvin. Limited to the range of the lamp. */
export function kelvinToLevel(
  kelvin: number,
  range: LevelRange,
  { warm, cold }: KelvinRange = USUAL_KELVIN,
): number {
  const share = (kelvin - warm) / (cold - warm);
  return clamp(Math.round(range.min + share * (range.max - range.min)), range);
}

/** A level as a colour temperature, in whole kelvin. */
export function levelToKelvin(
  level: number,
  range: LevelRange,
  { warm, cold }: KelvinRange = USUAL_KELVIN,
): number {
  const share = (level - range.min) / (range.max - range.min);
  return Math.round(warm + share * (cold - warm));
}

/** The configured range, completed by what is usual. Limits that leave no range, such as a max of 0, do not count. */
function rangeOf(
  { min, max }: Pick<DataPoint, "min" | "max">,
  usualMax: number,
  usualMinOf: (max: number) => number,
): LevelRange {
  const most = max !== undefined && max > Math.max(0, min ?? 0) ? max : usualMax;
  return { min: min !== undefined && min < most ? min : usualMinOf(most), max: most };
}

/** Data points of the first generation count to 255, unless a larger value was reported. */
function guessMax({ dp, code }: DataPoint, known: number | undefined, old: readonly string[]): number {
  if (known !== undefined && known > STEPS_8_BIT) return STEPS;
  return old.includes(dp) && !/_v2$|_\d$/.test(code) ? STEPS_8_BIT : STEPS;
}

function clamp(level: number, { min, max }: LevelRange): number {
  return Math.min(max, Math.max(min, level));
}
