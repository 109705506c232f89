import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { Logger } from "../logger";

export type PortState =
  | { readonly kind: "closed" }
  | { readonly kind: "open" }
  /** Another program holds the port alone, or binding failed in another way; tried again. */
  | { readonly kind: "taken"; readonly reason: string };

export interface UdpPortOptions {
  readonly port: number;
  /** Address to bind. */
  readonly bind: string;
  /** Until a port that could not be bound is tried again, in milliseconds. */
  readonly retryMs: number;
  readonly logger: Logger;
  readonly received: (datagram: Buffer, sender: RemoteInfo, port: number) => void;
}

/** One UDP port, listened to as long as it is open. Shares the port with other programs that allow it. */
export class UdpPort {
  readonly #options: UdpPortOptions;
  #socket: Socket | undefined;
  #state: PortState = { kind: "closed" };
  #retryTimer: NodeJS.Timeout | undefined;
  #hasWarned = false;

  constructor(options: UdpPortOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#options.port;
  }

  get state(): PortState {
    return this.#state;
  }

  open(): void {
    const { bind, port, received } = this.#options;
    clearTimeout(this.#retryTimer);
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    this.#socket = socket;
    socket.on("error", (error: NodeJS.ErrnoException) => this.#failed(socket, error));
    socket.on("message", (datagram, sender) => received(datagram, sender, port));
    socket.bind(port, bind, () => {
      if (this.#socket !== socket) return;
      this.#state = { kind: "open" };
      socket.setBroadcast(true);
    });
  }

  /** Resolves when the socket is gone. */
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

  #failed(socket: Socket, error: NodeJS.ErrnoException): void {
    if (this.#socket !== socket) return;
    const { port, retryMs, logger } = this.#options;
    this.#socket = undefined;
    this.#state = { kind: "taken", reason: error.code ?? error.message };
    void closeSocket(socket);
    if (!this.#hasWarned) {
      logger.warn(
        `UDP port ${port} cannot be used (${error.code ?? error.message}): another program holds it. Devices that announce themselves there are not heard; the port is tried again by itself.`,
      );
    }
    this.#hasWarned = true;
    this.#retryTimer = setTimeout(() => this.open(), retryMs);
  }
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    try {
      socket.close();
    } catch {
      // A socket whose bind failed is closed already.
      resolve();
    }
  });
}
