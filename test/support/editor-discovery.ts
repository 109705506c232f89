import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A UDP port of 127.0.0.1 that is free at the moment. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** Settings of a Node-RED that discovers on loopback, and on this port only. It asks nobody. */
export function discoveryOn(...ports: readonly number[]): object {
  return { tuyaDeviceDiscovery: { bind: "127.0.0.1", ports, probe: [] } };
}
