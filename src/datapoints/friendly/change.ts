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
 * "+10" and "-10" as a text change a number by ten, in people's units, and end at its limits. "-10" means minus ten where
 * the data point is configured with a minimum below zero, for then it is one of its values. The numbers 10 and -10 are
 * always the value itself. Returns the value to set; undefined where the text is no change. Throws `UndecidedError` where
 * the present value is not known.
 *
 * @param known the value last reported, which tells what kind of value it is
 * @param present the value a change starts from; undefined where none is known
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

/** Why something cannot be changed by an amount. */
export function unknownYet(name: string): UndecidedError {
  return new UndecidedError(
    `${name} cannot be changed by an amount: the device has not reported its present value. Send the value itself.`,
  );
}

/**
 * A data point without a type may be a number as long as it has not reported anything else; what reports a number is one,
 * though its table calls it a text or a choice of words.
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

/** BAD_INPUT for as long as the device has not reported its values: once they are known, the same message may be clear. */
export class UndecidedError extends TuyaError {
  constructor(sentence: string) {
    super("BAD_INPUT", sentence);
  }
}
