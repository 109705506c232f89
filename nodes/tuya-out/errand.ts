import type { TuyaError } from "../../src/errors";

/** A message on its way: it can end in an error before what it asks for is done. */
export class Errand {
  readonly #reject: (error: TuyaError) => void;
  #error: TuyaError | undefined;
  /** Made when something is waited for: most messages can be sent at once. */
  #waiting: AbortController | undefined;

  /** @param reject tells whoever sent the message */
  constructor(reject: (error: TuyaError) => void) {
    this.#reject = reject;
  }

  /** Aborts, with the error as its reason, when the errand ends before its time. */
  get signal(): AbortSignal {
    this.#waiting ??= new AbortController();
    if (this.#error) this.#waiting.abort(this.#error);
    return this.#waiting.signal;
  }

  /** Ends it now. */
  fail(error: TuyaError): void {
    this.#error ??= error;
    this.#waiting?.abort(this.#error);
    this.#reject(this.#error);
  }

  throwIfFailed(): void {
    if (this.#error) throw this.#error;
  }
}
