import { readLocalKey } from "../local-key";
import { type DeviceSource, type ImportedDevice, readAddress, readKey, readVersion } from "./imported-device";

/** Tuya's categories of gateways: Zigbee, Bluetooth, multi-mode, Wi-Fi hubs. */
const GATEWAY_CATEGORIES: readonly string[] = ["wg2", "wgcf", "wfcon", "wgsxj", "wg", "zigbee"];

/** Devices and their gateways. */
export interface Family {
  /** In the order of the source. */
  readonly devices: readonly ImportedDevice[];
  /** Problems that belong to no device in `devices`, a sentence each. Never contains a key. */
  readonly problems: readonly string[];
}

/**
 * Joins the entries of a source to devices: each once, and sub-devices with their gateway. If the source does not name
 * the gateway, it is the only other device with the same local key, because sub-devices have the key of their gateway.
 */
export function joinFamilies(sources: readonly DeviceSource[]): Family {
  const problems: string[] = [];
  const unique = new Map<string, DeviceSource>();
  for (const source of sources) {
    // A sub-device may have a node id only.
    const id = source.id || source.cid;
    const first = unique.get(id);
    if (id === "") {
      problems.push(`${source.name || "An entry"} has no device id and was left out.`);
    } else if (first) {
      const what = haveOtherKeys(first, source)
        ? "is in the list twice, with different local keys; that of the first entry counts."
        : "is in the list twice; the first entry counts, and the other one fills its gaps.";
      problems.push(`${source.name || id} ${what}`);
      unique.set(id, completed(first, source));
    } else {
      unique.set(id, { ...source, id });
    }
  }
  const list = [...unique.values()];
  const direct = list.filter((each) => !isBehindGateway(each));
  const gatewayIds = new Map(
    list.filter(isBehindGateway).map((child) => [child.id, gatewayOf(child, direct)]),
  );
  const gateways = new Set(gatewayIds.values());
  return { devices: list.map((source) => deviceOf(source, gatewayIds, gateways)), problems };
}

/** Whether two entries have different local keys that can be used: one of them is out of date. */
export function haveOtherKeys(one: DeviceSource, other: DeviceSource): boolean {
  const [key, otherKey] = [usableKey(one), usableKey(other)];
  return key !== "" && otherKey !== "" && key !== otherKey;
}

/** The local key of an entry, repaired; "" if there is none that can be used. */
function usableKey({ localKey }: DeviceSource): string {
  const reading = readLocalKey(localKey);
  if (reading.kind === "damaged") return reading.key;
  return reading.kind === "key" || reading.kind === "variable" ? localKey : "";
}

/**
 * An entry of a device, with what it lacks taken from another entry of the same device. A key, an address or a version
 * that cannot be used counts as missing.
 */
export function completed(entry: DeviceSource, other: DeviceSource): DeviceSource {
  const hasPoints = entry.datapoints.length > 0;
  const values = entry.values ?? other.values;
  const withKey = [entry, other].find((each) => usableKey(each) !== "");
  return {
    id: entry.id,
    name: entry.name || other.name,
    localKey: withKey?.localKey ?? (entry.localKey || other.localKey),
    ip: readAddress(entry.ip) || other.ip,
    version: readVersion(entry.version) ?? other.version,
    category: entry.category || other.category,
    productKey: entry.productKey || other.productKey,
    gatewayId: entry.gatewayId || other.gatewayId,
    cid: entry.cid || other.cid,
    isChild: entry.isChild || other.isChild,
    isGateway: entry.isGateway || other.isGateway,
    datapoints: hasPoints ? entry.datapoints : other.datapoints,
    ...(values && { values }),
    problems: hasPoints ? entry.problems : [...entry.problems, ...other.problems],
  };
}

function isBehindGateway({ isChild, gatewayId, cid, id }: DeviceSource): boolean {
  return isChild || (gatewayId !== "" && gatewayId !== id && cid !== "");
}

/**
 * The id of the gateway; "" if it cannot be found out.
 *
 * @param direct the devices that are behind no gateway
 */
function gatewayOf(child: DeviceSource, direct: readonly DeviceSource[]): string {
  if (child.gatewayId !== "") return child.gatewayId;
  if (child.localKey === "") return "";
  const sameKey = direct.filter(({ localKey }) => localKey === child.localKey);
  const known = sameKey.filter(isKnownGateway);
  const candidates = known.length > 0 ? known : sameKey;
  return candidates.length === 1 ? (candidates[0]?.id ?? "") : "";
}

function isKnownGateway({ isGateway, category }: DeviceSource): boolean {
  return isGateway || isGatewayCategory(category);
}

/** Whether Tuya's category of a product is one of gateways. */
export function isGatewayCategory(category: string): boolean {
  return GATEWAY_CATEGORIES.includes(category);
}

function deviceOf(
  source: DeviceSource,
  gatewayIds: ReadonlyMap<string, string>,
  gateways: ReadonlySet<string>,
): ImportedDevice {
  const gatewayId = gatewayIds.get(source.id);
  const isChild = gatewayId !== undefined;
  const key = readKey(source.localKey);
  const version = readVersion(source.version);
  const ip = readAddress(source.ip);
  return {
    id: source.id,
    name: source.name || source.id,
    localKey: key.localKey,
    ...(ip !== "" && !isChild && { ip }),
    ...(version && { version }),
    ...(source.category !== "" && { category: source.category }),
    ...(source.productKey !== "" && { productKey: source.productKey }),
    ...(gatewayId && { gatewayId }),
    ...(isChild && source.cid !== "" && { cid: source.cid }),
    kind: isChild ? "child" : gateways.has(source.id) || isKnownGateway(source) ? "gateway" : "wifi",
    datapoints: source.datapoints,
    ...(source.values && { values: source.values }),
    problems: [...source.problems, ...(isChild ? childProblems(source, gatewayId) : key.problems)],
  };
}

/** A child needs no key of its own. */
function childProblems({ cid }: DeviceSource, gatewayId: string): string[] {
  return [
    ...(gatewayId === "" ? ["It is behind a gateway, but the list does not say which."] : []),
    ...(cid === "" ? ["It is behind a gateway, but the list does not give its node id (cid)."] : []),
  ];
}
