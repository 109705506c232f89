/** How often something is started for one that asks, before he is told why it does not. */
const STARTS = 2;

export interface Lifecycle<T, Use> {
  readonly start: (use: Use) => Promise<T>;
  /** Makes ready for its next user what was used before. Rejects where it is of no use any more. */
  readonly renew: (thing: T, use: Use) => Promise<void>;
  readonly stop: (thing: T) => Promise<void>;
}

/**
 * Something that takes long to start, for many users one after the other. Whatever goes wrong is forgotten: what does not
 * start is tried again, and what is of no use any more is stopped and started anew.
 */
export class Shared<T, Use> {
  readonly #lifecycle: Lifecycle<T, Use>;
  #thing: T | undefined;

  constructor(lifecycle: Lifecycle<T, Use>) {
    this.#lifecycle = lifecycle;
  }

  /** Rejects as the last of the attempts to start it has. */
  async get(use: Use): Promise<T> {
    const { start, renew } = this.#lifecycle;
    if (this.#thing !== undefined) {
      try {
        await renew(this.#thing, use);
        return this.#thing;
      } catch (error) {
        console.error(`Started anew: ${sentenceOf(error)}`);
        await this.stop();
      }
    }
    for (let starts = 1; ; starts++) {
      try {
        return (this.#thing = await start(use));
      } catch (error) {
        if (starts === STARTS) throw error;
        console.error(`Tried once more to start: ${sentenceOf(error)}`);
      }
    }
  }

  /** Stops it, if it runs. It can be started again. */
  async stop(): Promise<void> {
    const thing = this.#thing;
    this.#thing = undefined;
    if (thing !== undefined) await this.#lifecycle.stop(thing);
  }
}

/** Without what a browser has logged. */
function sentenceOf(error: unknown): string {
  return String(error).split("\n", 1)[0] ?? "";
}
