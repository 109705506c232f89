import { NONE } from "../../none";
import type { Body } from "../../protocol/message";
import { readCid, readReport, type Report } from "../../protocol/report";
import type { Dialect } from "../../protocol/version";
import { type Answer, type Exchange, isInDoubt, type Question, reportIn } from "./exchange";
import { NullQuery } from "./null-query";
import type { ReportReason } from "../report-reason";
import type { SessionOptions } from "../session-options";

/** The session that the queries go over. */
export interface QueriesOwner {
  /** Whether commands may be sent: a query with nulls is one, and some devices obey the nulls. */
  readonly takesCommands: boolean;
  /** An answer has values. `isCertain`: it certainly answers this query, and is no late answer to an earlier one. */
  report(report: Report, reason: ReportReason, isCertain: boolean): void;
}

interface Waiting {
  readonly cid: string | undefined;
  readonly answer: Promise<Answer>;
}

/** The queries of one session: for the values of the device itself, and of each sub-device behind it. */
export class Queries {
  readonly #options: SessionOptions;
  readonly #dialect: Dialect;
  readonly #exchange: Exchange;
  readonly #owner: QueriesOwner;
  /** Queries that wait for their turn: at most one per cid, seldom more than one at all. */
  #waiting: readonly Waiting[] = NONE;
  #asked: { readonly cid: string; readonly question: Question } | undefined;
  #nullQuery: NullQuery | undefined;
  /** Whether the device itself was read, or does not answer queries. */
  #isRead = false;
  /** Sub-devices of which that is true. */
  #read: readonly string[] = NONE;

  constructor(options: SessionOptions, dialect: Dialect, exchange: Exchange, owner: QueriesOwner) {
    this.#options = options;
    this.#dialect = dialect;
    this.#exchange = exchange;
    this.#owner = owner;
  }

  /** Asks for all values. A second query for the same device that waits for its turn shares the frame. */
  ask(cid: string | undefined, reason: ReportReason): Promise<Answer> {
    return this.#dialect.queriesWithNulls && this.#owner.takesCommands && cid === undefined
      ? this.#askWithNulls(reason)
      : (this.#waiting.find((waiting) => waiting.cid === cid)?.answer ?? this.#askPlainly(cid, reason));
  }

  /**
   * Why a STATUS came: as an answer, or undefined when by itself. Gateways answer for a sub-device from memory, then ask
   * the sub-device itself and push its values. Some only do the second, or answer with an ordinary push.
   */
  reasonOf(report: Report): ReportReason | undefined {
    const { cid, type } = report;
    const isFetched = type === "query";
    if (cid === undefined) return this.#nullQuery?.reasonOf(report);
    const { ackGraceMs, reportTimeoutMs } = this.#options.timings;
    if (this.#asked?.cid === cid)
      this.#exchange.reported(this.#asked.question, isFetched ? ackGraceMs : reportTimeoutMs);
    return isFetched ? "reply" : undefined;
  }

  /**
   * Whether the values were read over this connection, or cannot be: a device that ignores a query once always does. A
   * refusal does not count, because a device that has just booted answers seconds later.
   */
  wasRead(cid: string | undefined): boolean {
    return cid === undefined ? this.#isRead : this.#read.includes(cid);
  }

  /** The connection is over. */
  end(): void {
    this.#nullQuery?.end();
  }

  #askPlainly(cid: string | undefined, reason: ReportReason): Promise<Answer> {
    let done!: (answer: Answer) => void;
    const answer = new Promise<Answer>((resolve) => (done = resolve));
    const waiting: Waiting = { cid, answer };
    this.#waiting = this.#waiting.concat(waiting);
    const waitsNoMore = (): void => {
      this.#waiting = this.#waiting.filter((each) => each !== waiting);
    };
    const question: Question = {
      request: () => ({ kind: "query", cid }),
      accepts: (body) => isAbout(cid, body),
      sending: () => {
        waitsNoMore();
        this.#asked = cid === undefined ? undefined : { cid, question };
      },
      done: (result) => {
        waitsNoMore();
        const report = reportIn(result);
        if (report) this.#owner.report(report, reason, !isInDoubt(result));
        this.#noteRead(cid, result);
        done(result);
      },
    };
    this.#exchange.ask(question);
    return answer;
  }

  #askWithNulls(reason: ReportReason): Promise<Answer> {
    const { device22Dps, timings } = this.#options;
    this.#nullQuery ??= new NullQuery({ exchange: this.#exchange, dps: device22Dps, timings });
    return this.#nullQuery.run(reason).then((answer) => {
      this.#noteRead(undefined, answer);
      return answer;
    });
  }

  #noteRead(cid: string | undefined, answer: Answer): void {
    const isRefused = answer.kind === "answered" && answer.body.kind === "text";
    if (isRefused || answer.kind === "ended") return;
    if (cid === undefined) this.#isRead = true;
    else if (!this.#read.includes(cid)) this.#read = this.#read.concat(cid);
  }
}

/**
 * Whether the answer to a query can be about this sub-device, or the device itself. Refusals and errors contain no cid;
 * values without a cid are the device's own.
 */
function isAbout(cid: string | undefined, body: Body): boolean {
  if (body.kind !== "json") return true;
  const named = readCid(body.value);
  return named === cid || (named === undefined && !readReport(body.value));
}
