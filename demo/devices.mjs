// The devices of the demo: virtual ones, on ports of 127.0.0.1. Their keys are invented and open no real device.
import { PRESETS } from "../dist/src/virtual/presets.js";
import { VirtualDevice } from "../dist/src/virtual/virtual-device.js";

/** The first device's port, unless it is taken; the others follow. */
export const FIRST_DEVICE_PORT = 26681;
/** Devices announce themselves so often, in milliseconds. */
const ANNOUNCE_MS = 3_000;

const DEVICES = [
  { name: "Plug", id: "vdemoplug00000000001", preset: PRESETS.plug },
  { name: "Lamp", id: "vdemolamp00000000002", preset: PRESETS.lamp },
  { name: "Breaker", id: "vdemobreaker00000003", preset: PRESETS.breaker },
  { name: "Gateway", id: "vdemogateway00000004", preset: PRESETS.gateway },
  { name: "Cover", id: "vdemocover0000000005", preset: PRESETS.cover },
  // Not in the flow: it is there to be found. Where real devices listen, unless that port is taken.
  { name: "Heater", id: "vdemoheater000000009", preset: PRESETS.thermostat, port: 6668 },
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
  vdemoheater000000009: "demo-heater-key8",
  // Nobody sets it.
  vdemonokey0000000008: "${DEMO_KEY}",
};

/**
 * Starts them all, each on its port, or on a free one where that is taken. Rejects with the system's error, which names the
 * port, when one may not be had; none is left then.
 * @param {number} firstPort 0 = any free ones
 * @param {(port: number, who: string, instead: number) => void} [onTaken] is told of every port that is taken
 */
export async function startDevices(firstPort, onTaken = () => {}) {
  const devices = [];
  const stop = () => Promise.all(devices.map(({ device }) => device.close()));
  try {
    for (const [index, { name, id, preset, port = firstPort + index }] of DEVICES.entries()) {
      const { title, ...product } = preset;
      const create = (own) =>
        new VirtualDevice({ ...product, id, localKey: LOCAL_KEYS[id], port: own, seed: index + 1 });
      const wanted = firstPort === 0 ? 0 : port;
      const device = await listening(create, wanted);
      if (wanted !== 0 && device.port !== wanted) onTaken(wanted, `the ${name}`, device.port);
      devices.push({ name, title, device });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { devices, stop };
}

async function listening(create, port) {
  const device = create(port);
  try {
    await device.listen();
    return device;
  } catch (error) {
    await device.close();
    if (error.code !== "EADDRINUSE") throw error;
    return listening(create, 0);
  }
}

/** Has them announce themselves to a UDP port of 127.0.0.1, and nowhere else, until they are closed. */
export function announce(devices, port) {
  for (const { device } of devices) device.startAnnouncing({ port, intervalMs: ANNOUNCE_MS });
}
