import type { Body } from "../../protocol/message";
import { readChildrenReport } from "../../protocol/report";

/** The result of asking a gateway which sub-devices are online. */
export type ChildrenAnswer =
  /** The list, or its first part, has come. */
  | "listed"
  /** The device refused the question, as some do that are no gateways. */
  | "refused"
  /** No answer: most devices that are no gateways do not know the question. */
  | "silent"
  /** Gateways up to 3.3 have no such list. */
  | "unsupported"
  /** The connection ended. */
  | "ended";

export interface ChildrenQuestionOptions {
  /** How long an answer may take, in milliseconds. */
  readonly answerMs: number;
  /** Sends the question; undefined if the connection has ended. */
  readonly send: () => "sent" | "unsupported" | undefined;
}

/** Asks which sub-devices are online, on one connection. A second caller shares a question that is still open. */
export class ChildrenQuestion {
  readonly #options: ChildrenQuestionOptions;
  #answer: Promise<ChildrenAnswer> | undefined;
  #done: ((answer: ChildrenAnswer) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ChildrenQuestionOptions) {
    this.#options = options;
  }

  ask(): Promise<ChildrenAnswer> {
    if (this.#answer) return this.#answer;
    const { answerMs, send } = this.#options;
    const answer = (this.#answer = new Promise<ChildrenAnswer>((resolve) => (this.#done = resolve)));
    this.#timer = setTimeout(() => this.#finish("silent"), answerMs);
    const sent = send();
    if (sent !== "sent") this.#finish(sent ?? "ended");
    return answer;
  }

  /** A message with the command of the question arrived. A list that was not asked for counts as well. */
  received(body: Body): void {
    if (body.kind === "text") this.#finish("refused");
    else if (body.kind === "json" && readChildrenReport(body.value)) this.#finish("listed");
  }

  /** The connection is over. */
  end(): void {
    this.#finish("ended");
  }

  #finish(answer: ChildrenAnswer): void {
    clearTimeout(this.#timer);
    this.#answer = undefined;
    this.#done?.(answer);
    this.#done = undefined;
  }
}
