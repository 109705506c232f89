/** A promise that can be resolved from outside, and whether it is resolved. */
export class Once<T> {
  readonly promise: Promise<T>;
  #resolve!: (value: T) => void;
  #isDone = false;

  constructor() {
    this.promise = new Promise((resolve) => (this.#resolve = resolve));
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Resolves the promise. Only the first call counts. */
  done(value: T): void {
    this.#isDone = true;
    this.#resolve(value);
  }
}
