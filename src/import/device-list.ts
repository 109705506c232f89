import { isDpNumber } from "../datapoints/datapoint";
import { type Fields, isFields, isOn, keyField, textField } from "./fields";
import { isPrivateAddress } from "../ipv4";
import { type DeviceSource, NO_SOURCE } from "./imported-device";
import { readLocalTuya } from "./local-tuya";
import { readMapping, readSpecification } from "./specification";
import type { Dps, DpValue } from "../protocol/dps";

/** Names of fields that contain a list of devices; `entries` is in Home Assistant's `core.config_entries`. */
const LIST_NAMES = ["devices", "result", "list", "data", "entries", "localtuya"] as const;
const MAX_DEPTH = 6;

const ID_NAMES = ["id", "gwId", "devId", "device_id", "deviceId", "dev_id"] as const;
const KEY_NAMES = ["key", "local_key", "localKey", "localkey", "deviceKey", "devKey"] as const;
const NAME_NAMES = ["name", "custom_name", "customName", "deviceName", "friendly_name"] as const;

/** Shorter ids are just numbers in a list. */
const ID_LENGTH = 16;

/**
 * The devices in what tinytuya, tuya-cli, the cloud, localtuya and tuya-local write: a list, an object that contains one
 * (`snapshot.json`, `tuya-raw.json`, `core.config_entries`), an object of devices by id or by name, or a single device.
 * An entry that is no device gives `NO_SOURCE`. Undefined for anything else.
 */
export function sourcesOf(value: unknown): readonly DeviceSource[] | undefined {
  const entries = entriesIn(value, 0);
  if (!entries) return undefined;
  const sources = entries.flatMap((entry) =>
    isFields(entry) ? [sourceOf(entry), ...nestedIn(entry)] : [NO_SOURCE],
  );
  const ids = new Set(sources.map(({ id }) => id));
  const gateways = new Map(entries.filter(isFields).flatMap(gatewayIn));
  return [...sources, ...[...gateways.values()].filter(({ id }) => !ids.has(id))];
}

/** Whether this is an answer of the cloud that refuses, and contains no list. */
export function isRefusal(value: unknown): boolean {
  return isFields(value) && value["success"] === false;
}

function entriesIn(value: unknown, depth: number): readonly unknown[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0 || value.some(isDevice)) return value as unknown[];
    return foundIn(value.filter(isFields).filter(isOfTuya), depth);
  }
  if (!isFields(value)) return undefined;
  const device = ofTuyaLocal(value) ?? value;
  if (isDevice(device)) return [device];
  for (const name of LIST_NAMES) {
    const entries = Object.hasOwn(value, name) ? entriesIn(value[name], depth + 1) : undefined;
    if (entries) return entries;
  }
  const keyed = Object.entries(value).flatMap(([key, item]) =>
    isFields(item) ? [[key, item] as const] : [],
  );
  const devices = keyed.filter(([, item]) => isDevice(item) || keyField(item, ...KEY_NAMES) !== "");
  if (devices.length > 0) return devices.map(([key, item]) => keyedEntry(key, item));
  // The devices may be one level deeper, for example grouped by room.
  return foundIn(Object.values(value), depth);
}

/** The devices in several objects; undefined if none of them has any. */
function foundIn(values: readonly unknown[], depth: number): readonly unknown[] | undefined {
  const found = values.flatMap((item) => entriesIn(item, depth + 1) ?? []);
  return found.length > 0 ? found : undefined;
}

/** Home Assistant keeps the settings of all its integrations in one list. */
function isOfTuya({ domain }: Fields): boolean {
  return typeof domain !== "string" || domain.includes("tuya");
}

/**
 * The device of an entry of tuya-local in Home Assistant's storage; undefined for another object. Its name is the title of
 * the entry; what the user has changed since it was added, such as the key, is in the options.
 */
function ofTuyaLocal({ domain, title, data, options }: Fields): Fields | undefined {
  if (domain !== "tuya_local" || !isFields(data)) return undefined;
  return { name: title, ...data, ...(isFields(options) && options) };
}

/** A device that is a field of an object: the name of the field is its id, if it has none, and otherwise its name. */
function keyedEntry(key: string, item: Fields): Fields {
  if (idOf(item) === "") return { ...item, id: key };
  return idOf(item) === key || textField(item, ...NAME_NAMES) !== "" ? item : { ...item, name: key };
}

/** The id of a device: the first field that is long enough, because some lists number their entries in `id`. */
function idOf(entry: Fields): string {
  const ids = ID_NAMES.map((name) => textField(entry, name)).filter((id) => id !== "");
  return ids.find((id) => id.length >= ID_LENGTH) ?? ids[0] ?? "";
}

/** Whether an object has an id and a field for a key. */
function isDevice(value: unknown): boolean {
  if (!isFields(value)) return false;
  const hasKeyField = KEY_NAMES.some((name) => Object.hasOwn(value, name));
  return (
    textField(value, ...ID_NAMES, "node_id") !== "" && (hasKeyField || isOn(value["sub"]) || "dps" in value)
  );
}

function sourceOf(entry: Fields): DeviceSource {
  const ofGateway = isOfGateway(entry);
  const specified = [
    readMapping(entry["mapping"] ?? entry["dps_data"]),
    readSpecification(entry["specification"] ?? entry),
    readLocalTuya(entry),
  ].find(({ datapoints }) => datapoints.length > 0);
  const values = readValues(entry["dps"]);
  return {
    id: ofGateway ? "" : idOf(entry),
    name: textField(entry, ...NAME_NAMES),
    localKey: keyField(entry, ...KEY_NAMES),
    ip: addressOf(entry),
    version: textField(entry, "version", "ver", "protocolVersion", "protocol_version"),
    category: textField(entry, "category"),
    productKey: textField(entry, "productKey", "product_id", "product_key", "productId"),
    gatewayId: ofGateway ? idOf(entry) : textField(entry, "parent", "gateway_id", "gatewayId", "parent_id"),
    cid: textField(entry, "node_id", "cid", "nodeId", "device_cid"),
    isChild: ofGateway || isOn(entry["sub"]),
    isGateway: isOn(entry["gateway"]),
    datapoints: specified?.datapoints ?? [],
    ...(values && { values }),
    problems: specified?.problems ?? [],
  };
}

/** Whether an entry has the id of the gateway: tuya-local writes it so for a sub-device, whose own id it does not know. */
function isOfGateway(entry: Fields): boolean {
  return textField(entry, "device_cid") !== "";
}

/** The gateway in the entry of such a sub-device, by id: its key and address are there. */
function gatewayIn(entry: Fields): readonly (readonly [string, DeviceSource])[] {
  if (!isOfGateway(entry)) return [];
  const { localKey, ip, version } = sourceOf(entry);
  const id = idOf(entry);
  return [[id, { ...NO_SOURCE, id, localKey, ip, version, isGateway: true }]];
}

/** Sub-devices below their gateway, as older versions of tuya-cli print them. */
function nestedIn(entry: Fields): readonly DeviceSource[] {
  const nested = entry["subDevices"] ?? entry["sub_devices"];
  if (!Array.isArray(nested)) return [];
  const gatewayId = idOf(entry);
  return nested.filter(isFields).map((child) => ({ ...sourceOf(child), isChild: true, gatewayId }));
}

/** An entry from the cloud (it has `local_key`) contains the address of the router on the internet, with few exceptions. */
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
