import { Command, isQuery, isSet } from "../protocol/command";
import type { Body, JsonObject, Message } from "../protocol/message";
import { readRefusal } from "../protocol/refusal";
import { readReport } from "../protocol/report";
import type { Dialect } from "../protocol/version";
import type { ConnectionEnd } from "./connection-end";
import { isBelieved, isProvenByNegotiation, provesKey, takesCommands } from "./proof";
import type { SessionOptions } from "./session-options";

/** The session a key is proved over. */
export interface KeyProofOwner {
  /** See `SessionOwner`. */
  answered(keyProven: boolean): void;
  /** See `SessionOwner`. */
  listening(): void;
  /** Asks for the value of a data point, which is reported under the key. Returns what gives the question up. */
  askForProof(dp: string): () => void;
  /** Ends the session. */
  end(end: ConnectionEnd): void;
}

/** A question whose answer proves the key. */
interface ProofQuestion {
  readonly dp: string;
  /** Nobody waits for the answer any more. */
  readonly giveUp: () => void;
  readonly timer: NodeJS.Timeout;
  /** Resolves when the key is proved, or is not going to be by this question. */
  readonly settled: Promise<void>;
  readonly settle: () => void;
}

/**
 * What the messages of one session have proved so far, and what follows from that; `proof.ts` says what proves what.
 *
 * A 3.2 device answers the first query in clear. Then it is asked once for something that it says under the key: a CONTROL
 * sets one of its data points to null, which makes firmware report the present value. Only one that it has just reported as
 * true or false is chosen, for which a null is no value to any firmware, not even where nulls are written. Until it has
 * answered, or the time for that is over, the first answer counts for nothing.
 */
export class KeyProof {
  readonly #options: SessionOptions;
  readonly #dialect: Dialect;
  readonly #owner: KeyProofOwner;
  #level: "none" | "answered" | "key" = "none";
  /** The first query stayed unanswered: from then on a heartbeat is answer enough. */
  #queryIgnored = false;
  /** Runs while nothing but proof is waited for. */
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

  /** Whether the device has answered anything that counts as an answer. */
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

  /** The data point it is asked for. */
  get askedDp(): string | undefined {
    return this.#question?.dp;
  }

  /** Whether commands may be sent. */
  get takesCommands(): boolean {
    return takesCommands(this.#options.trust, this.isProven);
  }

  /** Whether what is said counts: as the device's answer, and as its values. */
  get isBelieved(): boolean {
    return isBelieved(this.#options.trust, this.isProven);
  }

  /** Requests can be sent. Whether the first query is to be sent: if its answer would prove nothing, that is of no use. */
  established(): boolean {
    const dialect = this.#dialect;
    if (isProvenByNegotiation(dialect)) this.#raise("key");
    if (this.#options.isGuess && dialect.nullShowsKey && !this.#mayAsk) {
      // 3.1 devices answer the same, and nothing would tell the two apart.
      this.#owner.end({ reason: "clear-only" });
      return false;
    }
    const isUseful = this.isBelieved || dialect.encrypts === "all";
    if (!isUseful) this.#listen();
    return isUseful;
  }

  /** The first query stayed unanswered. */
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
      // 3.3 devices want queries encrypted, and say so the same way.
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

  /** It was not asked, or did not say what it was asked for. */
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

  /** 3.1 devices say nothing to a command they cannot read; 3.2 devices do, and answer the queries of 3.1 as well. */
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

  /** Nothing that can be asked for would prove the key. A report does, whenever there is one. */
  #listen(): void {
    if (this.#listenTimer || this.#hasEnded) return;
    const { listenMs } = this.#options.timings;
    this.#listenTimer = setTimeout(() => this.#owner.end({ reason: "unproven" }), listenMs);
    this.#owner.listening();
  }
}

/** The first of the device's own data points that is true or false. */
function askableDp(body: JsonObject): string | undefined {
  const report = readReport(body);
  if (!report || report.cid !== undefined) return undefined;
  return report.numbers.find((dp) => typeof report.dps[dp] === "boolean");
}
