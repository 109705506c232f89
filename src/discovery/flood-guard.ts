export interface FloodGuardOptions {
  /** Datagrams of one sender that are looked at in a second. */
  readonly perSender: number;
  /** Datagrams of all senders together that are looked at in a second. */
  readonly total: number;
}

const SECOND_MS = 1_000;

/** Limits what a flood of datagrams can cost. Others go unheard only where the flood has many senders. */
export class FloodGuard {
  readonly #options: FloodGuardOptions;
  /** Of the present second; no more entries than datagrams are let through. */
  readonly #counts = new Map<string, number>();
  #total = 0;
  #began = 0;

  constructor(options: FloodGuardOptions) {
    this.#options = options;
  }

  /** Whether a datagram is to be looked at. `now` in milliseconds, never running backwards. */
  admits(sender: string, now: number): boolean {
    if (now - this.#began >= SECOND_MS) {
      this.#began = now;
      this.#total = 0;
      this.#counts.clear();
    }
    const count = this.#counts.get(sender) ?? 0;
    if (this.#total >= this.#options.total || count >= this.#options.perSender) return false;
    this.#total++;
    this.#counts.set(sender, count + 1);
    return true;
  }
}
