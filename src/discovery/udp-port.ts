import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { Logger } from "../logger";

/** Whether a port is listened on. */
export type PortState =
  | { readonly kind: "closed" }
  | { readonly kind: "open" }
  /**
   * Another program holds the port alone, or it cannot be bound for another `reason`: an error code such as EADDRINUSE. It
   * is tried again.
   */
  | { readonly kind: "taken"; readonly reason: string };

/** What a `UdpPort` listens on, and whom it tells. */
export interface UdpPortOptions {
  /** 0 = any free one. */
  readonly port: number;
  /** Address to bind. */
  readonly bind: string;
  /** After how many milliseconds a port that could not be bound is tried again. */
  readonly retryMs: number;
  readonly logger: Logger;
  /** Called for each datagram. Must not throw. */
  readonly received: (datagram: Buffer, sender: RemoteInfo) => void;
}

/**
 * Buffer for datagrams that arrive while the process is busy, in bytes. Systems grant less than asked, but more than by
 * default.
 */
const RECEIVE_BUFFER = 1024 * 1024;

/** One UDP port, listened on until `close`. Shared with other programs that allow it. */
export class UdpPort {
  readonly #options: UdpPortOptions;
  #port: number;
  #socket: Socket | undefined;
  #state: PortState = { kind: "closed" };
  #retryTimer: NodeJS.Timeout | undefined;
  #hasWarned = false;

  constructor(options: UdpPortOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** The port that is bound; before that the one asked for. */
  get port(): number {
    return this.#port;
  }

  get state(): PortState {
    return this.#state;
  }

  /** Begins to listen. Resolves when the port is bound, or has failed; never rejects. */
  open(): Promise<void> {
    return this.#open(false);
  }

  /** Ends listening. Resolves when the socket is closed. */
  close(): Promise<void> {
    clearTimeout(this.#retryTimer);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#state = { kind: "closed" };
    return socket ? closeSocket(socket) : Promise.resolve();
  }

  /** Sends a datagram from this port. False when the port is not open; what the network does with it is not known. */
  send(datagram: Buffer, host: string, port: number): boolean {
    if (!this.#socket || this.#state.kind !== "open") return false;
    const failed = (error: Error | null): void => {
      if (error) this.#options.logger.debug(() => `UDP to ${host}:${port} failed: ${error.message}`);
    };
    try {
      this.#socket.send(datagram, port, host, failed);
    } catch (error) {
      // An impossible target in the settings.
      failed(error as Error);
    }
    return true;
  }

  #open(sharesPort: boolean): Promise<void> {
    const { bind, received } = this.#options;
    clearTimeout(this.#retryTimer);
    // Programs in Python share a port by SO_REUSEPORT only. Node.js has that option from 22.12 on, and ignores it before.
    const sharing = sharesPort ? ({ reusePort: true } as object) : {};
    const socket = createSocket({ type: "udp4", reuseAddr: true, ...sharing });
    this.#socket = socket;
    return new Promise((resolve) => {
      const fail = (error: NodeJS.ErrnoException): void => {
        if (this.#socket !== socket) return;
        void closeSocket(socket);
        if (error.code === "EADDRINUSE" && !sharesPort) {
          resolve(this.#open(true));
          return;
        }
        this.#failed(error);
        resolve();
      };
      socket.on("error", fail);
      socket.on("close", resolve);
      socket.on("message", (datagram, sender) => received(datagram, sender));
      socket.bind(this.#options.port, bind, () => {
        if (this.#socket === socket) this.#opened(socket);
        resolve();
      });
    });
  }

  #opened(socket: Socket): void {
    this.#port = socket.address().port;
    this.#state = { kind: "open" };
    socket.setBroadcast(true);
    try {
      socket.setRecvBufferSize(RECEIVE_BUFFER);
    } catch {
      // The default size is enough, too.
    }
    if (this.#hasWarned) this.#options.logger.info(`UDP port ${this.#port} is listened to now.`);
  }

  #failed(error: NodeJS.ErrnoException): void {
    const reason = error.code ?? error.message;
    this.#socket = undefined;
    this.#state = { kind: "taken", reason };
    if (!this.#hasWarned) this.#options.logger.warn(this.#describe(reason));
    this.#hasWarned = true;
    this.#retryTimer = setTimeout(() => void this.#open(false), this.#options.retryMs);
  }

  #describe(reason: string): string {
    const { bind, port } = this.#options;
    const cause =
      reason === "EADDRINUSE"
        ? "is held by another program that does not share it"
        : `cannot be opened at ${bind} (${reason})`;
    return `UDP port ${port} ${cause}: devices that announce themselves there are not heard. It is tried again by itself; devices with an address of their own are not affected.`;
  }
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    try {
      socket.close();
    } catch {
      // A socket whose bind failed may be closed already.
      resolve();
    }
  });
}
