import { isQuery, isSet } from "../protocol/command";
import type { Frame } from "../protocol/frame";
import type { Body, Message } from "../protocol/message";
import { readReport, type Report } from "../protocol/report";
import type { Request } from "../protocol/request";
import type { Dialect } from "../protocol/version";
import type { Timings } from "./timings";

/** A message, what it says, and the frame it came in. */
export interface Received {
  readonly message: Message;
  readonly body: Body;
  readonly frame: Frame;
}

/** How a question ended. */
export type Answer =
  | ({ readonly kind: "answered" } & Received)
  /** No answer of its own, but the device reported what was asked for. */
  | { readonly kind: "reported" }
  | { readonly kind: "timeout" }
  /** The connection ended first. */
  | { readonly kind: "ended" };

/** The values an answer brought; undefined where there was none, or none in it. */
export function reportIn(answer: Answer): Report | undefined {
  return answer.kind === "answered" && answer.body.kind === "json"
    ? readReport(answer.body.value)
    : undefined;
}

/** A question on its way through the queue. */
export interface Question {
  /** Built when its turn comes, so that a waiting set can still take newer values. */
  readonly request: () => Request;
  /** Whether an answer with this body belongs to it, besides the command; sorts out other sub-devices. */
  readonly accepts?: (body: Body) => boolean;
  /** Called once, right after the request is written. */
  readonly sent?: () => void;
  /** Called exactly once. */
  readonly done: (answer: Answer) => void;
}

export interface ExchangeOptions {
  readonly dialect: Dialect;
  readonly timings: Timings;
  /** Writes a request; undefined when the connection is over. */
  readonly send: (request: Request) => { readonly sequence: number; readonly command: number } | undefined;
  /** A question stayed unanswered: somebody should look whether the device is still there. */
  readonly unanswered: () => void;
}

interface Sent {
  readonly question: Question;
  readonly sequence: number;
  readonly command: number;
}

/** A question given up, whose answer may still come. */
interface LateAnswer {
  readonly sent: Sent;
  /** Until it is expected no more. */
  readonly timer: NodeJS.Timeout;
}

/**
 * Questions and answers of one connection: one question at a time, as devices with small buffers want it.
 *
 * 3.4 and 3.5 devices number their frames on their own, so answers are matched by command, and those about sub-devices by
 * their cid; up to 3.3 most answers echo the sequence number as well. An answer that could be a late one to a question
 * given up counts only if no other one follows. STATUS is never an answer.
 */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #waiting: Question[] = [];
  #current: Sent | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** How the present question ends without an answer. */
  #end: "timeout" | "released" | "reported" = "timeout";
  /** An answer that may be a late one to a question given up. It counts unless another one follows. */
  #doubtful: Received | undefined;
  /** Oldest first. */
  readonly #lateAnswers: LateAnswer[] = [];
  #ended = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  ask(question: Question): void {
    if (this.#ended) {
      question.done({ kind: "ended" });
      return;
    }
    this.#waiting.push(question);
    this.#next();
  }

  /** Removes a question that waits for its turn, without an answer. */
  withdraw(question: Question): void {
    const index = this.#waiting.indexOf(question);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** The asker needs no answer any more. A late one is waited for a moment, so that it is not taken for another's. */
  release(question: Question): void {
    if (this.#current?.question !== question) return;
    this.#end = "released";
    this.#wait(this.#options.timings.ackGraceMs);
  }

  /** What was asked for has been reported. Unless an answer follows within `ms`, there is none, and the question is done. */
  reported(question: Question, ms: number): void {
    if (this.#current?.question !== question || this.#end !== "timeout") return;
    this.#end = "reported";
    this.#wait(ms);
  }

  /** Whether the message answers the present question; if so the question is done and the next one goes out. */
  received(received: Received): boolean {
    const sent = this.#current;
    if (!sent || !this.#couldAnswer(sent, received)) {
      this.#absorbLate(received);
      return false;
    }
    const isDoubtful =
      !this.#echoes(sent, received) && this.#lateAnswers.some((late) => couldBe(late.sent, received));
    if (isDoubtful && !this.#doubtful) {
      this.#doubtful = received;
      this.#wait(this.#options.timings.ackGraceMs);
      return false;
    }
    if (this.#doubtful) this.#absorbLate(this.#doubtful);
    this.#finish();
    sent.question.done({ kind: "answered", ...received });
    this.#next();
    return true;
  }

  end(): void {
    this.#ended = true;
    const open = [...(this.#current ? [this.#current.question] : []), ...this.#waiting.splice(0)];
    this.#finish();
    for (const { timer } of this.#lateAnswers.splice(0)) clearTimeout(timer);
    for (const question of open) question.done({ kind: "ended" });
  }

  #couldAnswer(sent: Sent, received: Received): boolean {
    const { sequence } = received.message;
    const isLate = this.#options.dialect.echoesSequence && sequence > 0 && sequence < sent.sequence;
    return !isLate && couldBe(sent, received);
  }

  /** Whether the answer carries the number of the question. Gateways and damaged firmware may number nothing. */
  #echoes(sent: Sent, { message }: Received): boolean {
    return this.#options.dialect.echoesSequence && message.sequence === sent.sequence;
  }

  #next(): void {
    while (!this.#current && !this.#ended) {
      const question = this.#waiting.shift();
      if (!question) return;
      const sent = this.#options.send(question.request());
      // Whoever watches the frames may have ended the connection on seeing this one.
      if (!sent || this.#isOver()) {
        question.done({ kind: "ended" });
        continue;
      }
      this.#current = { question, ...sent };
      this.#wait(this.#options.timings.replyTimeoutMs);
      question.sent?.();
    }
  }

  /** The present question is given up after this time. */
  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp(), ms);
  }

  #giveUp(): void {
    const sent = this.#current;
    if (!sent) return;
    const [doubtful, end] = [this.#doubtful, this.#end];
    this.#finish();
    if (doubtful) {
      sent.question.done({ kind: "answered", ...doubtful });
    } else {
      this.#expectLate(sent);
      sent.question.done({ kind: end === "reported" ? "reported" : "timeout" });
      if (end === "timeout") this.#options.unanswered();
    }
    this.#next();
  }

  /** An answer that has not come within another reply time never will. */
  #expectLate(sent: Sent): void {
    const late: LateAnswer = {
      sent,
      timer: setTimeout(
        () => void this.#lateAnswers.splice(this.#lateAnswers.indexOf(late), 1),
        this.#options.timings.replyTimeoutMs,
      ),
    };
    this.#lateAnswers.push(late);
  }

  /** An answer came that was owed to an earlier question: it is owed no more. */
  #absorbLate(received: Received): void {
    const index = this.#lateAnswers.findIndex((late) => couldBe(late.sent, received));
    if (index < 0) return;
    for (const { timer } of this.#lateAnswers.splice(index, 1)) clearTimeout(timer);
  }

  #isOver(): boolean {
    return this.#ended;
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#current = undefined;
    this.#end = "timeout";
    this.#doubtful = undefined;
  }
}

/** Whether a message could answer a question, by its command and what it says. */
function couldBe({ command, question }: Sent, { message, body }: Received): boolean {
  return isSameKind(message.command, command) && (question.accepts?.(body) ?? true);
}

/** Firmware treats both numbers of a query, and of a set, alike; either may answer. */
function isSameKind(received: number, sent: number): boolean {
  return received === sent || (isQuery(received) && isQuery(sent)) || (isSet(received) && isSet(sent));
}
