/** Lets things that concern the same device happen one after the other, in the order in which they were asked for. */
export class Turns {
  readonly #last = new WeakMap<object, Promise<unknown>>();

  /** Does something for a device once everything earlier for it is done, or has failed. */
  take<T>(device: object, act: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(device) ?? Promise.resolve()).then(act);
    this.#last.set(
      device,
      turn.catch(() => undefined),
    );
    return turn;
  }
}
