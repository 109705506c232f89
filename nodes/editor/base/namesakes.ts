import { idsByName, withDistinction } from "./distinction";
import { devicesInEditor, findDevice, labelOfDevice, type DeviceNode } from "./red";

/**
 * The name of the `tuya-device` with this node id, with the beginning of its device id if another one in the editor has
 * the same name: `Lamp (bf0123)`. "" if there is no such node.
 */
export function distinctLabelOf(nodeId: unknown): string {
  const device = findDevice(nodeId);
  if (!device) return "";
  const namesakes = devicesInEditor().filter((other) => nameOf(other) === nameOf(device));
  return withDistinction(labelOfDevice(nodeId), idOf(device), namesakes.map(idOf));
}

/** The same for all devices in the editor, by node id. Cheaper than asking for each. */
export function distinctLabels(): ReadonlyMap<string, string> {
  const devices = devicesInEditor();
  const ids = idsByName(devices.map((device) => ({ name: nameOf(device), id: idOf(device) })));
  return new Map(
    devices.map((device) => [
      device.id,
      withDistinction(labelOfDevice(device.id), idOf(device), ids.get(nameOf(device)) ?? []),
    ]),
  );
}

function nameOf({ name, deviceId, cid }: DeviceNode): string {
  return name || deviceId || cid;
}

function idOf({ deviceId, cid }: DeviceNode): string {
  return deviceId || cid;
}
