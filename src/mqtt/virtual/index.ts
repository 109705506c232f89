import type { MqttDevice, VirtualValue } from "../types";

/** The values a device has besides its data points. */
export function virtualValuesOf(_device: MqttDevice): readonly VirtualValue[] {
  return [];
}
