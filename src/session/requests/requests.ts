import type { TuyaError } from "../../errors";
import { Command, isQuery } from "../../protocol/command";
import type { Dps } from "../../protocol/dps";
import type { Body } from "../../protocol/message";
import { readRefusal } from "../../protocol/refusal";
import type { Report } from "../../protocol/report";
import type { Request } from "../../protocol/request";
import type { Dialect } from "../../protocol/version";
import { type ChildrenAnswer, ChildrenQuestion } from "./children-question";
import { type Exchange, reportIn, type SentRequest } from "./exchange";
import { ignoredCommandError, refusalError, timeoutError, unprovenCommandError } from "../failure";
import { describeReceived, type FrameEvent } from "../connection/frame-event";
import type { KeyProof } from "../proof/key-proof";
import type { Queries } from "./queries";
import { askRaw, isUnanswered } from "./raw-request";
import type { ReportReason } from "../report-reason";
import type { SessionOptions } from "../session-options";
import type { ExpectedValues, SetOptions, SetResult } from "./set-command";
import { Setter } from "./setter";

/** The session that requests go over. */
export interface RequestsOwner {
  /** Sends a request; undefined if the connection has ended. */
  send(request: Request): SentRequest | undefined;
  /** The answer to a raw query has values. */
  report(report: Report, reason: ReportReason): void;
  /** See `SessionOwner`. */
  childOnline(cid: string): boolean | undefined;
  /** See `SessionOwner`. */
  childAnswered(cid: string, isKnown: boolean): void;
  /** The error of requests that are open when the connection ends. */
  lossError(wasSent: boolean): TuyaError;
}

/** The requests that a session offers, each with the errors it may reject with. */
export class Requests {
  readonly #options: SessionOptions;
  readonly #dialect: Dialect;
  readonly #exchange: Exchange;
  readonly #queries: Queries;
  readonly #proof: KeyProof;
  readonly #owner: RequestsOwner;
  /** Made when it is needed: most devices only report, and are no gateways. */
  #setter: Setter | undefined;
  #childrenQuestion: ChildrenQuestion | undefined;

  constructor(
    options: SessionOptions,
    dialect: Dialect,
    exchange: Exchange,
    queries: Queries,
    proof: KeyProof,
    owner: RequestsOwner,
  ) {
    this.#options = options;
    this.#dialect = dialect;
    this.#exchange = exchange;
    this.#queries = queries;
    this.#proof = proof;
    this.#owner = owner;
  }

  /** See `TuyaDevice.set`. */
  set(dps: Dps, options: SetOptions): Promise<SetResult> {
    return this.#proof.takesCommands
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
    if (answer.kind === "ended") throw this.#owner.lossError(false);
    if (answer.kind === "timeout") throw timeoutError(name, timings.replyTimeoutMs);
    if (answer.kind === "reported") return;
    // A gateway's {"Err":"905"} is JSON, but a refusal, too.
    const isError = cid !== undefined && answer.body.kind === "json" && !reportIn(answer);
    const refusal =
      isError || answer.body.kind === "text" ? answer.message.payload.toString("utf8") : undefined;
    if (cid !== undefined) this.#owner.childAnswered(cid, readRefusal(refusal ?? "") !== "unknown-child");
    if (refusal !== undefined) throw refusalError(name, refusal, cid);
  }

  /** UPDATEDPS. Not queued, because 3.5 firmware never answers it. */
  refresh(dps: readonly number[], cid?: string): void {
    this.#owner.send({ kind: "refresh", dps, cid });
  }

  /** See `TuyaDevice.sendRaw`. */
  async sendRaw(command: number, payload: Buffer): Promise<FrameEvent | undefined> {
    const { name, timings } = this.#options;
    const isHarmless = isQuery(command) || command === Command.HEART_BEAT;
    if (!isHarmless && !this.#proof.takesCommands) throw this.#unprovenCommandError();
    const request: Request = { kind: "raw", command, payload };
    if (isUnanswered(command)) {
      if (!this.#owner.send(request)) throw this.#owner.lossError(false);
      return undefined;
    }
    const { answer, wasSent } = await askRaw(this.#exchange, request);
    if (answer.kind === "ended") throw this.#owner.lossError(wasSent);
    if (answer.kind !== "answered") throw timeoutError(name, timings.replyTimeoutMs);
    const report = isQuery(answer.message.command) ? reportIn(answer) : undefined;
    if (report) this.#owner.report(report, "reply");
    return describeReceived(answer.frame, { ok: true, message: answer.message }, this.#dialect);
  }

  /** Asks a gateway which sub-devices are online; the owner gets them. Never rejects. */
  listChildren(): Promise<ChildrenAnswer> {
    this.#childrenQuestion ??= new ChildrenQuestion({
      answerMs: this.#options.timings.replyTimeoutMs,
      // Not queued, because devices that are no gateways do not answer.
      send: () =>
        this.#dialect.bodies === "flat"
          ? "unsupported"
          : this.#owner.send({ kind: "list-children" }) && "sent",
    });
    return this.#childrenQuestion.ask();
  }

  /** The device, or a sub-device, sent a report. See `Setter.noteReport`. */
  noteReport(report: Report, isAnswer: boolean): void {
    this.#setter?.noteReport(report, isAnswer);
  }

  /** A message with the command of the question for sub-devices came. */
  noteChildren(body: Body): void {
    this.#childrenQuestion?.received(body);
  }

  /** The connection is over. */
  end(): void {
    this.#childrenQuestion?.end();
    this.#setter?.end();
  }

  #theSetter(): Setter {
    const { name, timings } = this.#options;
    return (this.#setter ??= new Setter({
      exchange: this.#exchange,
      timings,
      name,
      query: (cid) => this.#queries.ask(cid, "reply"),
      wasRead: (cid) => this.#queries.wasRead(cid),
      childOnline: (cid) => this.#owner.childOnline(cid),
      isKeyProven: () => this.#proof.isProven,
      silenceError: () => this.#silenceError(),
      lossError: (wasSent) => this.#owner.lossError(wasSent),
    }));
  }

  #unprovenCommandError(): TuyaError {
    return unprovenCommandError(this.#options.name, this.#options.version);
  }

  /** A missing answer hints at a wrong key only if nothing has ever proved the key. */
  #silenceError(): TuyaError {
    const { name, timings, keyWasProven = false } = this.#options;
    if (!this.#proof.isProven && !keyWasProven) return ignoredCommandError(name);
    return timeoutError(name, timings.replyTimeoutMs, !this.#proof.isProven);
  }
}
