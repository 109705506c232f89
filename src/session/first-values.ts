import type { Report } from "../protocol/report";
import { type Request, USUAL_MEASUREMENTS } from "../protocol/request";
import type { Dialect } from "../protocol/version";
import type { KeyProof } from "./proof/key-proof";
import type { Queries } from "./requests/queries";
import type { Timings } from "./timings";

/** The session that first values are read for. */
export interface FirstValuesOwner {
  send(request: Request): unknown;
  /** The device refused the first query and its repetition. */
  refused(text: string): void;
}

/** Reads the first values of a session: decides when to query and how often. */
export class FirstValues {
  readonly #dialect: Dialect;
  readonly #timings: Timings;
  readonly #queries: Queries;
  readonly #proof: KeyProof;
  readonly #owner: FirstValuesOwner;
  #retryTimer: NodeJS.Timeout | undefined;
  /** Whether the query follows as soon as the key is proved: before, it was not possible, or not in the right form. */
  #readsOnProof = false;
  /** The answer to the first query, kept while the device is asked for proof. */
  #held: Report | undefined;
  #hasEnded = false;

  constructor(
    dialect: Dialect,
    timings: Timings,
    queries: Queries,
    proof: KeyProof,
    owner: FirstValuesOwner,
  ) {
    this.#dialect = dialect;
    this.#timings = timings;
    this.#queries = queries;
    this.#proof = proof;
    this.#owner = owner;
  }

  /**
   * Most devices answer the first query. One that just booted may refuse it and answer seconds later; one that refuses
   * again never will answer, so its values come by pushes, which UPDATEDPS may make sooner.
   */
  read(isRepeated = false): void {
    // A query with nulls is a command. While commands may not be sent, a plain query is sent, whose answer proves the
    // key.
    const isPlain = this.#dialect.queriesWithNulls && !this.#proof.takesCommands;
    if (isPlain) this.#readsOnProof = true;
    void this.#queries.ask(undefined, "initial").then((answer) => {
      if (answer.kind === "timeout") this.#proof.queryIgnored();
      if (answer.kind !== "answered" || answer.body.kind !== "text" || this.#hasEnded || isPlain) return;
      if (!isRepeated) {
        this.#retryTimer = setTimeout(() => this.read(true), this.#timings.queryRetryMs);
        return;
      }
      if (this.#proof.takesCommands) this.#owner.send({ kind: "refresh", dps: USUAL_MEASUREMENTS });
      this.#owner.refused(answer.body.text);
    });
  }

  /** Whether a report is kept back until the device has been asked for proof of the key. Keeps it then. */
  holds(report: Report): boolean {
    if (!this.#proof.asking || this.#proof.hasAnswered) return false;
    this.#held ??= report;
    return true;
  }

  /** Nothing can be queried before the key is proved. */
  waitForProof(): void {
    this.#readsOnProof = true;
  }

  /** The device has been asked for proof: returns the report that was kept back, if there is one. */
  release(): Report | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }

  /** The key is proved: sends the query that was not possible before. */
  proved(): void {
    if (!this.#readsOnProof) return;
    this.#readsOnProof = false;
    this.read();
  }

  /** The connection is over. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#retryTimer);
  }
}
