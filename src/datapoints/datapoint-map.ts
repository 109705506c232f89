import { isDeepStrictEqual } from "node:util";
import { badInput } from "../errors";
import type { Conversion } from "./conversions/conversion";
import { conversionOf } from "./conversions/conversion-of";
import { bareDataPoint, type DataPoint, isDpNumber, isMeasured } from "./datapoint";
import { describeValue, describeWord } from "./describe";
import { firstSwitch } from "./first-switch";
import { writeJson } from "./notation/json-text";
import { isSwitchWord, isToggle } from "./notation/on-off";
import type { Dps, DpValue } from "../protocol/dps";

export interface EncodeOptions {
  /** Last value the device reported for the data point. If no type is configured, its JSON type is expected. */
  readonly known?: DpValue | undefined;
  /**
   * The values the device reported of its own (`TuyaDevice.ownValues`), which show in what form it writes bytes. Default:
   * `known` counts as one. Where a data point is missing, a word for on or off in `known` counts.
   */
  readonly own?: Dps | undefined;
  /** Converts as far as possible what does not fit, instead of throwing. */
  readonly force?: boolean | undefined;
}

/** A data point and its conversion. */
interface Converted {
  readonly dataPoint: DataPoint;
  readonly conversion: Conversion;
}

/** Names and conversions of one device: numbers and device units on the wire, codes and people's units in messages. */
export class DataPointMap {
  /** For a device without a table of data points. */
  static readonly EMPTY = new DataPointMap([]);

  readonly dataPoints: readonly DataPoint[];
  /** Numbers of those that are measurements by their code: devices report these late, or only when asked. */
  readonly measured: readonly number[];
  readonly #byDp: ReadonlyMap<string, Converted>;
  readonly #byCode: ReadonlyMap<string, DataPoint>;

  constructor(dataPoints: readonly DataPoint[]) {
    this.dataPoints = dataPoints;
    this.measured = dataPoints.filter(isMeasured).map(({ dp }) => Number(dp));
    this.#byDp = new Map(dataPoints.map((dataPoint) => [dataPoint.dp, converted(dataPoint)]));
    this.#byCode = new Map(
      dataPoints.filter(({ code }) => code !== "").map((dataPoint) => [dataPoint.code, dataPoint]),
    );
  }

  /** The configuration of a data point; undefined if there is none. */
  get(dp: string): DataPoint | undefined {
    return this.#byDp.get(dp)?.dataPoint;
  }

  /** The data point number of a name, which is a configured code or a number itself. Undefined for anything else. */
  numberOf(name: unknown): string | undefined {
    if (typeof name !== "string" && typeof name !== "number") return undefined;
    const text = String(name).trim();
    return isDpNumber(text) ? text : this.#byCode.get(text)?.dp;
  }

  /** As `numberOf`, but throws BAD_INPUT for an unknown name and lists those there are. */
  require(name: unknown): string {
    const dp = this.numberOf(name);
    if (dp !== undefined) return dp;
    const codes = [...this.#byCode.keys()];
    const remedy =
      codes.length === 0
        ? "no data point of this device has a name: use its number, or name it in the device's settings"
        : `use a number or one of ${codes.join(", ")}`;
    throw badInput(`${describeWord(name)} is no data point of this device; ${remedy}.`);
  }

  /** The name of a data point in messages: its code, or its number. */
  nameOf(dp: string): string {
    return this.get(dp)?.code || dp;
  }

  /** A reported value as messages show it. A value that does not fit what is configured passes unchanged. */
  decode(dp: string, raw: DpValue): unknown {
    const known = this.#byDp.get(dp);
    return known ? known.conversion.decode(raw, known.dataPoint) : raw;
  }

  /** Reported values by name: of all data points, or only those in `of`. */
  decodeAll(dps: Dps, of: readonly string[] = Object.keys(dps)): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const dp of of) setOwn(values, this.nameOf(dp), this.decode(dp, dps[dp]!));
    return values;
  }

  /**
   * A value from a message as the device needs it. Devices take a wrong JSON type for 0 or false, or crash, so a value
   * that cannot be converted safely throws BAD_INPUT, and so does a data point that is report only.
   */
  encode(dp: string, value: unknown, { known, own, force = false }: EncodeOptions = {}): DpValue {
    const subject = this.#describe(dp);
    if (value === undefined) throw badInput(`There is no value for ${subject}; nothing was sent.`);
    if (value === null && !force) {
      throw badInput(
        `null is no value for ${subject}: some devices switch on it. Nothing was sent; set msg.force to true to send it all the same.`,
      );
    }
    const { dataPoint, conversion } = this.#converted(dp);
    if (dataPoint.access === "ro" && !force) {
      throw badInput(
        `${subject} is only reported by the device and cannot be set; nothing was sent. Set msg.force to true to send it all the same.`,
      );
    }
    if (value === null) return null;
    const reported = own ? (own[dp] ?? switchWordIn(known)) : known;
    if (this.#isReported(dp, value, reported)) return reported;
    const coerced = conversion.encode(value, dataPoint, reported);
    if ("value" in coerced) return coerced.value;
    if (force && coerced.converted !== undefined) return coerced.converted;
    if (force && isJson(value)) return value;
    const remedy = coerced.remedy === undefined ? "" : ` ${coerced.remedy}`;
    throw badInput(
      `${subject} takes ${coerced.expects}, not ${describeValue(value)}; nothing was sent.${remedy}`,
    );
  }

  /** Whether an object is a value of this data point, and not a list of data points with values. */
  acceptsObject(dp: string, value: object, known: DpValue | undefined): boolean {
    const { dataPoint, conversion } = this.#converted(dp);
    return "value" in conversion.encode(value, dataPoint, known);
  }

  /** See `firstSwitch`. */
  firstSwitch(values: Dps): string | undefined {
    return firstSwitch(this.dataPoints, values);
  }

  /**
   * Whether "toggle" is a command for this data point; false if it is one of its values; undefined if that is not known
   * yet.
   */
  isSwitch(dp: string, known: DpValue | undefined): boolean | undefined {
    const { type, values } = this.get(dp) ?? {};
    if (type === "Boolean") return true;
    if (type === undefined || type === "Enum" || type === "String") {
      if (values?.some(isToggle)) return false;
      if (typeof known === "boolean" || isSwitchWord(known)) return true;
    }
    return type === undefined && (known === undefined || known === null) ? undefined : false;
  }

  #converted(dp: string): Converted {
    return this.#byDp.get(dp) ?? converted(bareDataPoint(dp));
  }

  /**
   * Whether a message has exactly the last reported value. Then that is sent, to the digit: the shown value may be
   * rounded.
   */
  #isReported(dp: string, value: unknown, known: DpValue | undefined): known is DpValue {
    return known !== undefined && isDeepStrictEqual(this.decode(dp, known), value);
  }

  #describe(dp: string): string {
    const name = this.nameOf(dp);
    return name === dp ? `Data point ${dp}` : `${name} (data point ${dp})`;
  }
}

/** Sets a property, even `__proto__`, which an assignment would take for the prototype. */
function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

function converted(dataPoint: DataPoint): Converted {
  return { dataPoint, conversion: conversionOf(dataPoint) };
}

/**
 * A word for on or off among the last values. A device that only repeats such a word takes it, so it shows the form the
 * device reads: in contrast to bytes, of which it stores any form.
 */
function switchWordIn(known: DpValue | undefined): string | undefined {
  return isSwitchWord(known) ? known : undefined;
}

function isJson(value: unknown): value is DpValue {
  return writeJson(value) !== undefined;
}
