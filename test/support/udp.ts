import { createSocket } from "node:dgram";
import { once } from "node:events";
import { Discovery, type DiscoverySettings } from "../../src/discovery/discovery";

const opened = new Set<Discovery>();

/** A UDP port that is free on loopback at this moment. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** A discovery that listens on one port of loopback, asks nobody, and is closed after the test. */
export async function startDiscovery(
  settings: DiscoverySettings = {},
): Promise<{ discovery: Discovery; port: number }> {
  const port = settings.ports?.[0] ?? (await freeUdpPort());
  const discovery = new Discovery({ bind: "127.0.0.1", ports: [port], probe: [], ...settings });
  opened.add(discovery);
  discovery.open();
  for (let turns = 0; turns < 100; turns++) {
    if (discovery.health().ports.every(({ state }) => state.kind !== "closed")) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { discovery, port };
}

/** Resolves when a device was heard. */
export function untilHeard(discovery: Discovery, id: string): Promise<void> {
  return new Promise((resolve) => {
    const end = discovery.on("heard", (device) => {
      if (device.id !== id) return;
      end();
      resolve();
    });
  });
}

afterEach(async () => {
  const discoveries = [...opened];
  opened.clear();
  await Promise.all(discoveries.map((discovery) => discovery.close()));
});
