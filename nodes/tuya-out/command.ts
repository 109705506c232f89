import { resolveChange, UndecidedError } from "../../src/datapoints/friendly/change";
import { isToggle, readBoolean } from "../../src/datapoints/notation/on-off";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { exampleFor } from "../../src/datapoints/friendly/example";
import {
  colourPointEntries,
  isFriendlyName,
  isMereSwitch,
  readFriendly,
  readFriendlyValue,
} from "../../src/datapoints/friendly/friendly";
import type { FriendlyEntry, FriendlyOptions } from "../../src/datapoints/friendly/context";
import { isInfraredCommand, learnedEntries } from "../../src/datapoints/friendly/infrared-entries";
import { friendlyPoints } from "../../src/datapoints/friendly/points";
import type { Dps, DpValue } from "../../src/protocol/dps";
import { badInput, type TuyaError } from "../../src/errors";
import type { EventMode } from "../../src/import/event-mode";
import type { ExpectedValues } from "../../src/session/requests/set-command";
import { foreignValue } from "./foreign-value";
import { isForced, type Operation, readOperation } from "./operation";
import { presentValue } from "./present-value";
import { isPlainObject, type Properties } from "../runtime/properties";

/** The command in a message to tuya-out, with data point numbers and device units. `cid` names the sub-device it is for. */
export type Command =
  | {
      readonly kind: "set";
      readonly dps: Dps;
      readonly cid: string | undefined;
      /** `false` = a later set must not replace this one. */
      readonly merge?: false;
    }
  | { readonly kind: "query"; readonly cid: string | undefined }
  /** `dps` undefined = the measured data points. */
  | {
      readonly kind: "refresh";
      readonly dps: readonly number[] | undefined;
      readonly cid: string | undefined;
    }
  | { readonly kind: "connect" | "disconnect" | "reconnect" }
  /** For the compatible tuya-in nodes of the device. */
  | { readonly kind: "event-mode"; readonly mode: EventMode }
  /** A setting of another package that has no effect here. `says`: the sentence that tells so. */
  | { readonly kind: "nothing"; readonly says: string }
  /** Can be read only when the device has reported its values. `error`: the error if it does not. */
  | { readonly kind: "undecided"; readonly error: TuyaError; readonly cid: string | undefined };

/** What is known about the device of a message. */
export interface CommandContext {
  readonly deviceId: string;
  /** The name with which topics of tuya-in begin. */
  readonly name: string;
  /** Another name that a topic may have before its slash. */
  readonly called?: string | undefined;
  /** The cid, if the chosen device is a sub-device. */
  readonly cid: string | undefined;
  /** The data point chosen in the node, by number or code; "" = none. */
  readonly chosen: string;
  readonly dataPoints: DataPointMap;
  /** The data points of a sub-device on the same connection, if it is configured. */
  dataPointsOf(cid: string | undefined): DataPointMap;
  /** Last known values of the device or of a sub-device. */
  values(cid: string | undefined): Dps;
  /** The values the device reported of its own; default: all last known ones. See `TuyaDevice.ownValues`. */
  ownValues?(cid: string | undefined): Dps;
  /** The values that changes such as a toggle start from; default: the last known values, all of them certain. */
  expected?(cid: string | undefined): ExpectedValues;
  /** Whether the device was just queried, so that its values count as certain. Default false. */
  readonly isRead?: boolean;
}

/** Reads a message. Throws BAD_INPUT for what cannot be sent; never changes the message. */
export function readCommand(msg: Properties, context: CommandContext): Command {
  const operation = readOperation(msg, context);
  switch (operation.kind) {
    case "set":
    case "set-one":
    case "set-many":
      return new SetReader(msg, operation, context).read();
    case "refresh": {
      const { dataPoints } = addressee(operation, context);
      const dps = operation.names?.map((name) => Number(dataPoints.require(name)));
      return { kind: "refresh", dps: dps?.length === 0 ? undefined : dps, cid: operation.cid };
    }
    case "query":
    case "connect":
    case "disconnect":
    case "reconnect":
    case "event-mode":
    case "nothing":
      return operation;
  }
}

/** The context for the addressed sub-device. The table of a device does not apply to a sub-device behind it. */
function addressee({ cid }: { readonly cid: string | undefined }, context: CommandContext) {
  const dataPoints = cid === context.cid ? context.dataPoints : context.dataPointsOf(cid);
  return { dataPoints, values: context.values(cid) };
}

type SetOperation = Extract<Operation, { kind: "set" | "set-one" | "set-many" }>;

/** Reads the values of one set. */
class SetReader {
  readonly #msg: Properties;
  readonly #operation: SetOperation;
  readonly #context: CommandContext;
  readonly #dataPoints: DataPointMap;
  readonly #values: Dps;
  #expected: ExpectedValues | undefined;
  readonly #force: boolean;
  #own: Dps | undefined;
  /** Data points whose values are in device units: those named by number in the other package's format. */
  readonly #foreign = new Set<string>();

  constructor(msg: Properties, operation: SetOperation, context: CommandContext) {
    this.#msg = msg;
    this.#operation = operation;
    this.#context = context;
    const { dataPoints, values } = addressee(operation, context);
    this.#dataPoints = dataPoints;
    this.#values = values;
    this.#force = isForced(msg);
  }

  read(): Command {
    const { cid } = this.#operation;
    try {
      // If a data point is named twice, the later value counts.
      const values = [...new Map(this.#entries())].map(
        ([dp, value]) => [dp, this.#encode(dp, value)] as const,
      );
      const dps: Dps = Object.fromEntries(values);
      return { kind: "set", dps, cid, ...(isInfraredCommand(dps, this.#friendly) && { merge: false }) };
    } catch (error) {
      if (error instanceof UndecidedError) return { kind: "undecided", error, cid };
      throw error;
    }
  }

  /** The data point numbers and their values. */
  #entries(): readonly FriendlyEntry[] {
    const operation = this.#operation;
    switch (operation.kind) {
      case "set-one":
        this.#noteForeign([operation.name]);
        return this.#one(operation.name, operation.value);
      case "set-many":
        if (operation.isForeign) this.#noteForeign(Object.keys(operation.values));
        return this.#list(operation.values);
      case "set": {
        const { value } = operation;
        const name = this.#targetName(value);
        if (isPlainObject(value) && !this.#isValueOf(name, value)) return this.#object(value);
        return name === undefined ? this.#unnamed(value) : this.#one(name, value);
      }
    }
  }

  #noteForeign(names: readonly unknown[]): void {
    for (const name of names) {
      const dp = DataPointMap.EMPTY.numberOf(name);
      if (dp !== undefined) this.#foreign.add(dp);
    }
  }

  #one(name: unknown, value: unknown): readonly FriendlyEntry[] {
    if (typeof name === "string" && isFriendlyName(name.trim()) && this.#numberOf(name) === undefined) {
      return readFriendly({ [name.trim()]: value }, this.#friendly);
    }
    return this.#named(name, value);
  }

  #named(name: unknown, value: unknown): readonly FriendlyEntry[] {
    const dp = this.#dataPoints.require(name);
    const isForeign = this.#foreign.has(dp);
    const meant = isForeign ? undefined : colourPointEntries(dp, value, this.#friendly);
    return meant ?? learnedEntries(dp, value, this.#friendly) ?? [[dp, value]];
  }

  /** Reads data points and friendly names. Values of codes come last, so that they count. */
  #list(values: Properties): readonly FriendlyEntry[] {
    const entries = Object.entries(values);
    if (entries.length === 0) throw badInput("The message names no data point: its list of values is empty.");
    const isFriendly = (name: string) => this.#numberOf(name) === undefined && isFriendlyName(name);
    const friendly = entries.filter(([name]) => isFriendly(name));
    const named = entries.filter(([name]) => !isFriendly(name));
    const meant = named.map(([name, value]) => this.#named(name, value));
    return [
      ...(friendly.length === 0 ? [] : readFriendly(Object.fromEntries(friendly), this.#friendly)),
      // Further data points that a colour sets come first, so that values in the message override them.
      ...meant.filter(({ length }) => length > 1).flat(),
      ...meant.filter(({ length }) => length === 1).flat(),
    ];
  }

  /** Reads an object: a list of data points, or (if it names none) a value such as the colour {h, s, v}. */
  #object(value: Properties): readonly FriendlyEntry[] {
    const namesNone = Object.keys(value).every(
      (name) => this.#numberOf(name) === undefined && !isFriendlyName(name),
    );
    const colour = namesNone ? readFriendlyValue(value, this.#friendly) : undefined;
    return colour ?? this.#list(value);
  }

  /** Whether an object is the value of a data point, and not a list of data points. */
  #isValueOf(name: unknown, object: object): boolean {
    const dp = this.#numberOf(name);
    return (
      dp !== undefined &&
      this.#dataPoints.acceptsObject(dp, object, this.#known(dp)) &&
      !Object.keys(object).some((key) => this.#numberOf(key) !== undefined)
    );
  }

  /** The name of the data point in the node, `msg.dp` or `msg.topic`. */
  #targetName(value: unknown): unknown {
    if (this.#context.chosen !== "") return this.#context.chosen;
    const dp = this.#msg["dp"];
    return dp === undefined || dp === null || dp === "" ? this.#topicTarget(value) : dp;
  }

  /** Reads a value without a name: a colour, a command to a cover, an infra-red code, or a switch. */
  #unnamed(value: unknown): readonly FriendlyEntry[] {
    if (value === undefined) throw badInput("The message has no payload: there is nothing to send.");
    const friendly = readFriendlyValue(value, this.#friendly);
    if (friendly) return friendly;
    if (!isSwitchCommand(value) && !(isSwitchNumber(value) && isMereSwitch(this.#friendly))) {
      const example = exampleFor(this.#dataPoints, this.#values);
      const object = example === undefined ? "an object" : `an object such as ${example}`;
      throw badInput(
        `The message does not say which data point is meant. Choose it in the node, name it in msg.dp or msg.topic, or send ${object}.`,
      );
    }
    const dp = this.#dataPoints.firstSwitch(this.#values);
    if (dp !== undefined) return [[dp, readBoolean(value) ?? value]];
    const sentence =
      "The device has no known data point for on and off. Choose the data point in the node or name it in msg.dp.";
    throw Object.keys(this.#values).length === 0 ? new UndecidedError(sentence) : badInput(sentence);
  }

  /** The data point named by the topic. A topic is free text: if it names none, it means nothing. */
  #topicTarget(value: unknown): string | undefined {
    const topic = this.#msg["topic"];
    if (typeof topic !== "string" && typeof topic !== "number") return undefined;
    const text = String(topic).trim();
    const { name, deviceId, cid, called } = this.#context;
    const prefix = [called, name, deviceId, cid]
      .map((start) => `${start}/`)
      .find((start) => text.startsWith(start));
    const end = text.slice(prefix?.length ?? 0);
    if (this.#isWordFor(end, value)) return end;
    const dp = this.#dataPoints.numberOf(end);
    return dp !== undefined && (dp.length <= MAX_TOPIC_DIGITS || this.#dataPoints.get(dp)) ? dp : undefined;
  }

  /**
   * Whether a topic ends in a friendly name of the device that accepts this value: true or false, for example, is no
   * brightness.
   */
  #isWordFor(end: string, value: unknown): boolean {
    if (end !== "on" && isSwitchCommand(value)) return false;
    return friendlyPoints(this.#dataPoints, this.#values).some(({ word }) => word === end);
  }

  #encode(dp: string, value: unknown): DpValue {
    const known = this.#known(dp);
    const own = (this.#own ??= this.#context.ownValues?.(this.#operation.cid) ?? this.#values);
    if (isToggle(value) && this.#dataPoints.isSwitch(dp, known) !== false) {
      return this.#dataPoints.encode(dp, this.#toggled(dp), { known, own, force: this.#force });
    }
    if (this.#foreign.has(dp)) {
      const raw = foreignValue(value, this.#dataPoints.get(dp), known);
      return DataPointMap.EMPTY.encode(dp, raw, { known, force: this.#force });
    }
    const change = resolveChange(this.#dataPoints, dp, value, known, () => this.#present(dp));
    return this.#dataPoints.encode(dp, change ?? value, { known, own, force: this.#force });
  }

  #toggled(dp: string): boolean {
    const present = this.#present(dp);
    const isOn = present === undefined ? undefined : readBoolean(this.#dataPoints.decode(dp, present));
    if (isOn !== undefined) return !isOn;
    throw new UndecidedError(
      `${this.#dataPoints.nameOf(dp)} cannot be toggled: the device has not reported whether it is on. Send true or false.`,
    );
  }

  #numberOf(name: unknown): string | undefined {
    return this.#dataPoints.numberOf(name);
  }

  #known(dp: string): DpValue | undefined {
    return Object.hasOwn(this.#values, dp) ? this.#values[dp] : undefined;
  }

  /** See `FriendlyOptions.present`. */
  #present(dp: string): DpValue | undefined {
    this.#expected ??= this.#context.expected?.(this.#operation.cid);
    return this.#expected
      ? presentValue(dp, this.#expected, this.#dataPoints, this.#context.isRead ?? false)
      : this.#known(dp);
  }

  get #friendly(): FriendlyOptions {
    return {
      dataPoints: this.#dataPoints,
      values: this.#values,
      force: this.#force,
      present: (dp) => this.#present(dp),
    };
  }
}

/** Data points have numbers from 1 to 255; a longer number in a topic is a year or an id. */
const MAX_TOPIC_DIGITS = 3;

/** Whether a value can only be meant for a switch. 1 and 0 can mean anything. */
function isSwitchCommand(value: unknown): boolean {
  if (typeof value === "string") return SWITCH_WORDS.includes(value.trim().toLowerCase());
  return typeof value === "boolean";
}

/** Whether a value is 1 or 0, which means on or off for a device that is only a switch. */
function isSwitchNumber(value: unknown): boolean {
  return readBoolean(value) !== undefined;
}

const SWITCH_WORDS: readonly string[] = ["on", "off", "true", "false", "toggle"];
