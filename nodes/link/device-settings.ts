import type { DataPointMap } from "../../src/datapoints/datapoint-map";
import { keyError } from "../../src/device/settings-error";
import type { DeviceSettings } from "../../src/device/types";
import { TuyaError } from "../../src/errors";
import { isPort, LONGEST_TIMER_MS, SHORTEST_REFRESH } from "../../src/limits";
import { parseLocalKey } from "../../src/protocol/cipher";
import { isProtocolVersion } from "../../src/protocol/version";
import { variableInKey } from "../../src/local-key";
import { variableIn } from "../../src/variable";
import { isOn, listOf, textOf } from "../runtime/properties";

/** Properties of a `tuya-device` in a flow file. Each may have any value. */
export interface DeviceProperties {
  readonly name?: unknown;
  readonly deviceId?: unknown;
  readonly ip?: unknown;
  readonly port?: unknown;
  readonly version?: unknown;
  readonly gateway?: unknown;
  readonly cid?: unknown;
  readonly refresh?: unknown;
  readonly refreshDps?: unknown;
  readonly device22?: unknown;
  readonly sleepy?: unknown;
}

/** The configuration of a `tuya-device`. */
export type DeviceConfiguration =
  | { readonly kind: "direct"; readonly settings: DeviceSettings }
  /** A sub-device, which uses the `tuya-device` of its gateway. */
  | { readonly kind: "child"; readonly gateway: string; readonly cid: string }
  /** Settings that a person must correct first. */
  | { readonly kind: "unusable"; readonly error: TuyaError };

/** The data points a device22 is asked for if its table has none: the usual ones of switches, dimmers and lamps. */
const DEVICE22_DPS = [...range(1, 10), ...range(18, 28)].map(String);

/** Display name of a device in topics, sentences and logs. */
export function displayName({ name, deviceId, cid }: DeviceProperties): string {
  return textOf(name) || textOf(deviceId) || textOf(cid) || "This device";
}

/** Reads the properties and the key. Errors name what is missing; they contain at most the length of the key. */
export function readConfiguration(
  properties: DeviceProperties,
  localKey: unknown,
  dataPoints: DataPointMap,
): DeviceConfiguration {
  try {
    const gateway = textOf(properties.gateway);
    const cid = textOf(properties.cid);
    if (gateway !== "" || cid !== "") return readChild(properties, gateway, cid);
    return { kind: "direct", settings: readSettings(properties, localKey, dataPoints) };
  } catch (error) {
    if (error instanceof TuyaError) return { kind: "unusable", error };
    throw error;
  }
}

function readChild(properties: DeviceProperties, gateway: string, cid: string): DeviceConfiguration {
  const name = displayName(properties);
  if (gateway === "")
    throw notConfigured(`${name} has a node id (cid) but no gateway. Choose the gateway it is behind.`);
  if (cid === "")
    throw notConfigured(`${name} is behind a gateway but has no node id (cid). Enter the node id.`);
  return { kind: "child", gateway, cid: requireSet(cid, "node id (cid)", name) };
}

function readSettings(
  properties: DeviceProperties,
  localKey: unknown,
  dataPoints: DataPointMap,
): DeviceSettings {
  const name = displayName(properties);
  const { measured } = dataPoints;
  const deviceId = requireSet(textOf(properties.deviceId), "device id", name);
  if (deviceId === "") throw notConfigured(`${name} has no device id. Open it and enter the id.`);
  return {
    deviceId,
    name,
    localKey: readKey(localKey, name),
    ip: requireSet(textOf(properties.ip), "address", name),
    port: readPort(properties.port, name),
    version: readVersion(properties.version, name),
    device22Dps: isOn(properties.device22) ? device22Dps(dataPoints) : undefined,
    sleepy: isOn(properties.sleepy),
    refreshSeconds: readRefresh(properties.refresh, name),
    refreshDps: readRefreshDps(properties.refreshDps, dataPoints, name),
    ...(measured.length > 0 && { measuredDps: measured }),
  };
}

/** The key is used unchanged: blanks may be part of it. */
function readKey(localKey: unknown, name: string): string {
  const key = typeof localKey === "string" ? localKey : "";
  const variable = variableInKey(key);
  if (variable !== undefined) throw unset(variable, "local key", name);
  if (parseLocalKey(key)) return key;
  throw keyError(name, key.length);
}

/** Throws for a text that is still the name of a variable: there is none of that name. */
function requireSet(value: string, what: string, name: string): string {
  const variable = variableIn(value);
  if (variable === undefined) return value;
  throw unset(variable, what, name);
}

/** A device of all flows does not see the variables of a flow, which people take for unset then. */
function unset(variable: string, what: string, name: string): TuyaError {
  return notConfigured(
    `The environment variable ${variable} is not set: the ${what} of ${name} comes from it. Set it and restart, or enter the value. Variables of a flow are seen only by devices of that flow: choose it at the foot of the panel.`,
  );
}

function readPort(value: unknown, name: string): number | undefined {
  const port = requireSet(textOf(value), "port", name);
  if (port === "") return undefined;
  const number = Number(port);
  if (isPort(number)) return number;
  throw notConfigured(
    `The port of ${name} is no number from 1 to 65535. Leave it empty for the usual one, 6668.`,
  );
}

function readVersion(value: unknown, name: string): DeviceSettings["version"] {
  const version = requireSet(textOf(value), "version", name).toLowerCase();
  if (version === "" || version === "auto") return "auto";
  if (isProtocolVersion(version)) return version;
  throw notConfigured(`${name} has an unknown protocol version, "${version}". Set it to Auto.`);
}

function readRefresh(value: unknown, name: string): number | undefined {
  const refresh = requireSet(textOf(value), "refresh interval", name);
  if (refresh === "") return undefined;
  const seconds = Number(refresh);
  if (seconds === 0) return undefined;
  if (seconds > 0 && seconds * 1000 <= LONGEST_TIMER_MS) return Math.max(seconds, SHORTEST_REFRESH);
  throw notConfigured(`The refresh interval of ${name} is no number of seconds. Leave it empty for none.`);
}

/** Reads numbers or codes; undefined if the list is empty. */
function readRefreshDps(value: unknown, dataPoints: DataPointMap, name: string): number[] | undefined {
  const names = listOf(requireSet(textOf(value), "refresh list", name));
  const listed = names.map((item) => {
    const dp = dataPoints.numberOf(item);
    if (dp !== undefined) return Number(dp);
    throw notConfigured(`${name} has no data point "${item}": its refresh list names one.`);
  });
  return listed.length > 0 ? listed : undefined;
}

function device22Dps({ dataPoints }: DataPointMap): readonly string[] {
  return dataPoints.length > 0 ? dataPoints.map(({ dp }) => dp) : DEVICE22_DPS;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function notConfigured(sentence: string): TuyaError {
  return new TuyaError("NOT_CONFIGURED", sentence);
}
