import { Command } from "../protocol/command";
import type { Body, Message } from "../protocol/message";
import type { Request } from "../protocol/request";
import type { Dialect } from "../protocol/version";
import type { Timings } from "./timings";

/** How a question ended. */
export type Answer =
  | { readonly kind: "answered"; readonly message: Message; readonly body: Body }
  | { readonly kind: "timeout" }
  /** The connection ended first. */
  | { readonly kind: "ended" };

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
}

interface Sent {
  readonly question: Question;
  readonly sequence: number;
  readonly command: number;
}

/**
 * Questions and answers of one connection: one question at a time, as devices with small buffers want it.
 *
 * 3.4 and 3.5 devices number their frames on their own, so answers are matched by command; up to 3.3 an answer echoes
 * the sequence number, which sorts out late answers to questions given up. STATUS is never an answer.
 */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #waiting: Question[] = [];
  #current: Sent | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Answers still owed for questions given up, by command; they must not be taken for the next one's. */
  readonly #owed: number[] = [];
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
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp(), this.#options.timings.ackGraceMs);
  }

  /** Whether the message answers the present question; if so the question is done and the next one goes out. */
  received(message: Message, body: Body): boolean {
    if (!this.#isAnswer(message, body)) return false;
    const { question } = this.#current!;
    this.#finish();
    question.done({ kind: "answered", message, body });
    this.#next();
    return true;
  }

  end(): void {
    this.#ended = true;
    const open = [...(this.#current ? [this.#current.question] : []), ...this.#waiting.splice(0)];
    this.#finish();
    for (const question of open) question.done({ kind: "ended" });
  }

  #isAnswer(message: Message, body: Body): boolean {
    const sent = this.#current;
    if (!sent || !isSameKind(message.command, sent.command)) return false;
    if (this.#options.dialect.echoesSequence) {
      const isLate = message.sequence > 0 && message.sequence < sent.sequence;
      if (isLate) return false;
    } else {
      const owed = this.#owed.indexOf(sent.command);
      if (owed >= 0) {
        this.#owed.splice(owed, 1);
        return false;
      }
    }
    return sent.question.accepts?.(body) ?? true;
  }

  #next(): void {
    while (!this.#current && !this.#ended) {
      const question = this.#waiting.shift();
      if (!question) return;
      const sent = this.#options.send(question.request());
      if (!sent) {
        question.done({ kind: "ended" });
        continue;
      }
      this.#current = { question, ...sent };
      this.#timer = setTimeout(() => this.#giveUp(), this.#options.timings.replyTimeoutMs);
      question.sent?.();
    }
  }

  #giveUp(): void {
    const sent = this.#current;
    if (!sent) return;
    this.#finish();
    if (!this.#options.dialect.echoesSequence) this.#owe(sent.command);
    sent.question.done({ kind: "timeout" });
    this.#next();
  }

  /** An answer that has not come within another reply time never will. */
  #owe(command: number): void {
    this.#owed.push(command);
    setTimeout(() => {
      const index = this.#owed.indexOf(command);
      if (index >= 0) this.#owed.splice(index, 1);
    }, this.#options.timings.replyTimeoutMs).unref();
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#current = undefined;
  }
}

/** Firmware treats both numbers of a query, and of a set, alike; either may answer. */
function isSameKind(received: number, sent: number): boolean {
  if (received === sent) return true;
  return (
    isPair(received, sent, Command.CONTROL, Command.CONTROL_NEW) ||
    isPair(received, sent, Command.DP_QUERY, Command.DP_QUERY_NEW)
  );
}

function isPair(a: number, b: number, one: number, other: number): boolean {
  return (a === one && b === other) || (a === other && b === one);
}
