import { isQuery, isSet } from "../../protocol/command";
import type { Frame } from "../../protocol/frame";
import type { Body, Message } from "../../protocol/message";
import { readPossibleReport, type Report } from "../../protocol/report";
import type { Request } from "../../protocol/request";
import type { Dialect } from "../../protocol/version";
import { LateAnswers } from "./late-answers";
import type { Timings } from "../timings";

/** A message, its parsed body, and the frame it came in. */
export interface Received {
  readonly message: Message;
  readonly body: Body;
  readonly frame: Frame;
}

/** How a question ended. */
export type Answer =
  /** `isInDoubt`: it may also be the late answer to an earlier question, or the repetition of an earlier answer. */
  | ({ readonly kind: "answered"; readonly isInDoubt: boolean } & Received)
  /** There was no answer, but the device reported what was asked for. */
  | { readonly kind: "reported" }
  | { readonly kind: "timeout" }
  /** The connection ended first. */
  | { readonly kind: "ended" };

/** The values in an answer; undefined if there was no answer, or no values in it. */
export function reportIn(answer: Answer): Report | undefined {
  return answer.kind === "answered" && answer.body.kind === "json"
    ? readPossibleReport(answer.body.value)
    : undefined;
}

/** Whether an answer may belong to another question. */
export function isInDoubt(answer: Answer): boolean {
  return answer.kind === "answered" && answer.isInDoubt;
}

/** A question in the queue. */
export interface Question {
  /** Built when its turn comes, so that a waiting set can still take newer values. */
  readonly request: () => Request;
  /** Whether an answer with this body belongs to it, if the command fits: tells sub-devices apart. */
  readonly accepts?: (body: Body) => boolean;
  /** Called once, right before the request is sent: from then on the device may have it, even if sending fails. */
  readonly sending?: () => void;
  /** Called exactly once. */
  readonly done: (answer: Answer) => void;
}

/** A request as it was sent. */
export interface SentRequest {
  readonly sequence: number;
  readonly command: number;
}

/** The session that the questions go over. */
export interface ExchangeOwner {
  /** Sends a request; undefined if the connection has ended. */
  send(request: Request): SentRequest | undefined;
  /**
   * Changes whenever something is read from the socket: a message received in the same turn in which a request was sent
   * had arrived before that request.
   */
  readonly turn: number | undefined;
  /** A question was not answered in time: the device may be gone. */
  unanswered(): void;
}

interface Sent extends SentRequest {
  readonly question: Question;
  readonly turn: number | undefined;
}

/**
 * Questions and answers of one connection: one question at a time, because devices have small buffers.
 *
 * 3.4 and 3.5 devices number their frames on their own, so answers are matched by command, and those about sub-devices by
 * their cid; up to 3.3 most answers echo the sequence number as well. STATUS is never an answer.
 *
 * If the number does not tell, an answer may belong to an earlier question that was given up, or may repeat the last
 * answer. It is kept for a moment. If another answer follows, that one is taken. If none follows, the first one is, as
 * one in doubt.
 */
export class Exchange {
  readonly #dialect: Dialect;
  readonly #timings: Timings;
  readonly #owner: ExchangeOwner;
  readonly #waiting: Question[] = [];
  #current: Sent | undefined;
  #sentAt = 0;
  #roundTripMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** How the present question ends if no answer comes. */
  #end: "timeout" | "released" | "reported" = "timeout";
  /** An answer in doubt, while another one may follow. */
  #doubtful: Received | undefined;
  /** Made with the first question that was given up. */
  #lateAnswers: LateAnswers<Sent> | undefined;
  /** The message before the present one, if it answered a set. */
  #previous: Message | undefined;
  /** Whether the device has sent an acknowledgement without a set: it acknowledges some sets twice. */
  #acknowledgesTwice = false;
  #ended = false;

  constructor(dialect: Dialect, timings: Timings, owner: ExchangeOwner) {
    this.#dialect = dialect;
    this.#timings = timings;
    this.#owner = owner;
  }

  /** From the last answered question to its answer, in milliseconds; undefined = none was answered yet. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  ask(question: Question): void {
    if (this.#ended) {
      question.done({ kind: "ended" });
      return;
    }
    this.#waiting.push(question);
    this.#next();
  }

  /** Removes a question that still waits for its turn. `done` is not called. */
  withdraw(question: Question): void {
    const index = this.#waiting.indexOf(question);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /**
   * The answer is not needed any more. It is still expected for a moment, so that it is not taken for the answer to
   * another question.
   */
  release(question: Question): void {
    if (this.#current?.question !== question) return;
    this.#end = "released";
    this.#wait(this.#timings.ackGraceMs);
  }

  /** The device reported what was asked for. If no answer follows within `ms` milliseconds, the question is done. */
  reported(question: Question, ms: number): void {
    if (this.#current?.question !== question || this.#end !== "timeout") return;
    this.#end = "reported";
    this.#wait(ms);
  }

  /** Whether the message answers the present question; if so that is done, and the next one is sent. */
  received(received: Received): boolean {
    const { message } = received;
    const isRepeated = isSameAnswer(message, this.#previous);
    this.#previous = isSet(message.command) ? message : undefined;
    const sent = this.#current;
    if (!sent || !this.#couldAnswer(sent, received)) {
      if (!this.#absorbLate(received) && !isRepeated && isSet(message.command))
        this.#acknowledgesTwice = true;
      return false;
    }
    if (this.#isInDoubt(sent, received, isRepeated)) {
      this.#doubtful = received;
      this.#wait(this.#timings.ackGraceMs);
      return false;
    }
    this.#roundTripMs = performance.now() - this.#sentAt;
    this.#finish();
    sent.question.done({ kind: "answered", isInDoubt: false, ...received });
    this.#next();
    return true;
  }

  end(): void {
    this.#ended = true;
    const open = [...(this.#current ? [this.#current.question] : []), ...this.#waiting.splice(0)];
    this.#finish();
    this.#lateAnswers?.end();
    for (const question of open) question.done({ kind: "ended" });
  }

  #couldAnswer(sent: Sent, received: Received): boolean {
    const { sequence } = received.message;
    // The message had arrived before the question was sent.
    if (sent.turn !== undefined && sent.turn === this.#owner.turn) return false;
    const isLate = this.#dialect.echoesSequence && sequence > 0 && sequence < sent.sequence;
    return !isLate && couldBe(sent, received);
  }

  /** Whether the answer has the number of the question. Gateways and faulty firmware may send no numbers. */
  #echoes(sent: Sent, { message }: Received): boolean {
    return this.#dialect.echoesSequence && message.sequence === sent.sequence;
  }

  /**
   * Whether an answer to the present question may belong to another one. If a late answer was expected that it may be,
   * that one is not expected any more.
   */
  #isInDoubt(sent: Sent, received: Received, isRepeated: boolean): boolean {
    // If the answer is not needed any more, it does not matter which question it belongs to.
    if (this.#end === "released" || this.#echoes(sent, received)) return false;
    if (this.#absorbLate(received)) return true;
    const isExtra = isRepeated || (this.#acknowledgesTwice && isSet(received.message.command));
    return isExtra && !this.#doubtful;
  }

  #next(): void {
    while (!this.#current && !this.#ended) {
      const question = this.#waiting.shift();
      if (!question) return;
      const request = question.request();
      question.sending?.();
      const sent = this.#owner.send(request);
      // A listener that was shown this frame may have ended the connection.
      if (!sent || this.#isOver()) {
        question.done({ kind: "ended" });
        continue;
      }
      this.#current = { question, ...sent, turn: this.#owner.turn };
      this.#sentAt = performance.now();
      this.#wait(this.#timings.replyTimeoutMs);
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
    // Its answer may still come. A device that answers heartbeats may be late with other answers, by `deadAfterMs` at
    // most.
    this.#lateAnswers ??= new LateAnswers(this.#timings.deadAfterMs);
    this.#lateAnswers.expect(sent);
    if (doubtful) {
      sent.question.done({ kind: "answered", isInDoubt: true, ...doubtful });
    } else {
      sent.question.done({ kind: end === "reported" ? "reported" : "timeout" });
      if (end === "timeout") this.#owner.unanswered();
    }
    this.#next();
  }

  /** Whether the message may be a late answer; if so, that is not expected any more. */
  #absorbLate(received: Received): boolean {
    return this.#lateAnswers?.absorb((sent) => couldBe(sent, received)) ?? false;
  }

  #isOver(): boolean {
    return this.#ended;
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#current = undefined;
    this.#end = "timeout";
    this.#doubtful = undefined;
  }
}

/** Whether a message could answer a question, by its command and its body. */
function couldBe({ command, question }: Sent, { message, body }: Received): boolean {
  return isSameKind(message.command, command) && (question.accepts?.(body) ?? true);
}

/**
 * Whether this repeats the answer before it: some devices, and some networks, send each frame twice. If a device gives
 * all its frames the same number, two equal answers in a row count as a repetition, too.
 */
function isSameAnswer(message: Message, previous: Message | undefined): boolean {
  return (
    previous !== undefined && message.command === previous.command && message.sequence === previous.sequence
  );
}

/** Firmware treats both numbers of a query, and of a set, alike; either may answer. */
function isSameKind(received: number, sent: number): boolean {
  return received === sent || (isQuery(received) && isQuery(sent)) || (isSet(received) && isSet(sent));
}
