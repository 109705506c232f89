import type { PreviewedDevice } from "../../../src/mqtt/preview-types";
import { deviceKey, deviceLevels, type Named } from "../../../src/mqtt/levels";
import { type DeviceNode, devicesInEditor, findDevice, isDisabled } from "../base/red";

/** A `tuya-device` for the preview, with the level it will have among all enabled ones; undefined if it has no id. */
export function previewedDevice(nodeId: unknown): PreviewedDevice | undefined {
  const node = findDevice(nodeId);
  const own = node && identityOf(node);
  if (!own || own.id === "") return undefined;
  const others = devicesInEditor().filter((each) => each.id !== node.id && !isDisabled(each));
  const levels = deviceLevels([own, ...others.map(identityOf).filter(({ id }) => id !== "")]);
  const { key, ...identity } = own;
  return { ...identity, level: levels.get(key) ?? own.id, datapoints: node.datapoints };
}

/** The name a `tuya-device` will have in the runtime; undefined if it will not run. */
export function nameOfDevice(nodeId: unknown): string | undefined {
  const node = findDevice(nodeId);
  return node && !isDisabled(node) ? identityOf(node).name : undefined;
}

interface Identity extends Named {
  readonly cid?: string;
  readonly gatewayId?: string;
}

/** The identity by the rules of the runtime: without gateway or node id it is no sub-device. */
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
