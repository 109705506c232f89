import { Command, isQuery, isSet } from "../protocol/command";
import type { Body, Message } from "../protocol/message";
import { readRefusal } from "../protocol/refusal";
import type { Dialect } from "../protocol/version";
import type { ConnectionEnd } from "./connection-end";
import { isBelieved, isProvenByNegotiation, provesKey, takesCommands, type Trust } from "./proof";

export interface KeyProofOptions {
  readonly dialect: Dialect;
  readonly trust: Trust;
  /** See `SessionOptions`. */
  readonly acceptsMuteness: boolean;
  /** How long something that proves the key is waited for where nothing can be asked for it, in milliseconds. */
  readonly listenMs: number;
  /** See `SessionOwner`. */
  readonly answered: (keyProven: boolean) => void;
  /** See `SessionOwner`. */
  readonly listening: () => void;
  /** Ends the session. */
  readonly end: (end: ConnectionEnd) => void;
}

/** What the messages of one session have proved so far, and what follows from that; `proof.ts` says what proves what. */
export class KeyProof {
  readonly #options: KeyProofOptions;
  #level: "none" | "answered" | "key" = "none";
  /** The first query stayed unanswered: from then on a heartbeat is answer enough. */
  #queryIgnored = false;
  /** Runs while nothing but proof is waited for. */
  #listenTimer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(options: KeyProofOptions) {
    this.#options = options;
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
    const { dialect } = this.#options;
    if (isProvenByNegotiation(dialect)) this.#raise("key");
    const isUseful = this.isBelieved || dialect.encrypts === "all";
    if (!isUseful) this.#listen();
    return isUseful;
  }

  /** The first query stayed unanswered. */
  queryIgnored(): void {
    if (!this.hasAnswered) this.#queryIgnored = true;
  }

  /** Notes what a message proves. False if it ended the session. */
  note(message: Message, body: Body): boolean {
    if (this.isProven) return true;
    const isClearQuery = isQuery(message.command) && this.#options.dialect.encrypts !== "all";
    const isUnreadable = body.kind === "text" && readRefusal(body.text) === "unreadable";
    if (isUnreadable && isClearQuery && !this.hasAnswered) {
      // 3.3 devices want queries encrypted, and say so the same way.
      this.#options.end(
        message.encrypted ? { reason: "undecryptable", marker: "3.3" } : { reason: "refused-in-clear" },
      );
      return false;
    }
    if (provesKey(message, body)) this.#raise("key");
    else if (message.command === Command.HEART_BEAT) return this.#noteHeartbeat();
    else if (isUnreadable) return this.#noteUnreadable(message);
    else this.#raise("answered");
    return true;
  }

  /** The session is over. */
  stop(): void {
    this.#hasEnded = true;
    clearTimeout(this.#listenTimer);
  }

  /** Heartbeats are answered without being decrypted: they prove life, not the key. */
  #noteHeartbeat(): boolean {
    if (!this.#queryIgnored) return true;
    if (this.#options.acceptsMuteness) this.#raise("answered");
    else if (!this.hasAnswered) this.#options.end({ reason: "mute" });
    return this.hasAnswered;
  }

  /** 3.1 devices say nothing to a command they cannot read; 3.2 devices do, and answer the queries of 3.1 as well. */
  #noteUnreadable({ command }: Message): boolean {
    const { dialect, end } = this.#options;
    if (dialect.encrypts === "headed" && isSet(command)) end({ reason: "undecryptable", marker: "3.2" });
    else if (!this.hasAnswered) end({ reason: "refused-in-clear" });
    return !this.#hasEnded;
  }

  #raise(level: "answered" | "key"): void {
    if (this.#level === level || this.isProven) return;
    this.#level = level;
    if (!this.isBelieved) {
      this.#listen();
      return;
    }
    clearTimeout(this.#listenTimer);
    this.#listenTimer = undefined;
    this.#options.answered(this.isProven);
  }

  /** Nothing that can be asked for would prove the key. A report does, whenever there is one. */
  #listen(): void {
    if (this.#listenTimer || this.#hasEnded) return;
    const { listenMs, end, listening } = this.#options;
    this.#listenTimer = setTimeout(() => end({ reason: "unproven" }), listenMs);
    listening();
  }
}
