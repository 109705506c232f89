import { parseNumber } from "../notation/number";
import type { DataPoint } from "../datapoint";
import type { DataPointMap } from "../datapoint-map";
import { toPeople } from "../scale";
import type { DpValue } from "../../protocol/dps";
import { TuyaError } from "../../errors";

/** A change such as "+10" or "-2.5"; undefined for anything else, numbers included. */
export function readChange(value: unknown): number | undefined {
  return typeof value === "string" && /^\s*[+-]/.test(value) ? parseNumber(value) : undefined;
}

/**
 * The texts "+10" and "-10" change a number by ten, in people's units, within its limits. If the data point is configured
 * with a minimum below zero, "-10" is the value minus ten. The numbers 10 and -10 are always values. Returns the value to
 * set; undefined if the text is no change. Throws `UndecidedError` if the present value is not known.
 *
 * @param known the last reported value, which shows the type
 * @param present the value that the change starts from; undefined = not known
 */
export function resolveChange(
  dataPoints: DataPointMap,
  dp: string,
  value: unknown,
  known: DpValue | undefined,
  present: () => DpValue | undefined = () => known,
): number | undefined {
  const change = readChange(value);
  const dataPoint = dataPoints.get(dp);
  if (change === undefined || !isNumeric(dataPoint, known)) return undefined;
  if (change < 0 && dataPoint?.min !== undefined && dataPoint.min < 0) return undefined;
  const start = present();
  const shown = start === undefined ? undefined : dataPoints.decode(dp, start);
  if (typeof shown !== "number") throw unknownYet(dataPoints.nameOf(dp));
  return clamp(shown + change, dataPoint);
}

/** The error of a change whose starting value is not known. */
export function unknownYet(name: string): UndecidedError {
  return new UndecidedError(
    `${name} cannot be changed by an amount: the device has not reported its present value. Send the value itself.`,
  );
}

/**
 * Whether a data point is a number: an Integer; one without a type that has reported a number, or nothing yet; also an
 * Enum or a String that reports numbers.
 */
function isNumeric(dataPoint: DataPoint | undefined, known: DpValue | undefined): boolean {
  const type = dataPoint?.type;
  if (type === "Integer") return true;
  if (type === undefined) return known === undefined || known === null || typeof known === "number";
  return (type === "Enum" || type === "String") && typeof known === "number";
}

function clamp(value: number, dataPoint: DataPoint | undefined): number {
  if (!dataPoint) return value;
  const { min = -Infinity, max = Infinity } = dataPoint;
  return Math.min(toPeople(max, dataPoint), Math.max(toPeople(min, dataPoint), value));
}

/** BAD_INPUT because the device has not reported its values yet: once they are known, the same message may be valid. */
export class UndecidedError extends TuyaError {
  constructor(sentence: string) {
    super("BAD_INPUT", sentence);
  }
}
