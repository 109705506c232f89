import { isQuery, isSet } from "../protocol/command";
import type { Frame } from "../protocol/frame";
import type { Body, Message } from "../protocol/message";
import { readReport, type Report } from "../protocol/report";
import type { Request } from "../protocol/request";
import type { Dialect } from "../protocol/version";
import { LateAnswers } from "./late-answers";
import type { Timings } from "./timings";

/** A message, what it says, and the frame it came in. */
export interface Received {
  readonly message: Message;
  readonly body: Body;
  readonly frame: Frame;
}

/** How a question ended. */
export type Answer =
  /** `isInDoubt`: it may as well be the late answer to an earlier question, or an earlier answer once more. */
  | ({ readonly kind: "answered"; readonly isInDoubt: boolean } & Received)
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

/** Whether this may be the answer to another question. */
export function isInDoubt(answer: Answer): boolean {
  return answer.kind === "answered" && answer.isInDoubt;
}

/** A question on its way through the queue. */
export interface Question {
  /** Built when its turn comes, so that a waiting set can still take newer values. */
  readonly request: () => Request;
  /** Whether an answer with this body belongs to it, besides the command; sorts out other sub-devices. */
  readonly accepts?: (body: Body) => boolean;
  /** Called once, right before the request is written: whatever comes of writing it, the device may have it from then on. */
  readonly sending?: () => void;
  /** Called exactly once. */
  readonly done: (answer: Answer) => void;
}

/** How a request was written. */
export interface SentRequest {
  readonly sequence: number;
  readonly command: number;
}

/** The session questions go over. */
export interface ExchangeOwner {
  /** Writes a request; undefined when the connection is over. */
  send(request: Request): SentRequest | undefined;
  /** Changes whenever something is read: what is received during one turn had come before what is sent during it. */
  readonly turn: number | undefined;
  /** A question stayed unanswered: the device may be gone. */
  unanswered(): void;
}

interface Sent extends SentRequest {
  readonly question: Question;
  readonly turn: number | undefined;
}

/**
 * Questions and answers of one connection: one question at a time, as devices with small buffers want it.
 *
 * 3.4 and 3.5 devices number their frames on their own, so answers are matched by command, and those about sub-devices by
 * their cid; up to 3.3 most answers echo the sequence number as well. STATUS is never an answer.
 *
 * Where the number does not tell, an answer can be that of an earlier question, which was given up, or the last answer once
 * more. It is held for a moment: where another one follows, that one is the answer. Where none follows it is handed over as
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
  /** How the present question ends without an answer. */
  #end: "timeout" | "released" | "reported" = "timeout";
  /** An answer in doubt, for as long as another one may follow. */
  #doubtful: Received | undefined;
  /** Made with the first question that was given up. */
  #lateAnswers: LateAnswers<Sent> | undefined;
  /** The message before the present one, where it answers a set. */
  #previous: Message | undefined;
  /** The device has acknowledged a set that nobody asked for: it acknowledges more than it was sent. */
  #acknowledgesTwice = false;
  #ended = false;

  constructor(dialect: Dialect, timings: Timings, owner: ExchangeOwner) {
    this.#dialect = dialect;
    this.#timings = timings;
    this.#owner = owner;
  }

  /** From the last question that was answered to its answer, in milliseconds. */
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

  /** Nobody needs the answer any more. It is still waited for a moment, so that it is not taken for another one's. */
  release(question: Question): void {
    if (this.#current?.question !== question) return;
    this.#end = "released";
    this.#wait(this.#timings.ackGraceMs);
  }

  /** What was asked for has been reported. Unless an answer follows within `ms`, there is none, and the question is done. */
  reported(question: Question, ms: number): void {
    if (this.#current?.question !== question || this.#end !== "timeout") return;
    this.#end = "reported";
    this.#wait(ms);
  }

  /** Whether the message answers the present question; if so the question is done and the next one goes out. */
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
    // It was on its way before the question was.
    if (sent.turn !== undefined && sent.turn === this.#owner.turn) return false;
    const isLate = this.#dialect.echoesSequence && sequence > 0 && sequence < sent.sequence;
    return !isLate && couldBe(sent, received);
  }

  /** Whether the answer carries the number of the question. Gateways and damaged firmware may number nothing. */
  #echoes(sent: Sent, { message }: Received): boolean {
    return this.#dialect.echoesSequence && message.sequence === sent.sequence;
  }

  /** Whether an answer to the present question may be another one's. A late one it may be is expected no more. */
  #isInDoubt(sent: Sent, received: Received, isRepeated: boolean): boolean {
    // If nobody needs the answer any more, it does not matter whose it is.
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
      // A watcher of the frames may have ended the connection when it saw this one.
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
    // One of the answers that may still come is its own. A device that answers heartbeats may be late with anything else for
    // as long as a silent one counts as there.
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

  /** Whether the message may be a late answer; it is expected no more. */
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

/** Whether a message could answer a question, by its command and what it says. */
function couldBe({ command, question }: Sent, { message, body }: Received): boolean {
  return isSameKind(message.command, command) && (question.accepts?.(body) ?? true);
}

/**
 * Whether this is the answer before once more: some devices, and some networks, send every frame twice. A device that gives
 * all its frames the same number is not told from that, as long as nothing comes between.
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
