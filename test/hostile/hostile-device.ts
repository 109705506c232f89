import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { Command } from "../../src/protocol/command";
import { Envelope, type Outgoing } from "../../src/protocol/envelope";
import { FrameDecoder } from "../../src/protocol/frame-decoder";
import { continueHandshake, DEVICE_HANDSHAKE, type HandshakeState } from "../../src/protocol/handshake";
import type { Message } from "../../src/protocol/message";
import { type Dialect, dialectOf, type ProtocolVersion } from "../../src/protocol/version";
import { Random } from "../support/random";
import { type Act, ACTS, ANSWERS, NEGOTIATIONS, type Peer } from "./acts";

export interface HostileOptions {
  readonly deviceId: string;
  readonly version: ProtocolVersion;
  /** The key it seals with: the right one, another one, or none, in which case it speaks in clear where a version can. */
  readonly key: Buffer | undefined;
  /** The same number gives the same device. */
  readonly seed: number;
  readonly host?: string;
  readonly port?: number;
  /** Acts of a connection at most; 0 = it only answers, Infinity = until it is over. Default 40. */
  readonly acts?: number;
  /** Between two acts, in milliseconds. Default 2. */
  readonly everyMs?: number;
  /** Names of the acts it knows; default all. */
  readonly only?: readonly string[];
}

/** What was tried how often, by the name of the act. */
export type Tried = Map<string, number>;

/**
 * A device that wants harm: it speaks its version well enough to be listened to, with the right key, a wrong one or none,
 * and then does what no device does. On loopback; bounded in what it does and seeded.
 */
export class HostileDevice {
  readonly options: HostileOptions;
  readonly tried: Tried = new Map();
  readonly #server: Server;
  readonly #peers = new Set<Client>();
  #connections = 0;

  constructor(options: HostileOptions) {
    this.options = options;
    this.#server = createServer((socket) => this.#accept(socket));
    // Half of what it does makes sockets fail.
    this.#server.on("error", () => {});
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  /** Connections that were made to it. */
  get connections(): number {
    return this.#connections;
  }

  /** Acts of all connections together. */
  get acts(): number {
    return [...this.tried.values()].reduce((sum, times) => sum + times, 0);
  }

  async listen(): Promise<void> {
    const { host = "127.0.0.1", port = 0 } = this.options;
    this.#server.listen(port, host);
    await once(this.#server, "listening");
  }

  async close(): Promise<void> {
    for (const peer of this.#peers) peer.end();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, "close");
  }

  #accept(socket: Socket): void {
    // Every connection of a device differs, and is the same in every run.
    const random = new Random(this.options.seed + 7_919 * this.#connections++);
    const peer = new Client(socket, this.options, random, this.tried);
    this.#peers.add(peer);
    socket.on("close", () => this.#peers.delete(peer));
  }
}

/** One client of a hostile device. */
class Client implements Peer {
  readonly dialect: Dialect;
  readonly random: Random;
  readonly options: HostileOptions;
  counter = 0;
  readonly #socket: Socket;
  readonly #tried: Tried;
  readonly #decoder: FrameDecoder;
  readonly #local: Envelope;
  #session: Envelope | undefined;
  #handshake: HandshakeState = DEVICE_HANDSHAKE;
  #sequence = 0;
  #actsLeft: number;
  readonly #timer: NodeJS.Timeout;
  #ownTimers = new Set<NodeJS.Timeout>();

  constructor(socket: Socket, options: HostileOptions, random: Random, tried: Tried) {
    this.#socket = socket;
    this.options = options;
    this.random = random;
    this.#tried = tried;
    this.dialect = dialectOf(options.version);
    this.#decoder = new FrameDecoder({ integrity: this.dialect.integrity });
    this.#local = new Envelope(this.dialect, options.key ?? random.bytes(16));
    this.#actsLeft = options.acts ?? 40;
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#timer = setInterval(() => this.#act(), options.everyMs ?? 2);
    socket.on("close", () => this.end());
  }

  /** Bytes the client has not taken yet. */
  get backlog(): number {
    return this.#socket.writableLength;
  }

  write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  say(command: number, body: string | object, more: Partial<Outgoing> = {}): void {
    this.write(this.seal(command, body, more));
  }

  seal(command: number, body: string | object, more: Partial<Outgoing> = {}): Buffer {
    const payload = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const envelope = this.#session ?? this.#local;
    return envelope.seal({
      sequence: this.#sequence++ >>> 0,
      command,
      payload,
      returnCode: command === Command.STATUS ? undefined : 0,
      iv: this.random.bytes(12),
      ...(this.options.key === undefined && { encrypted: false }),
      ...more,
    });
  }

  report(dps: object, more: object = {}): void {
    this.say(Command.STATUS, this.bodyOf(dps, more));
  }

  bodyOf(dps: object, more: object = {}): object {
    return this.dialect.bodies === "flat"
      ? { devId: this.options.deviceId, dps, ...more }
      : { protocol: 4, t: 1_700_000_000, data: { dps, ...more } };
  }

  later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#ownTimers.delete(timer);
      act();
    }, ms);
    this.#ownTimers.add(timer);
  }

  hangUp(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  end(): void {
    clearInterval(this.#timer);
    for (const timer of this.#ownTimers) clearTimeout(timer);
    this.#ownTimers.clear();
    this.#socket.destroy();
  }

  #note(name: string): void {
    this.#tried.set(name, (this.#tried.get(name) ?? 0) + 1);
  }

  #act(): void {
    // A client that reads no further is not sent more: the sender is not under test.
    if (this.backlog > 256 * 1024) return;
    if (this.#actsLeft-- <= 0) {
      clearInterval(this.#timer);
      return;
    }
    this.#do(ACTS, this.options.only);
  }

  #do(acts: Readonly<Record<string, Act>>, only?: readonly string[]): void {
    const name = this.random.pick(Object.keys(acts).filter((known) => only?.includes(known) ?? true));
    this.#note(name);
    acts[name]?.(this, this.random);
  }

  #receive(chunk: Buffer): void {
    for (const decoded of this.#decoder.push(chunk)) {
      if (decoded.type === "discarded") continue;
      const opened = (this.#session ?? this.#local).open(decoded, "client");
      // Whoever has another key answers all the same, to the number that stands in clear.
      const { command, sequence } = decoded;
      if (opened.ok) this.#answer(opened.message);
      else this.#answer({ command, sequence, payload: Buffer.alloc(0), encrypted: false });
    }
  }

  #answer(message: Message): void {
    const { command, sequence } = message;
    if (command === Command.SESS_KEY_NEG_START || command === Command.SESS_KEY_NEG_FINISH) {
      this.#negotiate(message);
      return;
    }
    if (this.random.chance(0.2)) {
      this.#do(ANSWERS);
      return;
    }
    const numbered = this.dialect.echoesSequence ? { sequence } : {};
    const isQuery = command === Command.DP_QUERY || command === Command.DP_QUERY_NEW;
    this.say(command, isQuery ? this.bodyOf({ "1": true, "2": this.counter++ }) : "", numbered);
  }

  #negotiate(message: Message): void {
    if (this.random.chance(0.1)) {
      this.#do(NEGOTIATIONS);
      return;
    }
    const context = { dialect: this.dialect, localKey: this.options.key ?? Buffer.alloc(16), nonce: NONCE };
    const { state, send } = continueHandshake(context, this.#handshake, message);
    this.#handshake = state;
    if (send) this.say(send.command, "", { payload: send.payload, header: null });
    if (state.step === "established") this.#session = new Envelope(this.dialect, state.sessionKey);
  }
}

const NONCE = Buffer.from("f00dfacef00dfacef00dfacef00dface", "hex");
