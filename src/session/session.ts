import type { TuyaError } from "../errors";
import { Command, isQuery } from "../protocol/command";
import type { OpenFailure } from "../protocol/envelope";
import type { Frame } from "../protocol/frame";
import { type Body, type Message, parseBody } from "../protocol/message";
import { type ChildrenReport, readChildrenReport, readPossibleReport, type Report } from "../protocol/report";
import { encodeRequest, type Request } from "../protocol/request";
import { type Dialect, dialectOf, isEncrypted } from "../protocol/version";
import { Connection, type ConnectionOwner } from "./connection/connection";
import type { ConnectionEnd } from "./connection/connection-end";
import { Exchange, type ExchangeOwner, type Question, type SentRequest } from "./requests/exchange";
import { FirstValues, type FirstValuesOwner } from "./first-values";
import { Heartbeat, type HeartbeatOwner } from "./heartbeat";
import { KeyProof, type KeyProofOwner } from "./proof/key-proof";
import { OwnBodies } from "./proof/own-bodies";
import { isFromClient } from "./proof/proof";
import { Queries, type QueriesOwner } from "./requests/queries";
import { Repetition } from "./repetition";
import type { ReportReason } from "./report-reason";
import { Requests, type RequestsOwner } from "./requests/requests";
import type { SessionOptions, SessionStatistics } from "./session-options";
import { otherVersion, shownVersion } from "./shown-version";

/** What a session calls when something happens, with itself as an argument. */
export interface SessionOwner {
  /** TCP is open; nothing has proved the key yet. */
  opened(session: Session): void;
  /**
   * The device answered, for the first time or with proof of the key. At an address that was only announced, only proof
   * counts as an answer.
   */
  answered(keyProven: boolean, session: Session): void;
  /** All requests that need no proof were sent: from now on the session waits for proof of the key. */
  listening(session: Session): void;
  report(report: Report, reason: ReportReason, session: Session): void;
  children(report: ChildrenReport, session: Session): void;
  /** The device refused the first query and its repetition. */
  refused(text: string, session: Session): void;
  /** Whether the gateway says that a sub-device is online; undefined = not known. */
  childOnline(cid: string): boolean | undefined;
  /** A gateway answered a query for a sub-device, or refused it because it does not know its id. */
  childAnswered(cid: string, isKnown: boolean, session: Session): void;
  /** Called exactly once, last. */
  ended(end: ConnectionEnd, session: Session): void;
  /** The error of requests that are open when the connection ends. `wasSent`: whether it had been sent. */
  lossError(end: ConnectionEnd, wasSent: boolean, session: Session): TuyaError;
}

/** All that the parts of a session call. */
type PartsOwner = ConnectionOwner &
  ExchangeOwner &
  FirstValuesOwner &
  HeartbeatOwner &
  KeyProofOwner &
  QueriesOwner &
  RequestsOwner;

/** One connection and everything that goes over it: requests and answers, heartbeats, first values, reports. Single-use. */
export class Session implements PartsOwner {
  readonly #options: SessionOptions;
  readonly #owner: SessionOwner;
  readonly #dialect: Dialect;
  readonly #connection: Connection;
  readonly #exchange: Exchange;
  readonly #heartbeat: Heartbeat;
  readonly #queries: Queries;
  /** Made when it is needed: most devices only report. */
  #requests: Requests | undefined;
  readonly #firstValues: FirstValues;
  readonly #ownBodies: OwnBodies;
  /** What the messages have proved so far. */
  readonly #proof: KeyProof;
  readonly #repetition: Repetition;
  #hungUpWhenAsked = false;
  /** Blocks that were sent encrypted before the other end proved the key: see `OwnBodies`. */
  #unprovenBlocks: Set<string> | undefined;
  #notAuthentic = 0;
  #wasOpened = false;
  #end: ConnectionEnd | undefined;

  constructor(options: SessionOptions, owner: SessionOwner) {
    const { version, timings, device22Dps } = options;
    this.#options = options;
    this.#owner = owner;
    const dialect = (this.#dialect = dialectOf(version, { device22: device22Dps.length > 0 }));
    this.#ownBodies = options.ownBodies ?? new OwnBodies();
    this.#proof = new KeyProof(options, dialect, this);
    this.#exchange = new Exchange(dialect, timings, this);
    this.#heartbeat = new Heartbeat(timings, this);
    this.#queries = new Queries(options, dialect, this.#exchange, this);
    this.#firstValues = new FirstValues(dialect, timings, this.#queries, this.#proof, this);
    this.#repetition = new Repetition(timings.ackGraceMs);
    this.#connection = new Connection(dialect, options, this);
  }

  /** The requests that can be made. */
  get requests(): Requests {
    return (this.#requests ??= new Requests(
      this.#options,
      this.#dialect,
      this.#exchange,
      this.#queries,
      this.#proof,
      this,
    ));
  }

  /** The address it connects to. */
  get host(): string {
    return this.#options.host;
  }

  /** Resolves when the socket is gone. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /** Whether TCP is or was open: the device may still count this session among its clients. */
  get wasOpened(): boolean {
    return this.#wasOpened;
  }

  get statistics(): SessionStatistics {
    const { bytesIn, bytesOut } = this.#connection;
    const silentMs = this.#heartbeat.silentMs;
    const lastSeen = silentMs === undefined ? undefined : Math.round(Date.now() - silentMs);
    const { roundTripMs } = this.#exchange;
    return { bytesIn, bytesOut, roundTripMs, lastSeen, notAuthentic: this.#notAuthentic };
  }

  /** Whether commands are sent; otherwise they fail with KEY_OR_VERSION. */
  get takesCommands(): boolean {
    return this.#proof.takesCommands;
  }

  /** Whether it only waits for proof of the key, for `listenMs`. */
  get isListening(): boolean {
    return this.#proof.isListening;
  }

  /** While the device is asked for proof of the key: resolves when that has an outcome. */
  get asking(): Promise<void> | undefined {
    return this.#proof.asking;
  }

  /** Whether the device closed the connection while it was asked for proof. */
  get hungUpWhenAsked(): boolean {
    return this.#hungUpWhenAsked;
  }

  end(end: ConnectionEnd): void {
    this.#connection.end(end);
  }

  /** Asks for a sign of life. If none comes soon, the session ends as "dead". */
  probe(): void {
    this.#heartbeat.probe(this.#options.timings.probeTimeoutMs);
  }

  // ConnectionOwner

  opened(): void {
    this.#wasOpened = true;
    this.#owner.opened(this);
  }

  established(): void {
    this.#heartbeat.start();
    if (this.#proof.established()) this.#firstValues.read();
  }

  message(message: Message, frame: Frame): void {
    // A push may arrive during the negotiation. It is ignored: its values are queried as soon as requests can be sent.
    if (this.#dialect.negotiates && !this.#proof.isProven) {
      this.#heartbeat.received();
      return;
    }
    const body = parseBody(message.payload);
    // Not for heartbeats, whose answers only count as signs of life.
    if (message.command !== Command.HEART_BEAT && this.isOwn(message, body)) {
      this.#noteNotAuthentic("a client's request came back");
      return;
    }
    this.#heartbeat.received();
    const repetition = this.#repetition.note(message);
    if (repetition === "certain") return;
    const marker = this.#proof.isProven ? undefined : otherVersion(message, frame, this.#options);
    if (marker) return this.end({ reason: "undecryptable", marker });
    const { askedDp } = this.#proof;
    if (!this.#proof.note(message, body)) return;
    const isAnswer = this.#exchange.received({ message, body, frame });
    if (message.command === Command.LAN_EXT_STREAM) this.#requests?.noteChildren(body);
    if (body.kind !== "json" || !this.#proof.isBelieved) return;
    const children = readChildrenReport(body.value);
    if (children) {
      const { online, offline, nearby } = children;
      this.#connection.spendOn(online.length + offline.length + nearby.length);
      this.#owner.children(children, this);
    }
    const isReply = isQuery(message.command);
    // The query has reported its own answer already, with its own reason.
    const report = isAnswer && isReply ? undefined : readPossibleReport(body.value);
    if (!report) return;
    // A report that answers the question for proof is a reply: nobody has pressed or set anything.
    const isAsked = askedDp !== undefined && report.cid === undefined && Object.hasOwn(report.dps, askedDp);
    // A repeated report must not count twice, nor confirm a later command.
    if (repetition) this.#tell(report, "reply");
    else this.report(report, isReply || isAsked ? "reply" : (this.#queries.reasonOf(report) ?? "push"));
  }

  /** Whether a client wrote the message, or it is combined from blocks that were sent from here. */
  isOwn({ command, payload }: Message, body: Body = parseBody(payload)): boolean {
    if (command === Command.SESS_KEY_NEG_START || command === Command.SESS_KEY_NEG_FINISH) return true;
    return this.#ownBodies.has(payload) || (body.kind === "json" && isFromClient(body.value));
  }

  unreadable(reason: OpenFailure, frame: Frame): void {
    const { logger, name } = this.#options;
    if (reason === "foreign_format" && !this.#proof.hasAnswered) {
      this.end({ reason: "foreign", speaks: this.#dialect.format === "55AA" ? "newer" : "older" });
    } else if (reason === "bad_body" && !this.#proof.isProven) {
      this.end({ reason: "undecryptable", marker: shownVersion(frame, this.#options) });
    } else if (reason === "not_authentic") {
      this.#noteNotAuthentic("a report came in clear");
      // If this is the device, it speaks an older version, in which queries are answered in clear.
      if (isQuery(frame.command) && !this.#proof.hasAnswered) this.end({ reason: "refused-in-clear" });
    } else {
      logger.debug(() => `${name}: dropped a frame (${reason})`);
    }
  }

  ended(end: ConnectionEnd): void {
    this.#end = end;
    this.#hungUpWhenAsked = end.reason === "closed" && this.asking !== undefined;
    this.#heartbeat.stop();
    this.#firstValues.end();
    this.#proof.stop();
    this.#queries.end();
    this.#requests?.end();
    this.#exchange.end();
    this.#owner.ended(end, this);
  }

  // ExchangeOwner, HeartbeatOwner, FirstValuesOwner

  send(request: Request): SentRequest | undefined {
    const { deviceId } = this.#options;
    const t = Math.floor(Date.now() / 1000);
    const { command, payload } = encodeRequest(this.#dialect, request, { deviceId, t });
    if (request.kind === "set" && request.cid !== undefined && this.#dialect.bodies === "flat")
      this.#ownBodies.add(payload);
    if (!this.#proof.isProven && isEncrypted(this.#dialect, command))
      this.#ownBodies.addUnproven(payload, (this.#unprovenBlocks ??= new Set()));
    const sequence = this.#connection.send(command, payload);
    if (sequence === undefined) return undefined;
    this.#heartbeat.sent();
    return { sequence, command };
  }

  get turn(): number | undefined {
    return this.#connection.turn;
  }

  unanswered(): void {
    this.#heartbeat.probe(this.#options.timings.replyTimeoutMs);
  }

  beat(): void {
    this.send({ kind: "heartbeat" });
  }

  dead(): void {
    this.end({ reason: this.#proof.hasAnswered ? "dead" : "silent" });
  }

  refused(text: string): void {
    this.#owner.refused(text, this);
  }

  // KeyProofOwner

  answered(keyProven: boolean): void {
    if (keyProven && this.#unprovenBlocks) {
      this.#ownBodies.forget(this.#unprovenBlocks);
      this.#unprovenBlocks = undefined;
    }
    this.#owner.answered(keyProven, this);
    const held = this.#firstValues.release();
    if (held) this.report(held, "initial");
    if (keyProven) this.#firstValues.proved();
  }

  listening(): void {
    this.#firstValues.waitForProof();
    this.#owner.listening(this);
  }

  askForProof(dp: string): () => void {
    const question: Question = {
      request: () => ({ kind: "set", dps: { [dp]: null } }),
      done: () => undefined,
    };
    this.#exchange.ask(question);
    return () => {
      this.#exchange.withdraw(question);
      this.#exchange.release(question);
    };
  }

  // QueriesOwner, RequestsOwner

  report(report: Report, reason: ReportReason, isCertain = false): void {
    if (!this.#proof.isBelieved || this.#firstValues.holds(report)) return;
    this.#tell(report, reason);
    this.#requests?.noteReport(report, isCertain);
  }

  childOnline(cid: string): boolean | undefined {
    return this.#owner.childOnline(cid);
  }

  childAnswered(cid: string, isKnown: boolean): void {
    this.#owner.childAnswered(cid, isKnown, this);
  }

  lossError(wasSent: boolean): TuyaError {
    return this.#owner.lossError(this.#end ?? { reason: "asked" }, wasSent, this);
  }

  #tell(report: Report, reason: ReportReason): void {
    this.#connection.spendOn(report.numbers.length);
    this.#owner.report(report, reason, this);
  }

  /** Logged once per connection, because such messages often come in numbers. */
  #noteNotAuthentic(what: string): void {
    if (++this.#notAuthentic > 1) return;
    const { logger, name, host } = this.#options;
    logger.warn(
      `${name}: ${what} from ${host}. Nobody vouches for that, so it is dropped, as is all that follows of it.`,
    );
  }
}
