import type { Behaviour } from "./behaviours";
import type { Dps, DpValue } from "../protocol/dps";

/** What a data point can hold, in the words of the vendor's schema. */
export interface DpSchema {
  readonly kind: "bool" | "value" | "enum" | "string" | "bitmap" | "raw";
  /** Of an enum: the values it knows. */
  readonly range?: readonly string[] | undefined;
  /** Of a value. A device obeys a set outside these limits and then never reports the value. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Sets are acknowledged and have no effect. */
  readonly readOnly?: boolean | undefined;
  /** Of a string: characters it can hold. */
  readonly maxLength?: number | undefined;
}

/** What the data points of a device can hold, by their numbers. */
export type Schema = Readonly<Record<string, DpSchema>>;

/** What a set did. Data points that are unknown, read-only or refused appear in neither. */
export interface Applied {
  readonly changed: Dps;
  /** Data points that were set to the value they already had. */
  readonly same: Dps;
}

/**
 * The data points of a device or sub-device. Kinds come from the schema, and where it is silent from the values the
 * device started with; a data point that is in neither does not exist.
 */
export class DataModel {
  readonly #values = new Map<string, DpValue>();
  readonly #schema = new Map<string, DpSchema>();
  /** Data points whose value has changed since a client was last told. */
  readonly #unreported = new Set<string>();

  constructor(dps: Dps = {}, schema: Schema = {}) {
    for (const [dp, definition] of Object.entries(schema)) this.#schema.set(dp, definition);
    for (const [dp, value] of Object.entries(dps)) this.#values.set(dp, value);
  }

  /** Everything, reportable or not. */
  get values(): Dps {
    return Object.fromEntries(this.#values);
  }

  /** What a query answers: all values but those outside their limits. */
  report(): Dps {
    this.#unreported.clear();
    return this.#reportable([...this.#values]);
  }

  /** Of these data points, the values that have changed since a client was last told. */
  reportUnreported(dps: readonly string[]): Dps {
    return this.read(dps.filter((dp) => this.#unreported.delete(dp)));
  }

  /** The values of those of these data points that have one. */
  read(dps: readonly string[]): Dps {
    return this.#reportable(
      dps.flatMap((dp) => {
        const value = this.#values.get(dp);
        return value === undefined ? [] : [[dp, value] as const];
      }),
    );
  }

  /** Whether the device has this data point, with a value or not. */
  has(dp: string): boolean {
    return this.#values.has(dp) || this.#schema.has(dp);
  }

  /** The device itself changes: whatever is given is true from now on. Returns what may be reported of it. */
  change(dps: Dps): Dps {
    const entries = Object.entries(dps);
    for (const [dp, value] of entries) {
      this.#values.set(dp, value);
      this.#unreported.delete(dp);
    }
    return this.#reportable(entries);
  }

  /** The device measures something new and keeps it for itself until it is asked. */
  measure(dps: Dps): void {
    for (const [dp, value] of Object.entries(dps)) {
      if (this.#values.get(dp) !== value) this.#unreported.add(dp);
      this.#values.set(dp, value);
    }
  }

  /**
   * A client sets data points.
   * @param hasPoorTexts whether the device has the fault `poorTexts`
   */
  apply(dps: Dps, wrongType: Behaviour["wrongType"], hasPoorTexts = false): Applied {
    const changed: [string, DpValue][] = [];
    const same: [string, DpValue][] = [];
    for (const [dp, wanted] of Object.entries(dps)) {
      const definition = this.#definitionOf(dp);
      if (!definition || definition.readOnly) continue;
      const value = convert(wanted, definition, wrongType);
      if (value === undefined || (hasPoorTexts && isRefusedText(value, definition))) continue;
      (this.#values.get(dp) === value ? same : changed).push([dp, value]);
      this.#values.set(dp, value);
      this.#unreported.delete(dp);
    }
    return { changed: this.#reportable(changed), same: this.#reportable(same) };
  }

  #definitionOf(dp: string): DpSchema | undefined {
    const definition = this.#schema.get(dp);
    if (definition) return definition;
    const value = this.#values.get(dp);
    if (typeof value === "boolean") return { kind: "bool" };
    if (typeof value === "number") return { kind: "value" };
    return typeof value === "string" ? { kind: "string" } : undefined;
  }

  #reportable(entries: readonly (readonly [string, DpValue])[]): Dps {
    return Object.fromEntries(
      entries.filter(([dp, value]) => {
        const { min = -Infinity, max = Infinity } = this.#schema.get(dp) ?? {};
        return typeof value !== "number" || (value >= min && value <= max);
      }),
    );
  }
}

/** Whether a device that is bad at texts does without this one. */
function isRefusedText(value: DpValue, { kind, maxLength = Infinity }: DpSchema): boolean {
  return kind === "string" && typeof value === "string" && (value.includes('"') || value.length >= maxLength);
}

const LEAST_INT = -0x8000_0000;
const MOST_INT = 0x7fff_ffff;

/** The value a device stores for what it was sent; undefined = not applied. */
function convert(
  wanted: DpValue,
  definition: DpSchema,
  wrongType: Behaviour["wrongType"],
): DpValue | undefined {
  const zeroed = wrongType === "zeroed";
  const first = definition.range?.[0];
  switch (definition.kind) {
    case "bool":
      if (typeof wanted === "boolean") return wanted;
      return zeroed ? false : undefined;
    case "value":
      if (typeof wanted === "number") return integer(wanted, zeroed);
      return zeroed ? Number(wanted === true) : undefined;
    case "bitmap":
      if (typeof wanted === "number") return Math.trunc(wanted);
      return zeroed || wanted === null ? 0 : undefined;
    case "enum":
      if (typeof wanted === "string") return definition.range?.includes(wanted) ? wanted : undefined;
      return zeroed || wanted === null || typeof wanted === "number" ? first : undefined;
    case "string":
      return typeof wanted === "string" ? wanted : undefined;
    case "raw":
      if (typeof wanted !== "string") return undefined;
      return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(wanted) ? wanted : "";
  }
}

/** A number beyond what a device can count to becomes the last it can, or is dropped. */
function integer(wanted: number, isClamped: boolean): number | undefined {
  const fitting = Math.min(MOST_INT, Math.max(LEAST_INT, Math.trunc(wanted)));
  return isClamped || fitting === Math.trunc(wanted) ? fitting : undefined;
}
