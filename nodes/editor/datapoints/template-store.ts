import type { AdminRequest } from "../base/requests";
import type { Translate } from "../base/red";
import { requestTemplates, type TemplateList } from "./template-requests";

/** The templates, kept while a dialog is open. */
export class TemplateStore {
  readonly #translate: Translate;
  #list: TemplateList | undefined;
  #failure = "";
  #request: AdminRequest | undefined;
  #waiting: (() => void)[] = [];

  constructor(translate: Translate) {
    this.#translate = translate;
  }

  /** The templates; undefined before they are loaded. */
  get list(): TemplateList | undefined {
    return this.#list;
  }

  /** A sentence that says why they could not be loaded; "" otherwise. */
  get failure(): string {
    return this.#failure;
  }

  /** Calls `ready` when the templates are loaded, or could not be; at once if that is known already. */
  load(ready: () => void): void {
    if (this.#list) {
      ready();
      return;
    }
    this.#waiting.push(ready);
    if (!this.#request) this.#ask();
  }

  /** They may have changed: loads them again for waiting and later callers. */
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

  /** Cancels all waiting callers. May be called again. */
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
