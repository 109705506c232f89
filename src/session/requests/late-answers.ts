interface LateAnswer<T> {
  readonly question: T;
  /** Ends the time in which it is expected. */
  readonly timer: NodeJS.Timeout;
}

/** Answers to questions that were given up, which may still come. Each is expected for a time, so their number is bounded. */
export class LateAnswers<T> {
  readonly #expectedMs: number;
  /** Oldest first. */
  readonly #answers: LateAnswer<T>[] = [];

  constructor(expectedMs: number) {
    this.#expectedMs = expectedMs;
  }

  expect(question: T): void {
    const late: LateAnswer<T> = {
      question,
      timer: setTimeout(() => this.#remove(this.#answers.indexOf(late)), this.#expectedMs),
    };
    this.#answers.push(late);
  }

  /** Whether a fitting answer is expected; if so, the oldest one is not expected any more. */
  absorb(fits: (question: T) => boolean): boolean {
    const index = this.#answers.findIndex(({ question }) => fits(question));
    if (index >= 0) this.#remove(index);
    return index >= 0;
  }

  /** Expects no answer any more. */
  end(): void {
    while (this.#answers.length > 0) this.#remove(0);
  }

  #remove(index: number): void {
    for (const { timer } of this.#answers.splice(index, 1)) clearTimeout(timer);
  }
}
