import type { Report } from "../protocol/report";
import { type Request, USUAL_MEASUREMENTS } from "../protocol/request";
import type { Dialect } from "../protocol/version";
import type { KeyProof } from "./key-proof";
import type { Queries } from "./queries";
import type { Timings } from "./timings";

/** Who first values are read for. */
export interface FirstValuesOwner {
  send(request: Request): unknown;
  /** The device refused the first query, and once more. */
  refused(text: string): void;
}

/** The values a session begins with: when they are asked for, and how often. */
export class FirstValues {
  readonly #dialect: Dialect;
  readonly #timings: Timings;
  readonly #queries: Queries;
  readonly #proof: KeyProof;
  readonly #owner: FirstValuesOwner;
  #retryTimer: NodeJS.Timeout | undefined;
  /** They could not be asked for, or not in the way they should: that follows once the key is proved. */
  #readsOnProof = false;
  /** The answer, for as long as the device is asked for proof because of it. */
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
   * again never will, so its values come by pushes, which UPDATEDPS may hasten.
   */
  read(isRepeated = false): void {
    // A query with nulls is a command. Where none may be sent yet, the plain one serves to prove the key.
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

  /** Whether a report has to wait, because what it says counts only once the device has had its chance to prove the key. */
  holds(report: Report): boolean {
    if (!this.#proof.asking || this.#proof.hasAnswered) return false;
    this.#held ??= report;
    return true;
  }

  /** Nothing can be asked for before the key is proved. */
  waitForProof(): void {
    this.#readsOnProof = true;
  }

  /** The device has had that chance: the report that waited, where there is one. */
  release(): Report | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }

  /** The key is proved: what could not be asked for is asked for now. */
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
