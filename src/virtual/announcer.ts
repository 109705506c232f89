import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  type AnnouncementPacking,
  decodeDiscoveryRequest,
  encodeAnnouncement,
  UDP_PORTS,
} from "../protocol/announcement";
import { IV_LENGTH } from "../protocol/cipher";
import { Command } from "../protocol/command";
import type { JsonObject } from "../protocol/message";
import type { Dialect } from "../protocol/version";
import type { Firmware } from "./firmware";
import { assertLoopback, isLoopback } from "./loopback";

/** Used for a generation that makes no announcements by itself, if it is told to. */
const DEFAULT_INTERVAL_MS = 5_000;

/** Where announcements go. */
export interface AnnouncementTarget {
  /** Address in 127.0.0.0/8; default 127.0.0.1. Real devices broadcast. */
  readonly host?: string | undefined;
  /** Default: 6666 for a 3.1 device, 6667 for all others. */
  readonly port?: number | undefined;
}

/** The parts of an announcement that do not depend on the generation. */
export interface Identity {
  readonly host: string;
  readonly productKey: string;
  readonly uuid: string;
}

/**
 * Tells the machine it runs on that the device exists, over UDP and on loopback only. All members that name another
 * address throw a RangeError; requests that name one get no answer.
 */
export class Announcer {
  readonly #firmware: Firmware;
  readonly #identity: Identity;
  readonly #sockets = new Set<Promise<Socket>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #sender: Promise<Socket> | undefined;
  #isClosed = false;

  constructor(firmware: Firmware, identity: Identity) {
    this.#firmware = firmware;
    this.#identity = identity;
  }

  /** Sends one announcement. Resolves when it is on its way; rejects if the device is closed before. */
  async announce(target: AnnouncementTarget = {}): Promise<void> {
    const { host = "127.0.0.1", port = announcementPort(this.#firmware.dialect) } = target;
    assertLoopback(host);
    this.#sender ??= this.#open(0);
    await send(await this.#sender, this.#datagram(), port, host);
  }

  /**
   * Announces now and from then on every `intervalMs` (default: as the generation does it, 5 s). Keeps silent, as real
   * devices do, while it is off and while all places for clients are taken. Returns what stops it.
   */
  start(options: AnnouncementTarget & { readonly intervalMs?: number | undefined } = {}): () => void {
    const { intervalMs = this.#firmware.behaviour.announceMs || DEFAULT_INTERVAL_MS, ...target } = options;
    assertLoopback(target.host ?? "127.0.0.1");
    const tell = (): void => {
      if (this.#firmware.isRunning && this.#firmware.freePlaces > 0)
        void this.announce(target).catch(() => {});
    };
    const timer = setInterval(tell, intervalMs);
    this.#timers.add(timer);
    tell();
    return () => {
      clearInterval(timer);
      this.#timers.delete(timer);
    };
  }

  /**
   * Answers discovery requests (0x25) that arrive on a UDP port of the device's address, also while all places are taken.
   * The answer goes to the address the request names, to `replyPort` (default 7000): not to the sender.
   * @returns the port it listens on; rejects if that is taken
   */
  async answerDiscovery(options: { port?: number; replyPort?: number } = {}): Promise<number> {
    const { port = UDP_PORTS.request, replyPort = UDP_PORTS.request } = options;
    const socket = await this.#open(port);
    socket.on("message", (datagram) => {
      const request = decodeDiscoveryRequest(datagram);
      if (request && isLoopback(request.ip) && this.#firmware.isRunning)
        void send(socket, this.#datagram(), replyPort, request.ip).catch(() => {});
    });
    return socket.address().port;
  }

  /** Lets the device announce itself again after `close`. What was started before stays stopped. */
  open(): void {
    this.#isClosed = false;
  }

  /** Stops everything and frees the ports. Nothing can be announced until `open`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers.clear();
    this.#sender = undefined;
    const sockets = [...this.#sockets];
    this.#sockets.clear();
    await Promise.all(sockets.map((socket) => socket.then(closeSocket, () => {})));
  }

  #datagram(): Buffer {
    return encodeAnnouncement(this.#body(), packingOf(this.#firmware.dialect));
  }

  /** The misspelling is the vendor's; 3.1 devices do without it. */
  #body(): JsonObject {
    const { id, behaviour, dialect, freePlaces } = this.#firmware;
    const { host, productKey, uuid } = this.#identity;
    const has = (name: (typeof behaviour.announces)[number]): boolean => behaviour.announces.includes(name);
    return {
      ip: host,
      gwId: id,
      ...(has("uuid") ? { uuid } : {}),
      active: 2,
      ...(has("mode") ? { ability: 0, mode: 0 } : { ablilty: 0 }),
      encrypt: true,
      productKey,
      version: dialect.version,
      ...(has("token") ? { token: true, wf_cfg: true } : {}),
      ...(has("clientLink") ? { clientLink: freePlaces } : {}),
      ...(has("sl") ? { sl: 1 } : {}),
    };
  }

  /** Opens a socket at the device's address. `close` closes it, also if it is still being opened. */
  #open(port: number): Promise<Socket> {
    if (this.#isClosed) return Promise.reject(closedError());
    const socket = openSocket(port, this.#identity.host);
    this.#sockets.add(socket);
    return socket;
  }
}

async function openSocket(port: number, host: string): Promise<Socket> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  // Each datagram on its way listens for the end of the socket.
  socket.setMaxListeners(0);
  try {
    socket.bind(port, host);
    await once(socket, "listening");
  } catch (error) {
    socket.close();
    throw error;
  }
  // Datagrams that cannot be delivered are ignored, as with real announcements.
  socket.on("error", () => {});
  return socket;
}

async function closeSocket(socket: Socket): Promise<void> {
  const closed = once(socket, "close");
  socket.close();
  await closed;
}

/** The port a version announces itself on. */
function announcementPort(dialect: Dialect): number {
  return dialect.encrypts === "headed" ? UDP_PORTS.clear : UDP_PORTS.encrypted;
}

function packingOf(dialect: Dialect): AnnouncementPacking {
  if (dialect.encrypts === "headed") return { format: "clear", command: Command.UDP };
  if (dialect.format === "6699")
    return { format: "gcm", command: Command.UDP_NEW, iv: randomBytes(IV_LENGTH) };
  return { format: "ecb", command: dialect.negotiates ? Command.BOARDCAST_LPV34 : Command.UDP_NEW };
}

function send(socket: Socket, datagram: Buffer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // A socket that is closed meanwhile calls nobody back.
    const closed = (): void => reject(closedError());
    socket.once("close", closed);
    socket.send(datagram, port, host, (error) => {
      socket.off("close", closed);
      if (error) reject(error);
      else resolve();
    });
  });
}

function closedError(): Error {
  return new Error("The virtual device is closed.");
}
