import { badInput, type TuyaError } from "../../errors";
import { readChange, unknownYet, UndecidedError } from "./change";
import { readNumber } from "../notation/number";
import { bareDataPoint, type DataPoint } from "../datapoint";
import type { DataPointMap } from "../datapoint-map";
import { describeValue } from "../describe";
import { toDevice } from "../scale";
import { FRIENDLY_WORDS, friendlyPoints } from "./points";
import type { Dps, DpValue } from "../../protocol/dps";

/**
 * All names a message may use instead of codes: `FRIENDLY_WORDS`, another spelling, and the commands of infra-red
 * blasters, which are sent and have no value to read. A code of the device with the same spelling always has priority.
 */
export const FRIENDLY_NAMES = [...FRIENDLY_WORDS, "color", "learn", "send"] as const;

/** One of `FRIENDLY_NAMES`. */
export type FriendlyName = (typeof FRIENDLY_NAMES)[number];

/** Values by friendly name, as a message gives them. */
export type FriendlyValues = { readonly [Name in FriendlyName]?: unknown };

/** A data point and the value for it, as `DataPointMap.encode` takes it. */
export type FriendlyEntry = readonly [dp: string, value: unknown];

/** The device that friendly names are meant for. */
export interface FriendlyOptions {
  /** Its table of data points. */
  readonly dataPoints: DataPointMap;
  /** Last known values of the device: they show what kind of device it is, and in what form it writes values. */
  readonly values: Dps;
  /** Converts as far as possible what does not fit, instead of throwing. */
  readonly force: boolean;
  /**
   * The value that a change starts from: the present one of a data point, or the one it is about to have. Throws
   * `UndecidedError` if that is not certain. Default: the last known value.
   */
  readonly present?: (dp: string) => DpValue | undefined;
}

/** What is known about a device while friendly names are read. */
export class FriendlyContext {
  readonly dataPoints: DataPointMap;
  readonly values: Dps;
  readonly force: boolean;
  /** See `FriendlyOptions`. */
  readonly present: (dp: string) => DpValue | undefined;

  constructor({ dataPoints, values, force, present }: FriendlyOptions) {
    this.dataPoints = dataPoints;
    this.values = values;
    this.force = force;
    this.present = present ?? ((dp) => this.known(dp));
  }

  /** The configuration of a data point; without one, a data point with a number and nothing else. */
  dataPoint(dp: string): DataPoint {
    return this.dataPoints.get(dp) ?? bareDataPoint(dp);
  }

  /** The last known value of a data point, as the device reported it; undefined if there is none. */
  known(dp: string): DpValue | undefined {
    return Object.hasOwn(this.values, dp) ? this.values[dp] : undefined;
  }

  /** The last value of a number, in device units, with the direction of an inverted data point reversed. */
  level(dp: string): number | undefined {
    return this.#levelOf(dp, this.known(dp));
  }

  /** The same for the present value. */
  presentLevel(dp: string): number | undefined {
    return this.#levelOf(dp, this.present(dp));
  }

  /**
   * A number within limits, or a change of the present one, which stops at them. Throws BAD_INPUT for anything else,
   * unless forced.
   */
  number(name: FriendlyName, value: unknown, { limits, unit, present }: NumberOptions): number {
    const [least, most] = limits;
    const change = readChange(value);
    if (change !== undefined && least >= 0) {
      const start = present();
      if (start === undefined) throw unknownYet(name);
      return Math.min(most, Math.max(least, start + change));
    }
    const number = readNumber(value);
    if (number !== undefined && (this.force || (number >= least && number <= most))) return number;
    throw badInput(
      `${name} takes a number from ${least} to ${most} ${unit}, not ${describeValue(value)}; a change such as "+10" is taken, too. Nothing was sent.`,
    );
  }

  /** The error of a friendly name that this device does not have, or whose data point is not known yet. */
  missing(name: string): TuyaError {
    const words = friendlyPoints(this.dataPoints, this.values).map(({ word }) => word);
    const known = words.length === 0 ? "" : ` It understands ${words.join(", ")}.`;
    const sentence = `This device has no known data point for ${name}.${known} Name the data point itself, or give it its usual code in the device's settings.`;
    return this.isUnknown ? new UndecidedError(sentence) : badInput(sentence);
  }

  /** Whether the device has reported nothing yet. */
  get isUnknown(): boolean {
    return Object.keys(this.values).length === 0;
  }

  #levelOf(dp: string, value: DpValue | undefined): number | undefined {
    const shown = value === undefined ? undefined : this.dataPoints.decode(dp, value);
    return typeof shown === "number" ? Math.round(toDevice(shown, this.dataPoint(dp))) : undefined;
  }
}

interface NumberOptions {
  readonly limits: readonly [least: number, most: number];
  readonly unit: string;
  /** The value a change starts from, called only for a change: see `FriendlyOptions.present`. */
  readonly present: () => number | undefined;
}
