import { once } from "node:events";
import { createSocket, type Socket } from "node:dgram";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { Random } from "./random";

/*
 * A noisy network, in a thread of its own so that sending it does not disturb what is measured: devices that announce
 * themselves from addresses of their own, and others who send junk. On loopback only.
 */

export interface Flood {
  /** Where it goes, on 127.0.0.1. */
  readonly port: number;
  /** One datagram a device, sent over and over, each from an address of its own. */
  readonly announcements: readonly Buffer[];
  readonly announceEveryMs: number;
  /** Datagrams of which junk is made: mutated, cut off, and with invented ids. */
  readonly samples: readonly Buffer[];
  readonly junkPerSecond: number;
  /** Addresses the junk comes from. */
  readonly junkSenders: number;
  readonly ms: number;
}

const TICK_MS = 10;

/** Sends for a while; resolves with the number of datagrams when it is over. */
export async function sendFlood(flood: Flood): Promise<{ announcements: number; junk: number }> {
  const worker = new Worker(__filename, { workerData: flood });
  const [sent] = (await once(worker, "message")) as [{ announcements: number; junk: number }];
  await worker.terminate();
  return sent;
}

async function open(address: string): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.on("error", () => {});
  socket.bind(0, address);
  await once(socket, "listening");
  return socket;
}

function openAll(count: number, network: string): Promise<Socket[]> {
  const address = (i: number): string => `${network}.${Math.floor(i / 250)}.${(i % 250) + 1}`;
  return Promise.all(Array.from({ length: count }, (_, i) => open(address(i))));
}

async function run(flood: Flood): Promise<void> {
  const { port, announcements, announceEveryMs, samples, junkPerSecond, junkSenders, ms } = flood;
  const random = new Random(1);
  const devices = await openAll(announcements.length, "127.1");
  const senders = await openAll(junkSenders, "127.66");
  const sent = { announcements: 0, junk: 0 };
  const began = performance.now();
  const timer = setInterval(() => {
    const elapsed = performance.now() - began;
    const due = (rate: number): number => Math.floor((Math.min(elapsed, ms) * rate) / 1_000);
    while (sent.junk < due(junkPerSecond)) {
      senders[sent.junk++ % senders.length]?.send(junk(random, samples), port, "127.0.0.1");
    }
    const rate = (announcements.length * 1_000) / announceEveryMs;
    while (sent.announcements < due(rate)) {
      const index = sent.announcements++ % announcements.length;
      devices[index]?.send(Buffer.from(announcements[index] ?? ""), port, "127.0.0.1");
    }
    if (elapsed < ms) return;
    clearInterval(timer);
    for (const socket of [...devices, ...senders]) socket.close();
    parentPort?.postMessage(sent);
  }, TICK_MS);
}

function junk(random: Random, samples: readonly Buffer[]): Buffer {
  const kind = random.below(4);
  if (kind === 0) return random.bytes(random.between(0, 1_400));
  if (kind === 1) {
    const id = random.bytes(10).toString("hex");
    const clear = Buffer.from(`{"ip":"192.0.2.7","gwId":"${id}","version":"3.3"}`);
    return frame(clear);
  }
  const datagram = Buffer.from(random.pick(samples));
  if (kind === 2) return datagram.subarray(0, random.below(datagram.length));
  datagram[random.below(datagram.length)] = random.below(256);
  return datagram;
}

/** A clear announcement whose CRC is right: the sample of a flood that is understood. */
function frame(json: Buffer): Buffer {
  const covered = Buffer.concat([Buffer.alloc(20), json]);
  covered.writeUInt32BE(0x55aa, 0);
  covered.writeUInt32BE(json.length + 12, 12);
  const end = Buffer.alloc(8);
  end.writeUInt32BE(crc32(covered), 0);
  end.writeUInt32BE(0xaa55, 4);
  return Buffer.concat([covered, end]);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

if (parentPort) void run(workerData as Flood);
