// The devices of the demo: virtual ones, on fixed ports of 127.0.0.1. Their keys are invented and open no real device.
import { PRESETS } from "../dist/src/virtual/presets.js";
import { VirtualDevice } from "../dist/src/virtual/virtual-device.js";

/** The first device's port; the others follow. */
export const FIRST_DEVICE_PORT = 26681;

const DEVICES = [
  { name: "Plug", id: "vdemoplug00000000001", preset: PRESETS.plug },
  { name: "Lamp", id: "vdemolamp00000000002", preset: PRESETS.lamp },
  { name: "Breaker", id: "vdemobreaker00000003", preset: PRESETS.breaker },
  { name: "Gateway", id: "vdemogateway00000004", preset: PRESETS.gateway },
  { name: "Cover", id: "vdemocover0000000005", preset: PRESETS.cover },
];

/** Local keys by device id. */
export const LOCAL_KEYS = {
  vdemoplug00000000001: "demo-plug-key-01",
  vdemolamp00000000002: "7{O<&\"$M}N0z/'|q",
  vdemobreaker00000003: "demo-breaker-k03",
  vdemogateway00000004: "demo-gateway-k04",
  vdemocover0000000005: "demo-cover-key05",
  // Set up wrongly on purpose: one is the lamp under another id and key, the other has an address where nothing is.
  vdemowrong0000000006: "not-the-lamp-key",
  vdemonobody000000007: "nobody-has-a-key",
};

/**
 * Starts them all. Rejects with the system's error, which names the port, when one cannot be had; none is left then.
 * @param {number} firstPort 0 = any free ones
 */
export async function startDevices(firstPort) {
  const devices = DEVICES.map(({ name, id, preset: { title, ...product } }, index) => {
    const usualPort = FIRST_DEVICE_PORT + index;
    const port = firstPort === 0 ? 0 : firstPort + index;
    const device = new VirtualDevice({ ...product, id, localKey: LOCAL_KEYS[id], port, seed: index + 1 });
    return { name, title, usualPort, device };
  });
  const stop = () => Promise.all(devices.map(({ device }) => device.close()));
  try {
    for (const { device } of devices) await device.listen();
  } catch (error) {
    await stop();
    throw error;
  }
  return { devices, stop };
}
