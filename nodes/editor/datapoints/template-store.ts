import type { AdminRequest } from "../base/requests";
import type { Translate } from "../base/red";
import { requestTemplates, type TemplateList } from "./template-requests";

/** The templates, requested once and kept while a dialog is open. Whoever makes a store closes it. */
export class TemplateStore {
  readonly #translate: Translate;
  #list: TemplateList | undefined;
  #failure = "";
  #request: AdminRequest | undefined;
  /** The callbacks of `load` that wait for the answer. */
  #waiting: (() => void)[] = [];

  constructor(translate: Translate) {
    this.#translate = translate;
  }

  /** The templates; undefined before they are loaded, and if they could not be. */
  get list(): TemplateList | undefined {
    return this.#list;
  }

  /** A sentence that says why they could not be loaded; "" if they were, or that is not known yet. */
  get failure(): string {
    return this.#failure;
  }

  /** Calls `ready` when the templates are loaded, or could not be; at once if they are there. After a failure asks again. */
  load(ready: () => void): void {
    if (this.#list) {
      ready();
      return;
    }
    this.#waiting.push(ready);
    if (!this.#request) this.#ask();
  }

  /** Forgets the templates, because they may have changed: they are loaded again for those who wait and for later callers. */
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

  /** Ends the request; those who wait are not called any more. May be called again, and `load` after it. */
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
