interface LateAnswer<T> {
  readonly question: T;
  /** Until it is expected no more. */
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

  /** Whether an answer is expected that fits. The oldest of those is expected no more. */
  absorb(fits: (question: T) => boolean): boolean {
    const index = this.#answers.findIndex(({ question }) => fits(question));
    if (index >= 0) this.#remove(index);
    return index >= 0;
  }

  /** None is expected any more. */
  end(): void {
    while (this.#answers.length > 0) this.#remove(0);
  }

  #remove(index: number): void {
    for (const { timer } of this.#answers.splice(index, 1)) clearTimeout(timer);
  }
}
