import type { TuyaError } from "../../src/errors";

/** A message that is being carried out. It can be ended early with an error. */
export class Errand {
  readonly #reject: (error: TuyaError) => void;
  #error: TuyaError | undefined;
  /** Made when the message has to wait: most are sent at once. */
  #waiting: AbortController | undefined;

  /** @param reject rejects the promise of the sender */
  constructor(reject: (error: TuyaError) => void) {
    this.#reject = reject;
  }

  /** Aborted, with the error as its reason, when the errand is ended early. */
  get signal(): AbortSignal {
    this.#waiting ??= new AbortController();
    if (this.#error) this.#waiting.abort(this.#error);
    return this.#waiting.signal;
  }

  /** Ends it early with an error. */
  fail(error: TuyaError): void {
    this.#error ??= error;
    this.#waiting?.abort(this.#error);
    this.#reject(this.#error);
  }

  throwIfFailed(): void {
    if (this.#error) throw this.#error;
  }
}
