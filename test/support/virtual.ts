import type { ProtocolVersion } from "../../src/protocol/version";
import type { VirtualDeviceOptions } from "../../src/virtual/options";
import { VirtualDevice } from "../../src/virtual/virtual-device";

/** Invented, with every character that shells, HTML and JSON like to spoil. */
export const LOCAL_KEY = "7{O<&\"$M}N0z/'|q";
export const DEVICE_ID = "vdev0000000000000001";

const started = new Set<VirtualDevice>();

/**
 * A listening device with a switch (1), a number (2) and a text (3), closed again after the test. What takes a second on
 * real devices takes milliseconds here; give `overrides` to have it otherwise.
 */
export async function startDevice(
  version: ProtocolVersion,
  options: Partial<VirtualDeviceOptions> = {},
): Promise<VirtualDevice> {
  const device = new VirtualDevice({
    id: DEVICE_ID,
    localKey: LOCAL_KEY,
    version,
    dps: { "1": false, "2": 0, "3": "low" },
    ...options,
    overrides: { closeDelayMs: 20, slotReleaseMs: 0, ...options.overrides },
  });
  started.add(device);
  await device.listen();
  return device;
}

afterEach(async () => {
  const devices = [...started];
  started.clear();
  await Promise.all(devices.map((device) => device.close()));
});
