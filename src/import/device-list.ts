import { isDpNumber } from "../datapoints/datapoint";
import { type Fields, isFields, isOn, keyField, textField } from "./fields";
import { type DeviceSource, isPrivateAddress, NO_SOURCE } from "./imported-device";
import { readMapping, readSpecification } from "./specification";
import type { Dps, DpValue } from "../protocol/dps";

/** Where lists of devices stand in the objects that contain one. */
const LIST_NAMES = ["devices", "result", "list", "data"] as const;

const ID_NAMES = ["id", "gwId", "devId", "device_id", "deviceId", "dev_id"] as const;
const KEY_NAMES = ["key", "local_key", "localKey", "deviceKey", "devKey"] as const;

/**
 * The devices in what tinytuya, tuya-cli and the cloud write: a list, an object that contains one (`snapshot.json`,
 * `tuya-raw.json`), an object of devices by id, or a single device. Undefined where there is none of these.
 */
export function sourcesOf(value: unknown): readonly DeviceSource[] | undefined {
  const entries = entriesIn(value, 0);
  if (!entries) return undefined;
  return entries.flatMap((entry) => (isFields(entry) ? [sourceOf(entry), ...nestedIn(entry)] : [NO_SOURCE]));
}

/** The message of a cloud answer that is no list but a refusal; undefined for anything else. */
export function isRefusal(value: unknown): boolean {
  return isFields(value) && value["success"] === false;
}

function entriesIn(value: unknown, depth: number): readonly unknown[] | undefined {
  if (Array.isArray(value))
    return value.length === 0 || value.some(isDevice) ? (value as unknown[]) : undefined;
  if (!isFields(value) || depth > 2) return undefined;
  if (isDevice(value)) return [value];
  for (const name of LIST_NAMES) {
    const entries = Object.hasOwn(value, name) ? entriesIn(value[name], depth + 1) : undefined;
    if (entries) return entries;
  }
  const byId = Object.entries(value).filter(
    ([, item]) => isFields(item) && keyField(item, ...KEY_NAMES) !== "",
  );
  return byId.length === 0 ? undefined : byId.map(([id, item]) => ({ id, ...(item as Fields) }));
}

/** Something with an id and a key, or at least the name of one. */
function isDevice(value: unknown): boolean {
  if (!isFields(value)) return false;
  const hasKeyField = KEY_NAMES.some((name) => Object.hasOwn(value, name));
  return (
    textField(value, ...ID_NAMES, "node_id") !== "" && (hasKeyField || isOn(value["sub"]) || "dps" in value)
  );
}

function sourceOf(entry: Fields): DeviceSource {
  const mapped = readMapping(entry["mapping"]);
  const specified =
    mapped.datapoints.length > 0 ? mapped : readSpecification(entry["specification"] ?? entry);
  const values = readValues(entry["dps"]);
  return {
    id: textField(entry, ...ID_NAMES),
    name: textField(entry, "name", "custom_name", "customName", "deviceName"),
    localKey: keyField(entry, ...KEY_NAMES),
    ip: addressOf(entry),
    version: textField(entry, "version", "ver", "protocolVersion"),
    category: textField(entry, "category"),
    productKey: textField(entry, "productKey", "product_id", "product_key", "productId"),
    gatewayId: textField(entry, "parent", "gateway_id", "gatewayId", "parent_id"),
    cid: textField(entry, "node_id", "cid", "nodeId"),
    isChild: isOn(entry["sub"]),
    isGateway: isOn(entry["gateway"]),
    datapoints: specified.datapoints,
    ...(values && { values }),
    problems: specified.problems,
  };
}

/** Sub-devices below their gateway, as older versions of tuya-cli print them. */
function nestedIn(entry: Fields): readonly DeviceSource[] {
  const nested = entry["subDevices"] ?? entry["sub_devices"];
  if (!Array.isArray(nested)) return [];
  const gatewayId = textField(entry, ...ID_NAMES);
  return nested.filter(isFields).map((child) => ({ ...sourceOf(child), isChild: true, gatewayId }));
}

/** The cloud (`local_key`) tells the address its own side sees: a router on the internet, but for exceptions. */
function addressOf(entry: Fields): string {
  const ip = textField(entry, "ip", "address", "host");
  return Object.hasOwn(entry, "local_key") && !isPrivateAddress(ip) ? "" : ip;
}

/** Values of a snapshot: `{"dps": {"1": true}}`, or once more below `dps`. */
function readValues(dps: unknown): Dps | undefined {
  const inner = isFields(dps) && isFields(dps["dps"]) ? dps["dps"] : dps;
  if (!isFields(inner)) return undefined;
  const values = Object.entries(inner).filter(([dp]) => isDpNumber(dp));
  return values.length === 0 ? undefined : (Object.fromEntries(values) as Record<string, DpValue>);
}
