import { once } from "node:events";
import type { ProtocolVersion } from "../../src/protocol/version";
import { BEHAVIOURS, type BehaviourName } from "../../src/virtual/behaviours";
import type { VirtualDeviceOptions } from "../../src/virtual/options";
import { VirtualDevice } from "../../src/virtual/virtual-device";
import { RawClient } from "./raw-client";

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

/** A device of a generation, that answers first and reports afterwards. */
export function startGeneration(
  name: BehaviourName,
  options: Partial<VirtualDeviceOptions> = {},
): Promise<VirtualDevice> {
  return startDevice(BEHAVIOURS[name].version, {
    behaviour: name,
    ...options,
    overrides: { statusFirst: 0, sequencesSwapped: 0, ...options.overrides },
  });
}

/** A client whose negotiation the device has finished as well. */
export async function openSession(device: VirtualDevice): Promise<RawClient> {
  const isReady = device.version >= "3.4" ? once(device, "negotiate") : undefined;
  const client = await RawClient.open(device, LOCAL_KEY);
  await isReady;
  return client;
}

/** A device of a generation with one client. */
export async function startWithClient(
  name: BehaviourName,
  options: Partial<VirtualDeviceOptions> = {},
): Promise<{ device: VirtualDevice; client: RawClient }> {
  const device = await startGeneration(name, options);
  return { device, client: await openSession(device) };
}

afterEach(async () => {
  const devices = [...started];
  started.clear();
  await Promise.all(devices.map((device) => device.close()));
});
