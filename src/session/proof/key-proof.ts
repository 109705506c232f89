import { Command, isQuery, isSet } from "../../protocol/command";
import type { Body, JsonObject, Message } from "../../protocol/message";
import { readRefusal } from "../../protocol/refusal";
import { readPossibleReport } from "../../protocol/report";
import type { Dialect } from "../../protocol/version";
import type { ConnectionEnd } from "../connection/connection-end";
import { isBelieved, isProvenByNegotiation, provesKey, takesCommands } from "./proof";
import type { SessionOptions } from "../session-options";

/** The session on which the key is proved. */
export interface KeyProofOwner {
  /** See `SessionOwner`. */
  answered(keyProven: boolean): void;
  /** See `SessionOwner`. */
  listening(): void;
  /**
   * Asks for the value of a data point, which the device reports encrypted. The returned function gives the question up.
   */
  askForProof(dp: string): () => void;
  /** Ends the session. */
  end(end: ConnectionEnd): void;
}

/** A question whose answer proves the key. */
interface ProofQuestion {
  readonly dp: string;
  /** Stops waiting for the answer. */
  readonly giveUp: () => void;
  readonly timer: NodeJS.Timeout;
  /** Resolves when this question has proved the key, or has failed to. */
  readonly settled: Promise<void>;
  readonly settle: () => void;
}

/**
 * What the messages of one session have proved so far, and what follows from it. `proof.ts` defines what is a proof.
 *
 * A 3.2 device answers the first query in clear. Then it is asked once for an encrypted report: a CONTROL sets one of its
 * data points to null, which makes firmware report the present value. Only a data point that it has just reported as true
 * or false is chosen: there no firmware takes null for a value, even if it does elsewhere. Until the answer has come, or
 * the time for it is over, the first answer does not count.
 */
export class KeyProof {
  readonly #options: SessionOptions;
  readonly #dialect: Dialect;
  readonly #owner: KeyProofOwner;
  #level: "none" | "answered" | "key" = "none";
  /** Whether the first query was not answered: from then on an answered heartbeat is enough. */
  #queryIgnored = false;
  /** Runs while the session only waits for proof. */
  #listenTimer: NodeJS.Timeout | undefined;
  /** Whether a question that would prove the key may still be asked. */
  #mayAsk: boolean;
  #question: ProofQuestion | undefined;
  #hasEnded = false;

  constructor(options: SessionOptions, dialect: Dialect, owner: KeyProofOwner) {
    this.#options = options;
    this.#dialect = dialect;
    this.#owner = owner;
    const { asksForProof = false, trust } = options;
    this.#mayAsk = asksForProof && dialect.nullShowsKey && !dialect.queriesWithNulls && trust !== "heard";
  }

  get isProven(): boolean {
    return this.#level === "key";
  }

  /** Whether the device has answered with anything that counts as an answer. */
  get hasAnswered(): boolean {
    return this.#level !== "none";
  }

  get isListening(): boolean {
    return this.#listenTimer !== undefined;
  }

  /** While the device is asked for something that proves the key: resolves when that has an outcome. */
  get asking(): Promise<void> | undefined {
    return this.#question?.settled;
  }

  /** The data point that the device is asked for. */
  get askedDp(): string | undefined {
    return this.#question?.dp;
  }

  /** Whether commands may be sent. */
  get takesCommands(): boolean {
    return takesCommands(this.#options.trust, this.isProven);
  }

  /** Whether messages count as the device's answers and values. */
  get isBelieved(): boolean {
    return isBelieved(this.#options.trust, this.isProven);
  }

  /** Requests can be sent. Returns whether to send the first query: not if its answer would prove nothing. */
  established(): boolean {
    const dialect = this.#dialect;
    if (isProvenByNegotiation(dialect)) this.#raise("key");
    if (this.#options.isGuess && dialect.nullShowsKey && !this.#mayAsk) {
      // A 3.1 device would answer the same, so this could not tell 3.1 from 3.2.
      this.#owner.end({ reason: "clear-only" });
      return false;
    }
    const isUseful = this.isBelieved || dialect.encrypts === "all";
    if (!isUseful) this.#listen();
    return isUseful;
  }

  /** The first query was not answered. */
  queryIgnored(): void {
    if (!this.hasAnswered) this.#queryIgnored = true;
    this.#mayAsk = false;
  }

  /** Notes what a message proves. False if it ended the session. */
  note(message: Message, body: Body): boolean {
    if (this.isProven) return true;
    const isClearQuery = isQuery(message.command) && this.#dialect.encrypts !== "all";
    const isUnreadable = body.kind === "text" && readRefusal(body.text) === "unreadable";
    if (isUnreadable && isClearQuery && !this.hasAnswered) {
      // 3.3 devices refuse a query in clear in the same way.
      this.#owner.end(
        message.encrypted ? { reason: "undecryptable", marker: "3.3" } : { reason: "refused-in-clear" },
      );
      return false;
    }
    if (provesKey(message, body)) this.#raise("key");
    else if (message.command === Command.HEART_BEAT) return this.#noteHeartbeat();
    else if (isUnreadable) return this.#noteUnreadable(message);
    else if (this.#mayAsk && isQuery(message.command)) this.#askAbout(body);
    else if (!this.#mayAsk && !this.#question) this.#raise("answered");
    return !this.#hasEnded;
  }

  /** The session is over. */
  stop(): void {
    this.#hasEnded = true;
    clearTimeout(this.#listenTimer);
    this.#endQuestion();
  }

  /** The first query was answered in clear. */
  #askAbout(body: Body): void {
    this.#mayAsk = false;
    const dp = body.kind === "json" ? askableDp(body.value) : undefined;
    if (dp === undefined) {
      this.#staysUnproven();
      return;
    }
    let settle!: () => void;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const timer = setTimeout(() => this.#staysUnproven(), this.#options.timings.reportTimeoutMs);
    this.#question = { dp, giveUp: this.#owner.askForProof(dp), timer, settled, settle };
  }

  /** The device was not asked for proof, or did not give it. */
  #staysUnproven(): void {
    if (this.#options.isGuess) this.#owner.end({ reason: "clear-only" });
    else this.#raise("answered");
    this.#endQuestion();
  }

  #endQuestion(): void {
    const question = this.#question;
    if (!question) return;
    this.#question = undefined;
    clearTimeout(question.timer);
    question.giveUp();
    question.settle();
  }

  /** Heartbeats are answered without being decrypted: they prove life, not the key. */
  #noteHeartbeat(): boolean {
    if (!this.#queryIgnored) return true;
    if (this.#options.acceptsMuteness) this.#raise("answered");
    else if (!this.hasAnswered) this.#owner.end({ reason: "mute" });
    return this.hasAnswered;
  }

  /** 3.1 devices do not answer a command they cannot decrypt; 3.2 devices refuse it, and also answer the queries of 3.1. */
  #noteUnreadable({ command }: Message): boolean {
    if (this.#question) this.#staysUnproven();
    else if (this.#dialect.encrypts === "headed" && isSet(command))
      this.#owner.end({ reason: "undecryptable", marker: "3.2" });
    else if (!this.hasAnswered) this.#owner.end({ reason: "refused-in-clear" });
    return !this.#hasEnded;
  }

  #raise(level: "answered" | "key"): void {
    if (this.#level === level || this.isProven) return;
    this.#level = level;
    if (level === "key") {
      this.#mayAsk = false;
      this.#endQuestion();
    }
    if (!this.isBelieved) {
      this.#listen();
      return;
    }
    clearTimeout(this.#listenTimer);
    this.#listenTimer = undefined;
    this.#owner.answered(this.isProven);
  }

  /** No further question can prove the key. Waits for a report, which does. */
  #listen(): void {
    if (this.#listenTimer || this.#hasEnded) return;
    const { listenMs } = this.#options.timings;
    this.#listenTimer = setTimeout(() => this.#owner.end({ reason: "unproven" }), listenMs);
    this.#owner.listening();
  }
}

/** The first of the device's own data points that is true or false. */
function askableDp(body: JsonObject): string | undefined {
  const report = readPossibleReport(body);
  if (!report || report.cid !== undefined) return undefined;
  return report.numbers.find((dp) => typeof report.dps[dp] === "boolean");
}
