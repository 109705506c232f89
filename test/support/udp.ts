import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createHash, randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { Discovery, type DiscoverySettings, type DiscoveryTimings } from "../../src/discovery/discovery";
import type { Logger } from "../../src/logger";
import { build55aa, build6699Gcm, encryptEcb } from "./build";

const UDP_KEY = createHash("md5").update("yGAdlopoPVldABfn").digest();

const sockets = new Set<Socket>();
const discoveries = new Set<Discovery>();

/** A UDP socket on a loopback address, closed after the test. Without `reuseAddr` it has its port alone. */
export async function openUdp(
  address = "127.0.0.1",
  { port = 0, reuseAddr = false }: { port?: number; reuseAddr?: boolean } = {},
): Promise<Socket> {
  const socket = createSocket({ type: "udp4", reuseAddr });
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
  socket.bind(port, address);
  await once(socket, "listening");
  return socket;
}

/** Sends, and lets receivers in this process read: the kernel keeps no more than about 250 datagrams for them. */
export async function sendUdp(socket: Socket, datagram: Buffer, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.send(datagram, port, "127.0.0.1", (error) => (error ? reject(error) : resolve()));
  });
  await setImmediate();
}

/** A discovery on loopback that listens on free ports and sends nothing unless told to. Closed after the test. */
export async function startDiscovery(
  settings: DiscoverySettings = {},
  options: { logger?: Logger; timings?: Partial<DiscoveryTimings> } = {},
): Promise<Discovery> {
  const discovery = new Discovery({ bind: "127.0.0.1", ports: [0], probe: [], ...settings }, options);
  discoveries.add(discovery);
  await discovery.open();
  return discovery;
}

/** The ports a discovery listens on. */
export function portsOf(discovery: Discovery): [number, ...number[]] {
  const [first = 0, ...others] = discovery.health().ports.map(({ port }) => port);
  return [first, ...others];
}

/** Resolves with the next event of this kind. */
export function nextEvent(
  discovery: Discovery,
  event: "found" | "changed" | "lost" | "heard",
): Promise<string> {
  return new Promise((resolve) => {
    const remove = discovery.on(event, ({ id }) => {
      remove();
      resolve(id);
    });
  });
}

/** What a device says of itself, as JSON. */
export function announcementJson(id: string, more: object = {}): Buffer {
  const body = {
    ip: "127.0.0.1",
    gwId: id,
    active: 2,
    encrypt: true,
    productKey: "vproduct",
    version: "3.3",
  };
  return Buffer.from(JSON.stringify({ ...body, ...more }));
}

const RETURN_CODE = Buffer.alloc(4);

/** Announcements in every form there is, built without the code under test. */
export const packings = {
  "clear 55AA (3.1)": (json: Buffer) => build55aa(0, 0x00, Buffer.concat([RETURN_CODE, json])),
  "ECB in 55AA, 0x13 (3.2, 3.3)": (json: Buffer) =>
    build55aa(0, 0x13, Buffer.concat([RETURN_CODE, encryptEcb(UDP_KEY, json)])),
  "ECB in 55AA, 0x23 (3.4)": (json: Buffer) =>
    build55aa(0, 0x23, Buffer.concat([RETURN_CODE, encryptEcb(UDP_KEY, json)])),
  "GCM in 6699, 0x13 (3.5)": (json: Buffer) =>
    build6699Gcm(UDP_KEY, randomBytes(12), 0, 0x13, Buffer.concat([RETURN_CODE, json])),
  "bare ECB without a frame": (json: Buffer) => encryptEcb(UDP_KEY, json),
} as const satisfies Readonly<Record<string, (json: Buffer) => Buffer>>;

/** One announcement, in the commonest form. */
export function announcement(id: string, more: object = {}): Buffer {
  return packings["ECB in 55AA, 0x13 (3.2, 3.3)"](announcementJson(id, more));
}

afterEach(async () => {
  const open = [...discoveries];
  discoveries.clear();
  await Promise.all(open.map((discovery) => discovery.close()));
  for (const socket of Array.from(sockets)) socket.close();
});
