import { Command } from "../protocol/command";
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
  /** Where the asker needs no answer any more. */
  #released = false;
  /** An answer that may be a late one to a question given up. It counts unless another one follows. */
  #doubtful: Received | undefined;
  /** Commands of questions given up, whose answers may still come, and when to stop expecting them. */
  readonly #owed: { readonly command: number; readonly timer: NodeJS.Timeout }[] = [];
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
    this.#released = true;
    this.#wait(this.#options.timings.ackGraceMs);
  }

  /** Whether the message answers the present question; if so the question is done and the next one goes out. */
  received(received: Received): boolean {
    const sent = this.#current;
    if (!sent || !this.#isAnswer(sent, received)) return false;
    if (this.#isOwed(sent.command)) {
      this.#doubtful = received;
      this.#wait(this.#options.timings.ackGraceMs);
      return false;
    }
    this.#finish();
    sent.question.done({ kind: "answered", ...received });
    this.#next();
    return true;
  }

  end(): void {
    this.#ended = true;
    const open = [...(this.#current ? [this.#current.question] : []), ...this.#waiting.splice(0)];
    this.#finish();
    for (const { timer } of this.#owed.splice(0)) clearTimeout(timer);
    for (const question of open) question.done({ kind: "ended" });
  }

  #isAnswer({ question, command, sequence }: Sent, { message, body }: Received): boolean {
    if (!isSameKind(message.command, command)) return false;
    const isLate =
      this.#options.dialect.echoesSequence && message.sequence > 0 && message.sequence < sequence;
    return !isLate && (question.accepts?.(body) ?? true);
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
    const doubtful = this.#doubtful;
    const isUnanswered = !doubtful && !this.#released;
    this.#finish();
    if (doubtful) {
      sent.question.done({ kind: "answered", ...doubtful });
    } else {
      if (!this.#options.dialect.echoesSequence) this.#owe(sent.command);
      sent.question.done({ kind: "timeout" });
    }
    if (isUnanswered) this.#options.unanswered();
    this.#next();
  }

  /** An answer that has not come within another reply time never will. */
  #owe(command: number): void {
    const debt = {
      command,
      timer: setTimeout(
        () => void this.#owed.splice(this.#owed.indexOf(debt), 1),
        this.#options.timings.replyTimeoutMs,
      ),
    };
    this.#owed.push(debt);
  }

  /** Whether an answer to this command is still owed to an earlier question. If so, it is owed no more. */
  #isOwed(command: number): boolean {
    const index = this.#owed.findIndex((debt) => debt.command === command);
    if (index < 0) return false;
    for (const { timer } of this.#owed.splice(index, 1)) clearTimeout(timer);
    return true;
  }

  #isOver(): boolean {
    return this.#ended;
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#current = undefined;
    this.#released = false;
    this.#doubtful = undefined;
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
