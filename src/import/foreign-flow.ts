import { isFields, isOn, keyField, textField } from "./fields";
import { type FlowNode, isOwnDevice, LOCAL_DEVICE, SMART_DEVICE, SMART_DEVICE_HUB, TUYA_LOCAL } from "./flow";
import { type DeviceSource, NO_SOURCE } from "./imported-device";
import { readLiteral } from "./literal";
import { readNames, readTable } from "./specification";

/** The devices in a flow, one source for each node, before they are joined. */
export interface FlowDevices {
  readonly sources: readonly DeviceSource[];
  /** What cannot be taken over, a sentence each. */
  readonly problems: readonly string[];
}

/** The default in nodes of other packages. Where it stands, nobody may have chosen it, so it tells nothing. */
const DEFAULT_VERSION = "3.1";

/** The devices in the nodes of other packages, and in our own nodes. */
export function devicesOfFlow(nodes: readonly FlowNode[]): FlowDevices {
  const hubs = nodes.filter(({ type }) => type === SMART_DEVICE_HUB);
  return {
    sources: nodes.flatMap((node) => sourceOf(node, nodes) ?? []),
    problems: hubs.map(
      (hub) =>
        `The node ${textField(hub, "name") || "tuya-smart-device-generic"} gets id and key of its devices in every message: add those devices by hand.`,
    ),
  };
}

/** The device in a node of a flow; undefined if it has none. */
export function sourceOf(node: FlowNode, nodes: readonly FlowNode[]): DeviceSource | undefined {
  if (node.type === SMART_DEVICE) return smartDevice(node);
  if (node.type === LOCAL_DEVICE) return localDevice(node, nodes);
  if (node.type === TUYA_LOCAL) return tuyaLocal(node);
  return isOwnDevice(node) ? ownDevice(node, nodes) : undefined;
}

/**
 * node-red-contrib-tuya-smart-device. If its box "store as credentials" is ticked, id and key are in a credential, as
 * JSON, which an export does not contain. If the box was unticked again, the credential may be out of date.
 */
function smartDevice(node: FlowNode): DeviceSource {
  const secret = secretOf(node);
  const [first, second] = isOn(node["storeAsCreds"]) ? [secret, node] : [node, secret];
  return {
    ...NO_SOURCE,
    id: textField(first, "deviceId") || textField(second, "deviceId"),
    name: textField(node, "deviceName", "name"),
    localKey: keyField(first, "deviceKey") || keyField(second, "deviceKey"),
    ip: textField(node, "deviceIp"),
    version: chosenVersion(textField(node, "tuyaVersion")),
  };
}

function secretOf(node: FlowNode): Readonly<Record<string, unknown>> {
  const credentials = isFields(node["credentials"]) ? node["credentials"] : {};
  const secret = readLiteral(textField(credentials, "secretConfig"));
  return secret.ok && isFields(secret.value) ? secret.value : {};
}

/** node-red-contrib-tuya-devices. A gateway is named by the id of its node. */
function localDevice(node: FlowNode, nodes: readonly FlowNode[]): DeviceSource {
  const gatewayNode = textField(node, "gateway");
  const gateway = gatewayNode === "" ? undefined : nodes.find(({ id }) => id === gatewayNode);
  const cid = textField(node, "cid", "node_id");
  return {
    ...NO_SOURCE,
    id: textField(node, "deviceId"),
    name: textField(node, "name"),
    localKey: keyField(node, "localKey"),
    ip: textField(node, "ip"),
    version: chosenVersion(textField(node, "tuyaVersion")),
    gatewayId: gateway ? textField(gateway, "deviceId") : "",
    cid,
    isChild: gatewayNode !== "",
  };
}

/** node-red-contrib-tuya-local. */
function tuyaLocal(node: FlowNode): DeviceSource {
  const names = readNames(node["renameSchema"]);
  return {
    ...NO_SOURCE,
    id: textField(node, "devId"),
    name: textField(node, "devName", "name"),
    localKey: keyField(node, "devKey"),
    ip: textField(node, "devIp"),
    version: textField(node, "protocolVer"),
    datapoints: names.datapoints,
    problems: names.problems,
  };
}

/** A device of ours, from another Node-RED. */
function ownDevice(node: FlowNode, nodes: readonly FlowNode[]): DeviceSource {
  const credentials = isFields(node["credentials"]) ? node["credentials"] : {};
  const gatewayNode = textField(node, "gateway");
  const gateway = gatewayNode === "" ? undefined : nodes.find(({ id }) => id === gatewayNode);
  const { datapoints, problems } = readTable(node["datapoints"]);
  return {
    ...NO_SOURCE,
    id: textField(node, "deviceId"),
    name: textField(node, "name"),
    localKey: keyField(credentials, "localKey"),
    ip: textField(node, "ip"),
    version: textField(node, "version"),
    gatewayId: gateway ? textField(gateway, "deviceId") : "",
    cid: textField(node, "cid"),
    isChild: gatewayNode !== "",
    datapoints,
    problems,
  };
}

/** A version that somebody has chosen; "" for the default. */
function chosenVersion(version: string): string {
  return version === DEFAULT_VERSION ? "" : version;
}
