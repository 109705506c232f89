import type { PreviewedDevice } from "../../../src/mqtt/preview-types";
import { deviceKey, deviceLevels, type Named } from "../../../src/mqtt/levels";
import { type DeviceNode, devicesInEditor, findDevice, isDisabled } from "../base/red";

/**
 * The `tuya-device` with this node id for the preview, with the level it will have in topics among all enabled ones.
 * Undefined if there is none, or it has no id yet.
 */
export function previewedDevice(nodeId: unknown): PreviewedDevice | undefined {
  const node = findDevice(nodeId);
  const own = node && identityOf(node);
  if (!own || own.id === "") return undefined;
  const others = devicesInEditor().filter((each) => each.id !== node.id && !isDisabled(each));
  const levels = deviceLevels([own, ...others.map(identityOf).filter(({ id }) => id !== "")]);
  const { key, ...identity } = own;
  return { ...identity, level: levels.get(key) ?? own.id, datapoints: node.datapoints };
}

/**
 * The name that the `tuya-device` with this node id will have in the runtime; undefined if there is none, or it is
 * disabled.
 */
export function nameOfDevice(nodeId: unknown): string | undefined {
  const node = findDevice(nodeId);
  return node && !isDisabled(node) ? identityOf(node).name : undefined;
}

/** What tells a device from others in topics; a sub-device has a cid. */
interface Identity extends Named {
  readonly cid?: string;
  readonly gatewayId?: string;
}

/** The identity by the rules of the runtime: with only one of gateway and cid it is no sub-device. */
function identityOf({ name, deviceId, cid, gateway }: DeviceNode): Identity {
  const isChild = trimmed(gateway) !== "" && trimmed(cid) !== "";
  const id = trimmed(deviceId) || (isChild ? trimmed(cid) : "");
  const gatewayId = trimmed(findDevice(gateway)?.deviceId);
  const place = isChild ? { cid: trimmed(cid), ...(gatewayId !== "" && { gatewayId }) } : {};
  return { key: deviceKey({ id, ...place }), id, name: trimmed(name) || id, ...place };
}

function trimmed(text: string | undefined): string {
  return (text ?? "").trim();
}
