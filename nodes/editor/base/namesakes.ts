import { idsByName, withDistinction } from "./distinction";
import { devicesInEditor, findDevice, labelOfDevice, type DeviceNode } from "./red";

/** What a device is called, and the beginning of its id where another one is called the same: `Lamp (bf0123)`. */
export function distinctLabelOf(nodeId: unknown): string {
  const device = findDevice(nodeId);
  if (!device) return "";
  const namesakes = devicesInEditor().filter((other) => nameOf(other) === nameOf(device));
  return withDistinction(labelOfDevice(nodeId), idOf(device), namesakes.map(idOf));
}

/** The same of all devices of the editor, by the ids of their nodes. */
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
