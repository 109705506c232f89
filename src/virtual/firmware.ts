import { randomBytes } from "node:crypto";
import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { parseLocalKey } from "../protocol/cipher";
import { Command } from "../protocol/command";
import type { Frame } from "../protocol/frame";
import { deriveSessionKey, NONCE_LENGTH } from "../protocol/handshake";
import type { Message } from "../protocol/message";
import { type Dialect, dialectOf } from "../protocol/version";
import { answer, type Answerer, answerUnreadable, type Child, type Outcome } from "./answers";
import { type Behaviour, behaviourOf } from "./behaviours";
import { childrenBody, type Report, statusBody, statusHeader, withPoorEscapes } from "./bodies";
import { DataModel } from "./data-model";
import { FaultState } from "./faults";
import type { SubDeviceOptions, VirtualDeviceEvents, VirtualDeviceOptions } from "./options";
import { type Random, seededRandom } from "./random";
import { Session, type SessionOwner } from "./session";

/** Sources of commands a device remembers. */
const MAX_SOURCES = 8;
/** Answers that wait to be late. A client that asks for more is disconnected. */
const MAX_LATE = 1_000;

/** The request that is answered. */
interface Asked {
  readonly sequence: number;
  readonly command: number;
}

/** How many nonces are tried for a certain session key: a hundred times as many as needed on average. */
const MAX_NONCES = 25_600;

/**
 * The inside of a device: its data points, its clients, its answers and its reports. Uses sockets that are passed to it,
 * but opens none.
 */
export class Firmware implements Answerer, SessionOwner {
  readonly id: string;
  readonly dialect: Dialect;
  readonly behaviour: Behaviour;
  readonly model: DataModel;
  readonly children: ReadonlyMap<string, Child> | undefined;
  readonly faultState: FaultState;
  readonly random: Random;
  readonly #options: VirtualDeviceOptions;
  readonly #events: EventEmitter<VirtualDeviceEvents>;
  readonly #sessions = new Set<Session>();
  /** Places of clients that left, not free yet. */
  readonly #releases = new Set<NodeJS.Timeout>();
  /** Answers that are late. */
  readonly #late = new Set<NodeJS.Timeout>();
  #localKey: Buffer;
  #isRunning = false;
  /** In seconds. */
  #switchedOnAt = 0;
  #wasControlled = false;
  #connections = 0;
  /** The number of the next report, in its header. */
  #reportNumber: number;
  /** The client a single-threaded device is waiting for. */
  #blocker: Session | undefined;
  /** Highest numbers of commands, by source; the latest last. */
  readonly #sources = new Map<number, number>();

  /** @throws RangeError when the key or the behaviour is impossible */
  constructor(options: VirtualDeviceOptions, events: EventEmitter<VirtualDeviceEvents>) {
    const { version } = options;
    const behaviour = behaviourOf(version, options.behaviour);
    if (!behaviour)
      throw new RangeError(`Behaviour ${options.behaviour} belongs to another version than ${version}.`);
    this.id = options.id;
    this.dialect = dialectOf(version);
    this.behaviour = { ...behaviour, ...options.overrides };
    this.#options = options;
    this.#events = events;
    this.#localKey = keyBytes(options.localKey);
    this.faultState = new FaultState(options.faults);
    this.random = seededRandom(options.seed ?? 1);
    this.#reportNumber = Math.floor(this.random() * 0x7fff_ffff);
    this.model = new DataModel(options.dps, options.schema);
    this.children = options.subDevices && childrenOf(options.subDevices);
  }

  get localKey(): Buffer {
    return this.#localKey;
  }

  changeKey(localKey: string): void {
    this.#localKey = keyBytes(localKey);
  }

  get wasControlled(): boolean {
    return this.#wasControlled;
  }

  get clients(): number {
    return this.#sessions.size;
  }

  get freePlaces(): number {
    return Math.max(0, this.behaviour.clientLimit - this.#sessions.size - this.#releases.size);
  }

  /** Whether the device is switched on. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  noteSource(source: number, number: number): boolean {
    const before = this.#sources.get(source) ?? -1;
    if (number <= before) return false;
    this.#sources.delete(source);
    this.#sources.set(source, number);
    const [oldest] = this.#sources.keys();
    if (this.#sources.size > MAX_SOURCES && oldest !== undefined) this.#sources.delete(oldest);
    return true;
  }

  startUp(): void {
    this.#isRunning = true;
    this.#switchedOnAt = this.#now();
  }

  /** Takes on a client, or closes its connection at once when all places are taken. */
  accept(socket: Socket): void {
    if (this.freePlaces === 0 || this.faultState.strikes("busy")) {
      socket.on("error", () => {});
      socket.destroy();
      this.#events.emit("reject");
      return;
    }
    const session = new Session(this, socket, ++this.#connections);
    this.#sessions.add(session);
    if (this.#blocker) session.hold(true);
    this.#events.emit("connect", session.number);
    if (this.faultState.current.earlyReport) this.#sendReport(session, { dps: this.model.values });
  }

  /** Disconnects everybody, frees all timers, and forgets what a restart makes a device forget. */
  shutDown(): void {
    this.#isRunning = false;
    this.#blocker = undefined;
    for (const session of this.#sessions) session.close();
    for (const timer of [...this.#releases, ...this.#late]) clearTimeout(timer);
    this.#releases.clear();
    this.#late.clear();
    this.#wasControlled = false;
  }

  /** Tells every client that hears reports. */
  report(report: Report): void {
    if (Object.keys(report.dps).length === 0) return;
    const times = this.faultState.current.duplicateReport ? 2 : 1;
    const t = this.#time();
    let clients = 0;
    for (const session of this.#sessions) {
      if (!session.hearsReports) continue;
      clients++;
      for (let i = 0; i < times; i++) this.#sendReport(session, report, t);
    }
    this.#events.emit("report", { dps: report.dps, cid: report.cid, clients });
  }

  /** Tells every client which sub-devices came or went. Gateways up to 3.3 have no such report. */
  reportChildren(online: readonly string[], offline: readonly string[]): void {
    if (this.dialect.bodies === "flat" || this.faultState.current.noChildList) return;
    for (const session of this.#sessions) {
      if (!session.isEstablished) continue;
      session.send({
        sequence: session.takeSequence(),
        command: Command.LAN_EXT_STREAM,
        payload: Buffer.from(childrenBody(online, offline), "utf8"),
        returnCode: 0,
      });
    }
  }

  /* --- what sessions ask of their device --- */

  chooseFirstSequence(): number {
    return Math.floor(this.random() * 0xffff);
  }

  /**
   * Real devices get a session key that begins with 00 by chance, once in 256 times. Here it happens only if a fault
   * demands it: tests must not depend on chance.
   */
  chooseNonce(clientNonce: Buffer): Buffer {
    if (this.#options.nonce) return this.#options.nonce;
    if (clientNonce.length < NONCE_LENGTH) return this.#randomNonce(false);
    const isZeroWanted = this.faultState.strikes("zeroSessionKey");
    let nonce = this.#randomNonce(isZeroWanted);
    for (let i = 0; i < MAX_NONCES; i++) {
      const sessionKey = deriveSessionKey(this.dialect, this.#localKey, clientNonce, nonce);
      if ((sessionKey[0] === 0) === isZeroWanted) break;
      nonce = this.#randomNonce(isZeroWanted);
    }
    return nonce;
  }

  received(session: Session, message: Message): void {
    const { command, sequence, payload } = message;
    this.#events.emit("request", { client: session.number, command, sequence, payload });
    const outcome = answer(this, message);
    if (command === Command.CONTROL || command === Command.CONTROL_NEW) this.#wasControlled = true;
    this.#performInTime(session, message, outcome);
    if (outcome.set) this.#events.emit("set", { client: session.number, ...outcome.set });
  }

  receivedUnreadable(session: Session, frame: Frame): void {
    this.#perform(session, frame, answerUnreadable(this, frame.command));
  }

  negotiated(session: Session): void {
    if (session.isEstablished) this.#events.emit("negotiate", session.number);
    else if (this.faultState.current.earlyReport) this.#sendReport(session, { dps: this.model.values });
  }

  waiting(session: Session, isWaiting: boolean): void {
    if (isWaiting) {
      if (this.#blocker || !this.faultState.current.blocking) return;
      this.#blocker = session;
    } else if (this.#blocker === session) {
      this.#blocker = undefined;
    } else {
      return;
    }
    for (const other of this.#sessions) if (other !== session) other.hold(isWaiting);
  }

  closed(session: Session): void {
    this.#sessions.delete(session);
    if (this.behaviour.slotReleaseMs > 0 && this.#isRunning) {
      const timer = setTimeout(() => this.#releases.delete(timer), this.behaviour.slotReleaseMs);
      this.#releases.add(timer);
    }
    this.#events.emit("disconnect", session.number);
  }

  #bytesOf(text: string): Buffer {
    return Buffer.from(this.faultState.current.poorTexts ? withPoorEscapes(text) : text, "utf8");
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now() / 1000;
  }

  #performInTime(session: Session, request: Asked, outcome: Outcome): void {
    const { slowChildren, lateMs = 0 } = this.faultState.current;
    const { replies, reports, cid, set } = outcome;
    const childMs = slowChildren?.[cid ?? ""] ?? 0;
    if (set && this.faultState.strikes("resetAfterSet")) {
      session.reset();
    } else if (set && this.faultState.strikes("hangUpAfterAck")) {
      this.#perform(session, request, { replies, reports: [] });
      session.hangUp();
    } else if (set && this.faultState.strikes("lateAck")) {
      this.#perform(session, request, { replies: [], reports });
      this.#later(session, lateMs, () => this.#perform(session, request, { replies, reports: [] }));
    } else if (set && this.faultState.strikes("lateReport")) {
      this.#perform(session, request, { replies, reports: [] });
      this.#later(session, lateMs, () => this.#perform(session, request, { replies: [], reports }));
    } else if (childMs > 0) {
      this.#later(session, childMs, () => this.#perform(session, request, outcome));
    } else {
      this.#perform(session, request, outcome);
    }
  }

  /** Does something later, if the client is still there. */
  #later(session: Session, ms: number, act: () => void): void {
    if (this.#late.size >= MAX_LATE) {
      session.close();
      return;
    }
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      if (this.#sessions.has(session)) act();
    }, ms);
    this.#late.add(timer);
  }

  /** Answers one client and tells all of them what has changed, in either order: real devices do both. */
  #perform(session: Session, request: Asked, outcome: Outcome): void {
    const { replies, reports } = outcome;
    const { statusFirst, sequence, sequencesSwapped } = this.behaviour;
    const isStatusFirst = reports.length > 0 && this.random() < statusFirst;
    if (sequence === "own" && reports.length > 0 && this.random() < sequencesSwapped)
      session.swapNextSequences();

    if (isStatusFirst) for (const report of reports) this.report(report);
    for (const { returnCode, text, refused = false } of replies) {
      const echoed = request.command === Command.HEART_BEAT ? 0 : request.sequence;
      const refusesInClear = this.behaviour.refusesInClear || this.faultState.current.clearRefusal === true;
      const isClear = text === "" || (refused && refusesInClear);
      session.send({
        sequence: sequence === "echo" ? echoed : session.takeSequence(),
        command: request.command,
        payload: this.#bytesOf(text),
        returnCode,
        header: null,
        // 3.1 encrypts only what is set and reported.
        encrypted: isClear || this.dialect.encrypts === "headed" ? false : undefined,
      });
    }
    if (!isStatusFirst) for (const report of reports) this.report(report);
  }

  /** By the device's clock, in seconds. */
  #time(): number {
    const since = this.faultState.current.noClock ? this.#switchedOnAt : 0;
    return Math.floor(this.#now() - since);
  }

  #sendReport(session: Session, report: Report, t = this.#time()): void {
    session.send({
      sequence: this.behaviour.sequence === "echo" ? 0 : session.takeSequence(),
      command: Command.STATUS,
      payload: this.#bytesOf(statusBody(this, report, t)),
      returnCode: 0,
      header: statusHeader(this.dialect, this.#reportNumber++),
    });
  }

  /** Of hex digits only some make a certain session key possible, so where one is wanted any byte may occur. */
  #randomNonce(isAnyByteAllowed: boolean): Buffer {
    return this.behaviour.nonce === "hex-digits" && !isAnyByteAllowed
      ? Buffer.from(randomBytes(NONCE_LENGTH / 2).toString("hex"), "latin1")
      : randomBytes(NONCE_LENGTH);
  }
}

/** @throws RangeError when it is no local key */
function keyBytes(localKey: string): Buffer {
  const key = parseLocalKey(localKey);
  if (!key) throw new RangeError("A local key has exactly 16 characters.");
  return key;
}

function childrenOf(subDevices: Readonly<Record<string, SubDeviceOptions>>): ReadonlyMap<string, Child> {
  return new Map(
    Object.entries(subDevices).map(([cid, { dps, schema, online = true }]) => [
      cid,
      { model: new DataModel(dps, schema), online },
    ]),
  );
}
