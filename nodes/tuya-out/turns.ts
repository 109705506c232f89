/** Runs functions for the same device one after the other, in the order of the calls. */
export class Turns {
  /** The last function of each device. */
  readonly #last = new WeakMap<object, Promise<void>>();

  /** Whether no function is running or waiting for a device. */
  isFree(device: object): boolean {
    return !this.#last.has(device);
  }

  /** Runs a function for a device when all earlier ones are done or have failed. */
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
