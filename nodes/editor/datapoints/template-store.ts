import type { AdminRequest } from "../base/requests";
import type { Translate } from "../base/red";
import { requestTemplates, type TemplateList } from "./template-requests";

/** The templates there are, as long as a dialog is open. */
export class TemplateStore {
  readonly #translate: Translate;
  #list: TemplateList | undefined;
  #failure = "";
  #request: AdminRequest | undefined;
  #waiting: (() => void)[] = [];

  constructor(translate: Translate) {
    this.#translate = translate;
  }

  /** The templates; undefined while they are not there yet. */
  get list(): TemplateList | undefined {
    return this.#list;
  }

  /** Why they could not be had, as a sentence; "" where they could, or nobody knows yet. */
  get failure(): string {
    return this.#failure;
  }

  /** Calls `ready` once the templates are there or cannot be had; at once where that is known. */
  load(ready: () => void): void {
    if (this.#list) {
      ready();
      return;
    }
    this.#waiting.push(ready);
    if (!this.#request) this.#ask();
  }

  /** They may have changed: who asks next, or waits already, gets new ones. */
  forget(): void {
    this.#list = undefined;
    this.#failure = "";
    this.#request?.cancel();
    this.#request = undefined;
    if (this.#waiting.length > 0) this.#ask();
  }

  #ask(): void {
    this.#request = requestTemplates(
      {
        done: (list) => {
          this.#list = list;
          this.#settle("");
        },
        failed: (sentence) => this.#settle(sentence),
      },
      this.#translate,
    );
  }

  /** Nobody waits any more. Harmless when repeated. */
  close(): void {
    this.#request?.cancel();
    this.#request = undefined;
    this.#waiting = [];
  }

  #settle(failure: string): void {
    const waiting = this.#waiting;
    this.#failure = failure;
    this.close();
    for (const ready of waiting) ready();
  }
}
