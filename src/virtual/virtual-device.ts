import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { parseLocalKey } from "../protocol/cipher";
import { Command } from "../protocol/command";
import type { Frame } from "../protocol/frame";
import { deriveSessionKey, NONCE_LENGTH } from "../protocol/handshake";
import type { Message } from "../protocol/message";
import type { Dps } from "../protocol/request";
import { type Dialect, dialectOf, type ProtocolVersion } from "../protocol/version";
import { answer, type Answerer, type Child, type Outcome, PARSE_ERROR, type Reply } from "./answers";
import { type Behaviour, type BehaviourName, behaviourOf } from "./behaviours";
import { type Report, statusBody } from "./bodies";
import { DataModel, type Schema } from "./data-model";
import { type Faults, FaultState } from "./faults";
import { assertLoopback } from "./loopback";
import { type Random, seededRandom } from "./random";
import { Session, type SessionOwner } from "./session";

export interface VirtualDeviceOptions {
  readonly id: string;
  /** 16 characters. */
  readonly localKey: string;
  readonly version: ProtocolVersion;
  /** Firmware generation; default: the one that stands for the version (`3.5p` for 3.5). */
  readonly behaviour?: BehaviourName | undefined;
  /** Single traits that differ from the generation's, durations and the client limit among them. */
  readonly overrides?: Partial<Behaviour> | undefined;
  readonly dps?: Dps | undefined;
  /** Kinds of the data points; default: as their first values suggest. */
  readonly schema?: Schema | undefined;
  /** Makes the device a gateway: data points by cid. */
  readonly subDevices?: Readonly<Record<string, Dps>> | undefined;
  /** Address in 127.0.0.0/8; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: one that is free. Real devices use 6668. */
  readonly port?: number | undefined;
  readonly faults?: Faults | undefined;
  /** Same seed, same choices (order of answers, first sequence numbers). Keys and nonces stay random. */
  readonly seed?: number | undefined;
  /** Seconds since 1970; default: the clock. */
  readonly now?: (() => number) | undefined;
  /** The device's nonce of every negotiation, 16 bytes; default: random. */
  readonly nonce?: Buffer | undefined;
}

/** A request a device could read, before it is answered. `payload` is decrypted. */
export interface ReceivedRequest {
  /** Number of the connection, counted from 1. */
  readonly client: number;
  readonly command: number;
  readonly sequence: number;
  readonly payload: Buffer;
}

export interface SetEvent {
  readonly client: number;
  readonly cid: string | undefined;
  /** As the client sent them. */
  readonly dps: Dps;
  /** What of it the device took over and did not have before. */
  readonly changed: Dps;
}

export interface VirtualDeviceEvents {
  connect: [client: number];
  /** The client has proved that it knows the local key (3.4, 3.5). */
  negotiate: [client: number];
  disconnect: [client: number];
  /** A connection was closed because all places are taken. */
  reject: [];
  request: [request: ReceivedRequest];
  set: [set: SetEvent];
  /** The device told its clients these values. */
  report: [report: { readonly dps: Dps; readonly cid: string | undefined; readonly clients: number }];
}

/** Nonces tried before giving up on a session key with a certain first byte: enough by a factor of a hundred. */
const MAX_NONCES = 25_600;

/**
 * A Tuya device in software: one TCP listener on loopback that behaves as the firmware of a generation does, awkward
 * habits included. For tests, demos, and people without hardware.
 */
export class VirtualDevice extends EventEmitter<VirtualDeviceEvents> implements Answerer, SessionOwner {
  readonly id: string;
  readonly dialect: Dialect;
  readonly behaviour: Behaviour;
  readonly model: DataModel;
  readonly children: ReadonlyMap<string, Child> | undefined;
  readonly host: string;
  readonly faultState: FaultState;
  readonly #options: VirtualDeviceOptions;
  readonly #random: Random;
  readonly #sessions = new Set<Session>();
  readonly #releases = new Set<NodeJS.Timeout>();
  #server: Server | undefined;
  #port: number;
  #localKey: Buffer;
  #wasControlled = false;
  #connections = 0;
  #sourceSequence: number;
  #blocker: Session | undefined;

  /** @throws RangeError when an option is impossible: key, address, or a behaviour of another version */
  constructor(options: VirtualDeviceOptions) {
    super();
    const { id, version, host = "127.0.0.1", port = 0 } = options;
    assertLoopback(host);
    const behaviour = behaviourOf(version, options.behaviour);
    if (!behaviour)
      throw new RangeError(`Behaviour ${options.behaviour} belongs to another version than ${version}.`);
    this.id = id;
    this.host = host;
    this.#port = port;
    this.#options = options;
    this.dialect = dialectOf(version);
    this.behaviour = { ...behaviour, ...options.overrides };
    this.#localKey = keyBytes(options.localKey);
    this.faultState = new FaultState(options.faults);
    this.#random = seededRandom(options.seed ?? 1);
    this.#sourceSequence = Math.floor(this.#random() * 0x7fff_ffff);
    this.model = new DataModel(options.dps, options.schema);
    this.children =
      options.subDevices &&
      new Map(
        Object.entries(options.subDevices).map(([cid, dps]) => [
          cid,
          { model: new DataModel(dps), online: true },
        ]),
      );
  }

  /** TCP port; 0 before `listen` unless one was chosen. */
  get port(): number {
    return this.#port;
  }

  /** Connected clients. */
  get clients(): number {
    return this.#sessions.size;
  }

  get dps(): Dps {
    return this.model.values;
  }

  /** What is wrong with the device. Assigning replaces all of it, and starts counting anew. */
  get faults(): Faults {
    return this.faultState.current;
  }

  set faults(faults: Faults) {
    this.faultState.replace(faults);
  }

  get wasControlled(): boolean {
    return this.#wasControlled;
  }

  get localKey(): Buffer {
    return this.#localKey;
  }

  /** Gives the device another key, as pairing it anew does. Clients that are connected keep the old one. */
  changeKey(localKey: string): void {
    this.#localKey = keyBytes(localKey);
  }

  /** Opens the port. Rejects when it is taken. */
  async listen(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.#welcome(socket));
    this.#server = server;
    server.listen(this.#port, this.host);
    await once(server, "listening");
    const address = server.address();
    if (typeof address === "object" && address) this.#port = address.port;
  }

  /** Disconnects everybody and frees port and timers. The device can `listen` again. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server?.listening ? once(server, "close") : undefined;
    server?.close();
    for (const session of this.#sessions) session.close();
    for (const timer of this.#releases) clearTimeout(timer);
    this.#releases.clear();
    await closed;
  }

  /** The device changes by itself: the values are true from now on, and its clients are told. */
  set(dps: Dps, options: { cid?: string } = {}): void {
    const model = options.cid === undefined ? this.model : this.children?.get(options.cid)?.model;
    if (!model) throw new RangeError(`This device has no sub-device ${options.cid}.`);
    this.#report({ dps: model.change(dps), cid: options.cid });
  }

  /* --- what sessions and answers ask of the device --- */

  chooseFirstSequence(): number {
    return Math.floor(this.#random() * 0xffff);
  }

  chooseNonce(clientNonce: Buffer): Buffer {
    if (this.#options.nonce) return this.#options.nonce;
    const isZeroWanted = this.faultState.strikes("zeroSessionKey") && clientNonce.length >= NONCE_LENGTH;
    let nonce = this.#randomNonce();
    for (let i = 0; isZeroWanted && i < MAX_NONCES; i++) {
      if (deriveSessionKey(this.dialect, this.#localKey, clientNonce, nonce)[0] === 0) break;
      nonce = this.#randomNonce();
    }
    return nonce;
  }

  received(session: Session, message: Message): void {
    const { command, sequence, payload } = message;
    this.emit("request", { client: session.number, command, sequence, payload });
    const outcome = answer(this, message);
    if (command === Command.CONTROL || command === Command.CONTROL_NEW) this.#wasControlled = true;
    if (outcome.set) this.emit("set", { client: session.number, ...outcome.set });
    this.#perform(session, message, outcome);
  }

  receivedUnreadable(session: Session, frame: Frame): void {
    this.#perform(session, frame, PARSE_ERROR);
  }

  negotiated(session: Session): void {
    if (session.isEstablished) this.emit("negotiate", session.number);
    else if (this.faultState.current.earlyReport) this.#sendReport(session, { dps: this.model.values });
  }

  waiting(session: Session, isWaiting: boolean): void {
    if (isWaiting === (this.#blocker === session)) return;
    if (isWaiting && (this.#blocker || !this.faultState.current.blocking)) return;
    this.#blocker = isWaiting ? session : undefined;
    for (const other of this.#sessions) if (other !== session) other.hold(isWaiting);
  }

  closed(session: Session): void {
    this.#sessions.delete(session);
    this.waiting(session, false);
    const { slotReleaseMs } = this.behaviour;
    if (slotReleaseMs > 0 && this.#server) {
      const timer = setTimeout(() => this.#releases.delete(timer), slotReleaseMs);
      this.#releases.add(timer);
    }
    this.emit("disconnect", session.number);
  }

  #welcome(socket: Socket): void {
    const taken = this.#sessions.size + this.#releases.size;
    if (taken >= this.behaviour.clientLimit || this.faultState.strikes("busy")) {
      socket.on("error", () => {});
      socket.destroy();
      this.emit("reject");
      return;
    }
    const session = new Session(this, socket, ++this.#connections);
    this.#sessions.add(session);
    if (this.#blocker) session.hold(true);
    this.emit("connect", session.number);
    if (this.faultState.current.earlyReport) this.#sendReport(session, { dps: this.model.values });
  }

  /** Answers a client and tells all of them what has changed, in either order: real devices do both. */
  #perform(
    session: Session,
    request: { readonly sequence: number; readonly command: number },
    { replies, reports }: Outcome,
  ): void {
    const both = replies.length > 0 && reports.length > 0;
    const statusFirst = both && this.#random() < this.behaviour.statusFirst;
    if (statusFirst) for (const report of reports) this.#report(report);
    for (const reply of replies) this.#sendReply(session, request, reply);
    if (!statusFirst) for (const report of reports) this.#report(report);
  }

  #sendReply(
    session: Session,
    { sequence, command }: { readonly sequence: number; readonly command: number },
    { returnCode, text, refused = false }: Reply,
  ): void {
    const isEcho = this.behaviour.sequence === "echo";
    const echoed = command === Command.HEART_BEAT ? 0 : sequence;
    const inClear =
      text === "" || this.dialect.encrypts === "headed" || (refused && this.faultState.current.clearRefusal);
    session.send({
      sequence: isEcho ? echoed : session.takeSequence(),
      command,
      payload: Buffer.from(text, "utf8"),
      returnCode,
      header: null,
      encrypted: inClear ? false : undefined,
    });
  }

  #report(report: Report): void {
    if (Object.keys(report.dps).length === 0) return;
    const times = this.faultState.current.duplicateReport ? 2 : 1;
    let clients = 0;
    for (const session of this.#sessions) {
      if (!session.hearsReports) continue;
      clients++;
      for (let i = 0; i < times; i++) this.#sendReport(session, report);
    }
    this.emit("report", { dps: report.dps, cid: report.cid, clients });
  }

  #sendReport(session: Session, report: Report): void {
    const t = this.#options.now?.() ?? Math.floor(Date.now() / 1000);
    session.send({
      sequence: this.behaviour.sequence === "echo" ? 0 : session.takeSequence(),
      command: Command.STATUS,
      payload: Buffer.from(statusBody(this, report, t), "utf8"),
      returnCode: 0,
      header: this.#sourceHeader(),
    });
  }

  /** Version, CRC (0 on the LAN), number of the report, source 1 = the device. 3.1 has a signature instead. */
  #sourceHeader(): Buffer | undefined {
    if (this.dialect.header === "signature") return undefined;
    const header = Buffer.alloc(15);
    header.write(this.dialect.version, 0, "latin1");
    header.writeUInt32BE(this.#sourceSequence++ >>> 0, 7);
    header.writeUInt32BE(1, 11);
    return header;
  }

  #randomNonce(): Buffer {
    return this.behaviour.nonce === "hex-digits"
      ? Buffer.from(randomBytes(NONCE_LENGTH / 2).toString("hex"), "latin1")
      : randomBytes(NONCE_LENGTH);
  }
}

function keyBytes(localKey: string): Buffer {
  const key = parseLocalKey(localKey);
  if (!key) throw new RangeError("A local key has exactly 16 characters.");
  return key;
}
