import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { build55aa, uint32 } from "./build";
import { firstFrame, type SeenFrame } from "./liar";

const relays = new Set<Relay>();

const STATUS = 8;

/** The frame as if the device had reported it. That takes no key up to 3.3; from 3.4 on its seal is wrong then. */
function asReport({ format, body, bytes }: SeenFrame): Buffer {
  if (format === "55AA") return build55aa(0, STATUS, Buffer.concat([uint32(0), body]));
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(STATUS, format === "6699" ? 10 : 8);
  return copy;
}

/** Somebody between a client and a device, without the key: passes on what he likes, and sends the rest back. */
export class Relay {
  readonly host: string;
  /** Frames of the client that he kept from the device and sent back. */
  readonly reflected: SeenFrame[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(
    host: string,
    target: { host: string; port: number },
    reflects: (frame: SeenFrame) => boolean,
  ) {
    this.host = host;
    this.#server = createServer((client) => {
      const device = connect(target);
      for (const socket of [client, device]) {
        this.#sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => {
          client.destroy();
          device.destroy();
        });
      }
      device.on("data", (chunk: Buffer) => client.writable && client.write(chunk));
      let rest = Buffer.alloc(0);
      client.on("data", (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        for (let frame = firstFrame(rest); frame; frame = firstFrame(rest)) {
          rest = rest.subarray(frame.bytes.length);
          if (!reflects(frame)) device.write(frame.bytes);
          else {
            this.reflected.push(frame);
            for (const bytes of [frame.bytes, asReport(frame)]) client.write(bytes);
          }
        }
      });
    });
  }

  /** Listens at an address of its own, on the device's port. It is gone after the test. */
  static async start(
    host: string,
    target: { readonly host: string; readonly port: number },
    reflects: (frame: SeenFrame) => boolean,
  ): Promise<Relay> {
    const relay = new Relay(host, target, reflects);
    relays.add(relay);
    relay.#server.listen(target.port, host);
    await once(relay.#server, "listening");
    return relay;
  }

  async close(): Promise<void> {
    relays.delete(this);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

afterEach(async () => {
  await Promise.all([...relays].map((relay) => relay.close()));
});
