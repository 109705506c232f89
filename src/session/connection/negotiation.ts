import { randomBytes } from "node:crypto";
import {
  continueHandshake,
  type HandshakeContext,
  NONCE_LENGTH,
  startHandshake,
  type Transition,
} from "../../protocol/handshake";
import type { Message } from "../../protocol/message";
import type { Dialect } from "../../protocol/version";

/** The negotiation of one connection's session key: a question, and the answer to it. */
export class Negotiation {
  /** Deleted when the answer has come: nonce and key are not needed here any more. */
  #context: HandshakeContext | undefined;
  /** The answer as Latin-1, to recognize its repetition. */
  #answer = "";

  constructor(dialect: Dialect, localKey: Buffer) {
    this.#context = { dialect, localKey, nonce: randomBytes(NONCE_LENGTH) };
  }

  /** Whether the answer is still awaited. */
  get isOpen(): boolean {
    return this.#context !== undefined;
  }

  start(): Transition {
    return startHandshake(this.#requireContext());
  }

  /** The answer came, for the first time. */
  finish(answer: Message): Transition {
    const context = this.#requireContext();
    this.#context = undefined;
    this.#answer = answer.payload.toString("latin1");
    return continueHandshake(context, { step: "awaiting-response" }, answer);
  }

  /** Whether this message repeats the answer. */
  isRepeated(answer: Message): boolean {
    return answer.payload.toString("latin1") === this.#answer;
  }

  #requireContext(): HandshakeContext {
    if (!this.#context) throw new Error("the negotiation is over");
    return this.#context;
  }
}
