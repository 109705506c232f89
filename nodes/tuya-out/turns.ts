/** Lets things that concern the same device happen one after the other, in the order in which they were asked for. */
export class Turns {
  /** Of devices for which something is under way. */
  readonly #last = new WeakMap<object, Promise<void>>();

  /** Whether nothing is under way for a device, so that it is anybody's turn. */
  isFree(device: object): boolean {
    return !this.#last.has(device);
  }

  /** Does something for a device once everything earlier for it is done, or has failed. */
  take<T>(device: object, act: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(device) ?? Promise.resolve()).then(act);
    const over = (): void => {
      if (this.#last.get(device) === done) this.#last.delete(device);
    };
    const done = turn.then(over, over);
    this.#last.set(device, done);
    return turn;
  }
}
