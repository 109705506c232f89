import type { LookedAtDevice } from "../../../src/mqtt/listed";
import { deviceKey, deviceLevels, type Named } from "../../../src/mqtt/levels";
import { type DeviceNode, devicesInEditor, findDevice } from "../base/red";

/** A `tuya-device` with the level it will have among all that are enabled; undefined for one without an id. */
export function lookedAtDevice(nodeId: unknown): LookedAtDevice | undefined {
  const node = findDevice(nodeId);
  const own = node && identityOf(node);
  if (!own || own.id === "") return undefined;
  const others = devicesInEditor().filter((each) => each.id !== node.id && isEnabled(each));
  const levels = deviceLevels([own, ...others.map(identityOf).filter(({ id }) => id !== "")]);
  const { key, ...identity } = own;
  return { ...identity, level: levels.get(key) ?? own.id, datapoints: node.datapoints };
}

/** What the runtime will call a `tuya-device`; undefined where it will not be there. */
export function nameOfDevice(nodeId: unknown): string | undefined {
  const node = findDevice(nodeId);
  return node && isEnabled(node) ? identityOf(node).name : undefined;
}

interface Identity extends Named {
  readonly cid?: string;
  readonly gatewayId?: string;
}

/** As the runtime makes it of the same properties: what lacks its gateway or its node id is no sub-device. */
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

/** Whether it will be there once everything is deployed. */
function isEnabled(node: DeviceNode): boolean {
  const { d, z = "" } = node as { readonly d?: boolean; readonly z?: string };
  return d !== true && (z === "" || flowOf(z)?.disabled !== true);
}

/** Its types do not know what it takes. */
function flowOf(id: string): { readonly disabled?: boolean } | undefined {
  const nodes = RED.nodes as unknown as { workspace(id: string): { disabled?: boolean } | undefined };
  return nodes.workspace(id);
}
