import type { DataPointMap } from "../datapoints/datapoint-map";
import { isFriendlyName } from "../datapoints/friendly/friendly";
import { describeWord } from "../datapoints/describe";
import { badInput } from "../errors";
import type { Dps } from "../protocol/dps";
import { objectPayload, readFriendlyPayload, readPayload } from "./read-payload";
import type { DeviceTopics } from "./topics";
import type { VirtualValue } from "./types";

/** Values by data point number, code or friendly name, as `payload.dps` of tuya-out takes them. */
export type RequestedValues = Readonly<Record<string, unknown>>;

/** What is known about the device that gets a command. */
export interface CommandedDevice {
  readonly topics: DeviceTopics;
  readonly dataPoints: DataPointMap;
  readonly virtual: readonly VirtualValue[];
  /** The last known values, in device units by data point number. */
  readonly values: Dps;
}

/**
 * Reads a command to `B/D/<name>/set`. An unknown name is passed on: it is refused later, with a list of the names there
 * are.
 *
 * @param name level of a data point or a virtual value, or a friendly name
 * @throws BAD_INPUT for an impossible payload
 */
export function readValueCommand(name: string, payload: unknown, device: CommandedDevice): RequestedValues {
  return readNamed(name, payload, device, false);
}

/** @param isJson whether the value was inside JSON: see `readPayload` */
function readNamed(
  name: string,
  payload: unknown,
  device: CommandedDevice,
  isJson: boolean,
): RequestedValues {
  const { topics, dataPoints, virtual, values } = device;
  const dp = topics.dpOf(name);
  if (dp !== undefined) {
    const known = Object.hasOwn(values, dp) ? values[dp] : undefined;
    return { [dp]: readPayload(payload, dataPoints.get(dp), known, isJson) };
  }
  const meant = virtual.find((each) => topics.virtualLevel(each.name) === name);
  if (meant) return meant.write(objectPayload(payload) ?? payload, values);
  return { [name]: isFriendlyName(name) ? readFriendlyPayload(payload) : payload };
}

/**
 * Reads a command to `B/D/dps/set`: several values for one frame.
 *
 * @throws BAD_INPUT for anything but an object
 */
export function readValuesCommand(payload: unknown, device: CommandedDevice): RequestedValues {
  const values = objectPayload(payload);
  if (!values) {
    throw badInput(
      `Several values at once are a JSON object such as {"switch_1": true, "countdown_1": 60}, not ${describeWord(payload)}; nothing was sent.`,
    );
  }
  const requests = Object.entries(values).map(([name, value]) => readNamed(name, value, device, true));
  return Object.fromEntries(requests.flatMap((request) => Object.entries(request)));
}

const OPERATIONS = ["query", "refresh", "connect", "disconnect", "reconnect"] as const;

/** What a device can be told to do, other than to take values: the words of `msg.payload.operation` of tuya-out. */
export type DeviceOperation = (typeof OPERATIONS)[number];

/**
 * Reads a command to `B/D/operation/set`.
 *
 * @throws BAD_INPUT for an unknown word
 */
export function readOperationCommand(payload: unknown): DeviceOperation {
  const word = typeof payload === "string" ? payload.trim().toLowerCase() : "";
  const operation = OPERATIONS.find((each) => each === word);
  if (operation) return operation;
  throw badInput(`The operation ${describeWord(payload)} is not known. Use ${OPERATIONS.join(", ")}.`);
}
