import type { DataPoint } from "../../../src/datapoints/datapoint";
import type { FriendlyWord } from "../../../src/datapoints/friendly/points";
import { toDevice, toPeople } from "../../../src/datapoints/scale";
import type { Dps, DpValue } from "../../../src/protocol/dps";
import type { NamedDp } from "./device-codes";
import type { LiveValues } from "./live-values";
import { shownValue } from "./shown-value";

/** Example values of friendly names that do not depend on the device. */
const OF_WORDS: Readonly<Record<FriendlyWord, unknown>> = {
  on: true,
  brightness: 60,
  colour: "#0000ff",
  temperature: 40,
  kelvin: 2700,
  position: 100,
  target: 21,
  mode: "auto",
  speed: 2,
};

/** Example values of meters and sensors by unit, in people's units; used if they are within the limits. */
const OF_UNITS: Readonly<Record<string, number>> = {
  V: 230.1,
  W: 100.2,
  mA: 436,
  A: 0.44,
  kWh: 1.25,
  Hz: 50,
  "°C": 21.5,
  "%": 60,
  K: 2700,
};

/** In device units; used if neither unit nor limits tell more. */
const ANY_NUMBER = 25;

/** An example value in JavaScript's notation. */
export interface ExampleValue {
  readonly dp: string;
  readonly token: string;
  /** The value in a message: the present one, or a likely one. */
  readonly shown: string;
  /** The same in device units; "" if it is not known. */
  readonly raw: string;
}

/**
 * Example values for messages of a device: for the chosen names, otherwise for typical data points.
 *
 * @param known the data points of the device
 * @param live its present values, which are better examples than likely ones
 * @param count how many at most
 */
export function exampleValues(
  known: readonly NamedDp[],
  chosen: readonly string[],
  live: LiveValues,
  count: number,
): readonly ExampleValue[] {
  const named = chosen.flatMap((name) => known.find(({ dp, token }) => token === name || dp === name) ?? []);
  const all = known.filter((each) => each.word === undefined && sampleOf(each) !== undefined);
  const points = named.length > 0 ? named : switchAndNumber(all);
  return points.slice(0, count).map((each) => {
    const now = live[each.dp];
    const sample = sampleOf(each);
    return {
      dp: each.dp,
      token: each.token,
      shown: written(now ?? sample?.value),
      raw: written(sample?.raw),
    };
  });
}

/**
 * Likely values of all these data points: by number in device units, by friendly name as messages show them. Those that can
 * have any value are left out.
 */
export function likelyValues(known: readonly NamedDp[]): Dps {
  const likely = known.flatMap((each) => {
    const { dp, word } = each;
    const sample = sampleOf(each);
    const value = word === undefined ? sample?.raw : OF_WORDS[word];
    return value === undefined ? [] : [[dp, value as DpValue] as const];
  });
  return Object.fromEntries(likely);
}

/** A switch and a number are better examples than the first two data points. */
function switchAndNumber(known: readonly NamedDp[]): readonly NamedDp[] {
  const first = known.find(({ dataPoint }) => dataPoint?.type === "Boolean") ?? known[0];
  const measured = known.filter(({ dataPoint }) => dataPoint?.type === "Integer" && dataPoint.unit);
  const second =
    measured.find(({ dataPoint }) => dataPoint?.access === "ro" || dataPoint?.scale) ??
    measured[0] ??
    known.find((each) => each !== first);
  return [first, second].filter((each) => each !== undefined);
}

/** A likely value, as messages show it and in device units; undefined if it could be any. */
function sampleOf({
  word,
  dataPoint,
}: NamedDp): { readonly value: unknown; readonly raw: unknown } | undefined {
  if (!dataPoint) return word && { value: OF_WORDS[word], raw: undefined };
  const { type, values } = dataPoint;
  if (type === "Boolean") return { value: true, raw: true };
  if (type === "Enum" && values.length > 0) return { value: values[0], raw: values[0] };
  if (type === "Bitmap" && values.length > 0) return { value: [values[0]], raw: 1 };
  if (type !== "Integer") return undefined;
  const raw = likelyNumber(dataPoint);
  return { value: toPeople(raw, dataPoint), raw };
}

/** A number within the limits, in device units. */
function likelyNumber(dataPoint: DataPoint): number {
  const { min = -Infinity, max = Infinity, unit = "" } = dataPoint;
  const usual = OF_UNITS[unit];
  const raw = usual === undefined ? ANY_NUMBER : Math.round(toDevice(usual, dataPoint));
  if (raw >= min && raw <= max) return raw;
  return Number.isFinite(min + max) ? Math.round((min + max) / 2) : Math.max(min, Math.min(max, 0));
}

/** A value in JavaScript's notation, shortened if it is long; "…" if there is none. */
function written(value: unknown): string {
  if (value === undefined || value === null) return "…";
  if (typeof value !== "object") return JSON.stringify(value);
  return Array.isArray(value) && value.length < 4 ? JSON.stringify(value) : shownValue(value, undefined);
}
