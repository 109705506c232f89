import type { TuyaError } from "../errors";
import type { Logger } from "../logger";
import { Command, isQuery } from "../protocol/command";
import { markedVersion, type OpenFailure } from "../protocol/envelope";
import type { Frame } from "../protocol/frame";
import { type Body, type Message, parseBody } from "../protocol/message";
import { readRefusal } from "../protocol/refusal";
import {
  type ChildrenReport,
  readChildrenReport,
  readReport,
  type Report,
  reportNumber,
} from "../protocol/report";
import { encodeRequest, type Request, USUAL_MEASUREMENTS } from "../protocol/request";
import { type Dialect, dialectOf, isEncrypted, type ProtocolVersion } from "../protocol/version";
import { Connection, type ConnectionOwner } from "./connection";
import { ChildrenQuestion, type ChildrenAnswer } from "./children-question";
import { Exchange, type Question, reportIn } from "./exchange";
import { ignoredCommandError, refusalError, timeoutError, unprovenCommandError } from "./failure";
import { describeReceived, type FrameEvent, type FrameTap } from "./frame-event";
import { Heartbeat } from "./heartbeat";
import { KeyProof } from "./key-proof";
import { OwnBodies } from "./own-bodies";
import { isFromClient, type Trust } from "./proof";
import { Queries } from "./queries";
import { askRaw, isUnanswered } from "./raw-request";
import { Setter } from "./setter";
import { shownVersion } from "./shown-version";
import type { Timings } from "./timings";
import type { ConnectionEnd } from "./connection-end";
import type { ExpectedValues, SetOptions, SetResult } from "./set-command";
import type { Dps } from "../protocol/dps";
import type { ReportReason } from "./report-reason";

export interface SessionOptions {
  readonly deviceId: string;
  /** For sentences. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly version: ProtocolVersion;
  /** How far the address is trusted before the key is proved there. */
  readonly trust: Trust;
  /** 16 bytes. */
  readonly localKey: Buffer;
  /** Shared by all sessions of a device; default: of this one only. */
  readonly ownBodies?: OwnBodies | undefined;
  /** Data points to ask for with nulls (device22); empty = normal query. */
  readonly device22Dps: readonly string[];
  /** Whether an earlier connection proved the key. */
  readonly keyWasProven?: boolean;
  /** Listen this long before the first frame, in milliseconds. */
  readonly settleMs: number;
  /** Whether answered heartbeats are enough where the first query is ignored; otherwise the session ends as "mute". */
  readonly acceptsMuteness: boolean;
  /** Whether a device that answers in clear may be asked for something that proves the key (3.2). Default: no. */
  readonly asksForProof?: boolean;
  /**
   * Whether the version is a guess. Where it is one that can be asked for proof, a session that gets none ends as
   * "clear-only".
   */
  readonly isGuess?: boolean;
  readonly timings: Timings;
  readonly logger: Logger;
  readonly frames: FrameTap;
}

/** Who a session tells what happens, and which session it is that tells it. */
export interface SessionOwner {
  /** The TCP connection stands; nothing has proved the key yet. */
  opened(session: Session): void;
  /**
   * The device answered, for the first time or with proof of the key. Where the address is only heard of, nothing but
   * proof is an answer.
   */
  answered(keyProven: boolean, session: Session): void;
  /** All that can be sent without proof is sent: from now on the session waits for something that proves the key. */
  listening(session: Session): void;
  report(report: Report, reason: ReportReason, session: Session): void;
  children(report: ChildrenReport, session: Session): void;
  /** The device refused the first query, and once more. */
  refused(text: string, session: Session): void;
  /** Whether a gateway says that it reaches a sub-device; undefined = it has not spoken of it. */
  childOnline(cid: string): boolean | undefined;
  /** A gateway answered a query for a sub-device, or refused it because it has none of that id. */
  childAnswered(cid: string, isKnown: boolean, session: Session): void;
  /** Called exactly once, last. */
  ended(end: ConnectionEnd, session: Session): void;
  /** What requests fail with that are still open when the connection ends, `wasSent` or not. */
  lossError(end: ConnectionEnd, wasSent: boolean, session: Session): TuyaError;
}

/** How a connection is doing. */
export interface SessionStatistics {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** From a question to its answer, the last time there was one; milliseconds. */
  readonly roundTripMs: number | undefined;
  /** When something was received last, in milliseconds since 1970. */
  readonly lastSeen: number | undefined;
  /** Messages that were dropped because nobody vouches for them, such as a report in clear. */
  readonly notAuthentic: number;
}

/** One connection with all that goes over it: questions and answers, heartbeats, first values, reports. Single-use. */
export class Session implements ConnectionOwner {
  readonly #options: SessionOptions;
  readonly #owner: SessionOwner;
  readonly #dialect: Dialect;
  readonly #connection: Connection;
  readonly #exchange: Exchange;
  readonly #heartbeat: Heartbeat;
  /** Made when it is needed: most devices only report, and are no gateways. */
  #setter: Setter | undefined;
  readonly #queries: Queries;
  #childrenQuestion: ChildrenQuestion | undefined;
  readonly #ownBodies: OwnBodies;
  /** What the messages have proved so far. */
  readonly #proof: KeyProof;
  #retryTimer: NodeJS.Timeout | undefined;
  #lastStatus: { readonly message: Message; readonly number: number; readonly time: number } | undefined;
  /** The values could not be asked for, or not in the way they should: that follows once the key is proved. */
  #readsOnProof = false;
  /** The answer to the first query, for as long as the device is asked for proof because of it. */
  #heldAnswer: Report | undefined;
  #hungUpWhenAsked = false;
  #notAuthentic = 0;
  #wasOpened = false;
  #end: ConnectionEnd | undefined;

  constructor(options: SessionOptions, owner: SessionOwner) {
    const { version, timings, device22Dps } = options;
    this.#options = options;
    this.#owner = owner;
    this.#dialect = dialectOf(version, { device22: device22Dps.length > 0 });
    this.#ownBodies = options.ownBodies ?? new OwnBodies();
    this.#proof = new KeyProof({
      dialect: this.#dialect,
      trust: options.trust,
      acceptsMuteness: options.acceptsMuteness,
      asksForProof: options.asksForProof ?? false,
      isGuess: options.isGuess ?? false,
      askMs: timings.reportTimeoutMs,
      listenMs: timings.listenMs,
      answered: (keyProven) => this.#answered(keyProven),
      listening: () => this.#listening(),
      ask: (dp) => this.#askForProof(dp),
      end: (end) => this.end(end),
    });
    this.#exchange = new Exchange({
      dialect: this.#dialect,
      timings,
      send: (request) => this.#send(request),
      turn: () => this.#connection.turn,
      unanswered: () => this.#heartbeat.probe(timings.replyTimeoutMs),
    });
    this.#heartbeat = new Heartbeat({
      intervalMs: timings.heartbeatIntervalMs,
      deadAfterMs: timings.deadAfterMs,
      send: () => this.#send({ kind: "heartbeat" }),
      dead: () => this.end({ reason: this.#proof.hasAnswered ? "dead" : "silent" }),
    });
    this.#queries = new Queries({
      exchange: this.#exchange,
      dialect: this.#dialect,
      device22Dps,
      timings,
      takesCommands: () => this.takesCommands,
      report: (report, reason, isCertain) => this.#report(report, reason, isCertain),
    });
    this.#connection = new Connection(this.#dialect, options, this);
  }

  /** Where it goes to. */
  get host(): string {
    return this.#options.host;
  }

  /** Resolves when the socket is gone. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /** Whether TCP stands, or stood before the session ended: the device may still count it among its clients. */
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

  /** Whether commands are sent; otherwise they end in KEY_OR_VERSION. */
  get takesCommands(): boolean {
    return this.#proof.takesCommands;
  }

  /** Whether it waits for proof, for as long as `listenMs` says. */
  get isListening(): boolean {
    return this.#proof.isListening;
  }

  /** While the device is asked for something that proves the key: resolves when that has an outcome. */
  get asking(): Promise<void> | undefined {
    return this.#proof.asking;
  }

  /** Whether the device closed the connection while it was asked for that. */
  get hungUpWhenAsked(): boolean {
    return this.#hungUpWhenAsked;
  }

  end(end: ConnectionEnd): void {
    this.#connection.end(end);
  }

  set(dps: Dps, options: SetOptions): Promise<SetResult> {
    return this.takesCommands
      ? this.#theSetter().set(dps, options)
      : Promise.reject(this.#unprovenCommandError());
  }

  /** See `TuyaDevice.expected`; `known` are the values last reported. */
  expected(cid: string | undefined, known: Dps): ExpectedValues {
    return this.#theSetter().expected(cid, known);
  }

  /** Asks for all data points; resolves when the values have been reported to the owner. */
  async query(cid: string | undefined, reason: ReportReason): Promise<void> {
    const { name, timings } = this.#options;
    const answer = await this.#queries.ask(cid, reason);
    if (answer.kind === "ended") throw this.#lossError(false);
    if (answer.kind === "timeout") throw timeoutError(name, timings.replyTimeoutMs);
    if (answer.kind === "reported") return;
    // A gateway's {"Err":"905"} is no text, but a refusal all the same.
    const isError = cid !== undefined && answer.body.kind === "json" && !reportIn(answer);
    const refusal =
      isError || answer.body.kind === "text" ? answer.message.payload.toString("utf8") : undefined;
    if (cid !== undefined)
      this.#owner.childAnswered(cid, readRefusal(refusal ?? "") !== "unknown-child", this);
    if (refusal !== undefined) throw refusalError(name, refusal, cid);
  }

  /** UPDATEDPS. Goes past the queue: 3.5 firmware never answers it. */
  refresh(dps: readonly number[], cid?: string): void {
    this.#send({ kind: "refresh", dps, cid });
  }

  /** See `TuyaDevice.sendRaw`. */
  async sendRaw(command: number, payload: Buffer): Promise<FrameEvent | undefined> {
    const { name, timings } = this.#options;
    const isHarmless = isQuery(command) || command === Command.HEART_BEAT;
    if (!isHarmless && !this.takesCommands) throw this.#unprovenCommandError();
    const request: Request = { kind: "raw", command, payload };
    if (isUnanswered(command)) {
      if (!this.#send(request)) throw this.#lossError(false);
      return undefined;
    }
    const { answer, wasSent } = await askRaw(this.#exchange, request);
    if (answer.kind === "ended") throw this.#lossError(wasSent);
    if (answer.kind !== "answered") throw timeoutError(name, timings.replyTimeoutMs);
    const report = isQuery(answer.message.command) ? reportIn(answer) : undefined;
    if (report) this.#report(report, "reply");
    return describeReceived(answer.frame, { ok: true, message: answer.message }, this.#dialect);
  }

  /** Asks for a sign of life. If none comes soon, the session ends as "dead". */
  probe(): void {
    this.#heartbeat.probe(this.#options.timings.probeTimeoutMs);
  }

  /** Asks a gateway which sub-devices are online; the owner is told of them. Never rejects. */
  listChildren(): Promise<ChildrenAnswer> {
    this.#childrenQuestion ??= new ChildrenQuestion({
      answerMs: this.#options.timings.replyTimeoutMs,
      // Past the queue: whoever is no gateway does not answer.
      send: () =>
        this.#dialect.bodies === "flat" ? "unsupported" : this.#send({ kind: "list-children" }) && "sent",
    });
    return this.#childrenQuestion.ask();
  }

  // ConnectionOwner

  opened(): void {
    this.#wasOpened = true;
    this.#owner.opened(this);
  }

  established(): void {
    this.#heartbeat.start();
    if (this.#proof.established()) this.#readFirstValues();
  }

  message(message: Message, frame: Frame): void {
    // A push may overtake the negotiation. What it says is read again as soon as requests can be sent.
    if (this.#dialect.negotiates && !this.#proof.isProven) {
      this.#heartbeat.received();
      return;
    }
    const body = parseBody(message.payload);
    // What comes back to a heartbeat is no more than a sign of life in any case.
    if (message.command !== Command.HEART_BEAT && this.#isOwn(message, body)) {
      this.#noteNotAuthentic("a client's request came back");
      return;
    }
    this.#heartbeat.received();
    const repetition = this.#repetitionOf(message);
    if (repetition === "certain") return;
    if (this.#isOfAnotherVersion(message, frame)) return;
    const { askedDp } = this.#proof;
    if (!this.#proof.note(message, body)) return;
    const isAnswer = this.#exchange.received({ message, body, frame });
    if (message.command === Command.LAN_EXT_STREAM) this.#childrenQuestion?.received(body);
    if (body.kind !== "json" || !this.#proof.isBelieved) return;
    const children = readChildrenReport(body.value);
    if (children) {
      const { online, offline, nearby } = children;
      this.#connection.spendOn(online.length + offline.length + nearby.length);
      this.#owner.children(children, this);
    }
    const isReply = isQuery(message.command);
    // The query has reported its own answer already, with its own reason.
    const report = isAnswer && isReply ? undefined : readReport(body.value);
    if (!report) return;
    // What was asked for nobody has pressed or set.
    const isAsked = askedDp !== undefined && report.cid === undefined && Object.hasOwn(report.dps, askedDp);
    // Nor does what is said once more count once more, or tell of a later command.
    if (repetition) {
      this.#connection.spendOn(Object.keys(report.dps).length);
      this.#owner.report(report, "reply", this);
    } else this.#report(report, isReply || isAsked ? "reply" : (this.#queries.reasonOf(report) ?? "push"));
  }

  isOwn(message: Message): boolean {
    return this.#isOwn(message, parseBody(message.payload));
  }

  /** Whether a client wrote it, or it is made of what was sent from here. */
  #isOwn({ command, payload }: Message, body: Body): boolean {
    if (command === Command.SESS_KEY_NEG_START || command === Command.SESS_KEY_NEG_FINISH) return true;
    return this.#ownBodies.has(payload) || (body.kind === "json" && isFromClient(body.value));
  }

  /**
   * 3.2 and 3.3 read each other's reports, so the version that was guessed must not be taken for the one that is spoken: the
   * header tells. Where the user has set address and version, he is believed.
   */
  #isOfAnotherVersion(message: Message, frame: Frame): boolean {
    const { version, trust } = this.#options;
    if (this.#proof.isProven || !message.encrypted || trust === "pinned") return false;
    const marker = markedVersion(frame);
    if (marker === undefined || marker === version) return false;
    this.end({ reason: "undecryptable", marker });
    return true;
  }

  unreadable(reason: OpenFailure, frame: Frame): void {
    const { logger, name } = this.#options;
    if (reason === "foreign_format" && !this.#proof.hasAnswered) {
      this.end({ reason: "foreign", speaks: this.#dialect.format === "55AA" ? "newer" : "older" });
    } else if (reason === "bad_body" && !this.#proof.isProven) {
      this.end({ reason: "undecryptable", marker: shownVersion(frame, this.#options) });
    } else if (reason === "not_authentic") {
      this.#noteNotAuthentic("a report came in clear");
      // Whoever answers a query in clear speaks an older version, if it is the device.
      if (isQuery(frame.command) && !this.#proof.hasAnswered) this.end({ reason: "refused-in-clear" });
    } else {
      logger.debug(() => `${name}: dropped a frame (${reason})`);
    }
  }

  ended(end: ConnectionEnd): void {
    this.#end = end;
    this.#hungUpWhenAsked = end.reason === "closed" && this.asking !== undefined;
    this.#heartbeat.stop();
    clearTimeout(this.#retryTimer);
    this.#proof.stop();
    this.#queries.end();
    this.#childrenQuestion?.end();
    this.#setter?.end();
    this.#exchange.end();
    this.#owner.ended(end, this);
  }

  #theSetter(): Setter {
    const { name, deviceId, timings } = this.#options;
    return (this.#setter ??= new Setter({
      exchange: this.#exchange,
      timings,
      name: name || deviceId,
      query: (cid) => this.#queries.ask(cid, "reply"),
      wasRead: (cid) => this.#queries.wasRead(cid),
      childOnline: (cid) => this.#owner.childOnline(cid),
      isKeyProven: () => this.#proof.isProven,
      silenceError: () => this.#silenceError(),
      lossError: (wasSent) => this.#lossError(wasSent),
    }));
  }

  #send(request: Request): { sequence: number; command: number } | undefined {
    const t = Math.floor(Date.now() / 1000);
    const { command, payload } = encodeRequest(this.#dialect, request, {
      deviceId: this.#options.deviceId,
      t,
    });
    if (request.kind === "set" && request.cid !== undefined && this.#dialect.bodies === "flat")
      this.#ownBodies.add(payload);
    if (!this.#proof.isProven && isEncrypted(this.#dialect, command)) this.#ownBodies.addUnproven(payload);
    const sequence = this.#connection.send(command, payload);
    if (sequence === undefined) return undefined;
    this.#heartbeat.sent();
    return { sequence, command };
  }

  /**
   * Whether this is the STATUS before it once more, which must not be added up twice: some devices, and some networks, send
   * every frame twice. One with a number of its own is "certain". Without numbers (3.1) it is "likely" where the same bytes
   * follow at once and nothing comes between: nobody presses a button twice as fast.
   */
  #repetitionOf(message: Message): "certain" | "likely" | undefined {
    const last = this.#lastStatus;
    if (message.command !== Command.STATUS) {
      if (last && last.number === 0) this.#lastStatus = undefined;
      return undefined;
    }
    const number = reportNumber(message);
    const time = number === 0 ? performance.now() : 0;
    this.#lastStatus = { message, number, time };
    const isSame =
      last?.number === number &&
      last.message.sequence === message.sequence &&
      last.message.payload.equals(message.payload);
    if (!isSame) return undefined;
    if (number !== 0) return "certain";
    return time - last.time < this.#options.timings.ackGraceMs ? "likely" : undefined;
  }

  /** Asks for what proves the key; see `KeyProof`. */
  #askForProof(dp: string): () => void {
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

  #answered(keyProven: boolean): void {
    this.#owner.answered(keyProven, this);
    const held = this.#heldAnswer;
    this.#heldAnswer = undefined;
    if (held) this.#report(held, "initial");
    if (!keyProven || !this.#readsOnProof) return;
    this.#readsOnProof = false;
    this.#readFirstValues();
  }

  #listening(): void {
    this.#readsOnProof = true;
    this.#owner.listening(this);
  }

  /** Told once a connection: whoever sends such things sends many. */
  #noteNotAuthentic(what: string): void {
    if (++this.#notAuthentic > 1) return;
    const { logger, name, host } = this.#options;
    logger.warn(
      `${name}: ${what} from ${host}. Nobody vouches for that, so it is dropped, as is all that follows of it.`,
    );
  }

  #unprovenCommandError(): TuyaError {
    return unprovenCommandError(this.#options.name, this.#options.version);
  }

  /** @param isAnswer whether it certainly answers a query that was asked after what has been set so far */
  #report(report: Report, reason: ReportReason, isAnswer = false): void {
    if (!this.#proof.isBelieved) return;
    if (this.asking && !this.#proof.hasAnswered) {
      this.#heldAnswer ??= report;
      return;
    }
    this.#connection.spendOn(report.numbers.length);
    this.#owner.report(report, reason, this);
    this.#setter?.noteReport(report, isAnswer);
  }

  /**
   * Most devices answer the first query. One that just booted may refuse it and answer seconds later; one that refuses
   * again never will, so its values come by pushes, which UPDATEDPS may hasten.
   */
  #readFirstValues(isRepeated = false): void {
    // A query with nulls is a command. Where none may be sent yet, the plain one serves to prove the key.
    const isPlain = this.#dialect.queriesWithNulls && !this.takesCommands;
    if (isPlain) this.#readsOnProof = true;
    void this.#queries.ask(undefined, "initial").then((answer) => {
      if (answer.kind === "timeout") this.#proof.queryIgnored();
      if (answer.kind !== "answered" || answer.body.kind !== "text" || this.#end || isPlain) return;
      const { queryRetryMs } = this.#options.timings;
      if (!isRepeated) {
        this.#retryTimer = setTimeout(() => this.#readFirstValues(true), queryRetryMs);
        return;
      }
      if (this.takesCommands) this.refresh(USUAL_MEASUREMENTS);
      this.#owner.refused(answer.body.text, this);
    });
  }

  /** Silence hints at a wrong key only as long as nothing has ever proved the key. */
  #silenceError(): TuyaError {
    const { name, timings, keyWasProven = false } = this.#options;
    if (!this.#proof.isProven && !keyWasProven) return ignoredCommandError(name);
    return timeoutError(name, timings.replyTimeoutMs, !this.#proof.isProven);
  }

  #lossError(wasSent: boolean): TuyaError {
    return this.#owner.lossError(this.#end ?? { reason: "asked" }, wasSent, this);
  }
}
